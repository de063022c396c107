/** What speaks against the training before it begins: one row each, the fixes as buttons. */
import { useState } from "preact/hooks";
import { Button, count, Icon, useTrait } from "../shared/index.js";

const FIRST = 3;
const WORDS = { error: "Error", warning: "Warning", note: "Note" };

export function Advice({ state, send }) {
  const { rows = [], serial } = useTrait("advice");
  const [all, setAll] = useState(false);
  if (!rows.length) return null;
  const idle = state === "idle";
  const shown = all ? rows : rows.slice(0, FIRST);
  const hidden = rows.length - shown.length;
  return (
    <ul className="kn-advice" aria-label="Before you fit">
      {shown.map((row, place) => (
        <li key={row.text} data-severity={row.severity}>
          <Icon name={row.severity} title={WORDS[row.severity]} />
          <span>{row.text}</span>
          <span className="kn-fixes">{row.fixes.map((fix) => (
            <Button key={fix.label} short disabled={!idle} title={idle ? fix.code : "cannot change while training runs"}
              onClick={() => send("fix", { serial, row: place, place: fix.place })}>
              {fix.label}
            </Button>
          ))}</span>
        </li>
      ))}
      {(hidden > 0 || all) && rows.length > FIRST && (
        <li>
          <Button short onClick={() => setAll(!all)}>{all ? "Show fewer" : `${count(hidden)} more`}</Button>
        </li>
      )}
    </ul>
  );
}
