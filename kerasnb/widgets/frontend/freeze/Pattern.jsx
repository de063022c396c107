/** Freezes or thaws layers by a pattern of their names. */
import { useState } from "preact/hooks";
import { Button, useLost } from "../shared/index.js";
import { matching, matchWords } from "./pattern.js";

export function Pattern({ rows, send }) {
  const lost = useLost();
  const [pattern, setPattern] = useState("");
  const found = matching(pattern, rows);
  const act = (kind) => send(kind, { layer: pattern.trim() });
  const onKeyDown = (event) => {
    if (event.key === "Enter" && pattern.trim()) act("freeze");
  };
  return (
    <div className="kn-row kn-freeze-bar">
      <input
        className="kn-input kn-code kn-pattern"
        aria-label="layers by pattern"
        placeholder="conv*"
        value={pattern}
        disabled={lost}
        spellCheck="false"
        autoComplete="off"
        onInput={(event) => setPattern(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <Button short icon="lock" disabled={!pattern.trim()} onClick={() => act("freeze")}>Freeze</Button>
      <Button short icon="open" disabled={!pattern.trim()} onClick={() => act("unfreeze")}>Unfreeze</Button>
      <span className="kn-small kn-muted">{matchWords(pattern, found)}</span>
    </div>
  );
}
