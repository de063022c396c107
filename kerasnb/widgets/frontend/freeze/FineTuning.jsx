/** Fine-tuning in three actions: cut the head, put a new one, freeze the rest. */
import { useEffect, useState } from "preact/hooks";
import { Button, Segments, Select, TextField, useTrait } from "../shared/index.js";

export function FineTuning({ rows, send }) {
  const head = useTrait("head");
  const [at, setAt] = useState("");
  const [units, setUnits] = useState(head.units ?? "");
  const [activation, setActivation] = useState(head.activation);
  useEffect(() => setUnits(head.units), [head.units]);
  useEffect(() => setActivation(head.activation), [head.activation]);
  if (head.is_offered === false) return null;
  const names = rows.filter((row) => !row.depth).map((row) => row.name);
  const begins = names.includes(at) ? at : head.layers?.[0] ?? names.at(-1) ?? "";
  const number = /^\d+$/.test(units) ? Number(units) : 0;
  return (
    <div className="kn-fine-tuning">
      <div className="kn-row kn-freeze-bar">
        <span className="kn-bar-word">Fine-tune</span>
        <span className="kn-step">
          <Button short onClick={() => send("cut", { at: begins })}>Cut the head</Button>
          <span className="kn-small kn-muted">from</span>
          <Select code className="kn-at" label="head begins at" value={begins} options={names} onCommit={setAt} />
        </span>
        <span className="kn-step">
          <Button short disabled={!head.is_cut || !number} onClick={() => send("put_head", { units: number, activation })}>Put a new head</Button>
          <TextField code className="kn-units" aria-label="units of the new head" placeholder="units" inputMode="numeric" value={units} invalid={units !== "" && !number} onCommit={setUnits} />
          <span className="kn-activations">
            <Segments local label="activation of the new head" options={head.activations ?? []} value={activation} onCommit={setActivation} />
          </span>
        </span>
        <span className="kn-step">
          <Button short icon="lock" onClick={() => send("freeze_rest", { at: begins })}>Freeze the rest</Button>
        </span>
      </div>
      <p className="kn-small kn-muted kn-head-words">{words(head)}</p>
    </div>
  );
}

function words(head) {
  if (head.problem) return head.problem;
  const now = head.is_cut ? `No classifier at the end: the last layer with weights is ${head.layers?.[0]}.` : `The head is ${head.layers?.join(", ")}.`;
  return head.why ? `${now} The targets are ${head.why}.` : now;
}
