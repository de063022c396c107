/** Whether running averages of frozen layers go on moving, as of BatchNormalization. */
import { Segments, useTrait } from "../shared/index.js";

const RULES = [["auto", "auto"], ["move", "move"], ["stay", "stay"]];

export function Averages({ send }) {
  const averages = useTrait("averages");
  if (!averages.text) return null;
  return (
    <div className="kn-row kn-freeze-bar">
      <span className="kn-bar-word">Running averages</span>
      {!averages.is_fixed && (
        <span className="kn-averages">
          <Segments label="running averages of frozen layers" options={RULES} value={averages.rule} onCommit={(rule) => send("statistics", { rule })} />
        </span>
      )}
      <span className="kn-small kn-muted">{averages.text}</span>
    </div>
  );
}
