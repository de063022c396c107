/** How each of several outputs is trained: its loss, the factor of it, and what is measured. */
import { Select, TextField } from "../shared/index.js";

export function Outputs({ outputs, choices, send, fixed, title }) {
  const set = (output, name) => (value) => send("output", { output, name, value });
  return (
    <div className="kn-arrays">
      <table className="kn-table kn-outputs">
        <thead><tr>{["output", "loss", "", "weight", "metrics"].map((word) => (word ? <th key={word} scope="col">{word}</th> : <td key="tag" />))}</tr></thead>
        <tbody>
          {outputs.map(({ name, loss, suggested, weight, metrics }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <Select code label={`loss of ${name}`} options={loss ? choices.loss : [["", "none"], ...choices.loss]} value={loss}
                  disabled={fixed} title={title} onCommit={set(name, "loss")} />
              </td>
              <td className="kn-tag-cell">{loss && loss === suggested && <span className="kn-tag">suggested</span>}</td>
              <td className="kn-weight">
                <TextField aria-label={`loss weight of ${name}`} value={String(weight)} disabled={fixed} title={title}
                  inputMode="decimal" onCommit={set(name, "weight")} />
              </td>
              <td>
                <TextField code aria-label={`metrics of ${name}`} value={metrics} placeholder="none" disabled={fixed} title={title}
                  onCommit={set(name, "metrics")} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
