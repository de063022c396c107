/** One row for each layer: padlock, name, class, shape, parameters, "freeze up to here". Arrow keys move, F toggles. */
import { useRef } from "preact/hooks";
import { Button, IconButton, Square, useSyncedTrait } from "../shared/index.js";

export function Rows({ rows, send }) {
  const [selected, setSelected] = useSyncedTrait("selected");
  const body = useRef(null);
  const toggle = (row) => row.params > 0 && send(row.frozen ? "unfreeze" : "freeze", { layer: row.name });

  const onKeyDown = (event) => {
    const at = rows.findIndex((row) => row.name === selected);
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
      setSelected(next.name);
      body.current.querySelector(`[data-layer="${CSS.escape(next.name)}"]`)?.focus();
    } else if (event.key.toLowerCase() === "f" && at >= 0) {
      toggle(rows[at]);
    } else return;
    event.preventDefault();
  };

  return (
    <div className="kn-freeze-rows">
      <table className="kn-table">
        <thead>
          <tr>
            <th aria-label="frozen" /><th>Name</th><th>Class</th><th>Output shape</th><th className="kn-right">Parameters</th><th />
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={onKeyDown}>
          {rows.map((row, at) => (
            <tr
              key={row.name}
              data-layer={row.name}
              tabIndex={row.name === selected || (!selected && at === 0) ? 0 : -1}
              aria-selected={row.name === selected}
              onFocusIn={() => row.name !== selected && setSelected(row.name)}
            >
              <td><Padlock row={row} onClick={() => toggle(row)} /></td>
              <td><code>{row.name}</code></td>
              <td><span className="kn-row kn-class"><Square family={row.family} />{row.class_name}</span></td>
              <td><code>{row.output_shape}</code></td>
              <td className="kn-right">{row.count}{row.frozen && <span className="kn-muted"> frozen</span>}</td>
              <td className="kn-right">
                <Button short onClick={() => send("up_to", { layer: row.name })}>Freeze up to here</Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Padlock({ row, onClick }) {
  if (!row.params) return null;
  const label = row.frozen ? `Unfreeze ${row.name}` : `Freeze ${row.name}`;
  return (
    <IconButton
      icon={row.frozen ? "lock" : "open"}
      label={label}
      aria-pressed={row.frozen}
      className={row.frozen ? "" : "kn-thawed"}
      onClick={onClick}
    />
  );
}
