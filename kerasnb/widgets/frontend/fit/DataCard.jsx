/** The data in figures: a line, and each array and class on request; what the panel did to the arrays, to be taken back. */
import { useState } from "preact/hooks";
import { Button, classes as classNames, count, Icon, useTrait } from "../shared/index.js";

export function DataCard({ state, send }) {
  const data = useTrait("data");
  const [open, setOpen] = useState(false);
  const prepared = data.prepared ?? [];
  return (
    <>
      <div className="kn-data kn-small kn-number">
        <span>
          {data.source ? <b>{data.source}</b> : <><b>{count(data.train)}</b> train</>}
          {data.validation > 0 && <> / <b>{count(data.validation)}</b> validation</>}
          {data.classes && <>, <b>{count(data.classes)}</b> classes</>}
        </span>
        <span className="kn-muted kn-data-text">{data.text}</span>
        {data.arrays?.length > 0 && <button type="button" className="kn-more" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name={open ? "down" : "right"} /> data
        </button>}
      </div>
      {prepared.map((line, place) => (
        <div className="kn-data kn-small" key={line + place}>
          <Icon name="check" className="kn-success" />
          <span>prepared by this panel: <code>{line}</code></span>
          {place === prepared.length - 1 && (
            <Button short icon="undo" disabled={state !== "idle"} onClick={() => send("unprepare")}>Undo</Button>
          )}
        </div>
      ))}
      {open && <Arrays rows={data.arrays ?? []} counts={data.counts ?? []} />}
    </>
  );
}

function Arrays({ rows, counts }) {
  return (
    <div className="kn-arrays">
      <table className="kn-table">
        <thead><tr>{["array", "samples", "shape", "dtype", "range", ""].map((word) => <th key={word} scope="col">{word}</th>)}</tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <td>{row.name}</td><td className="kn-number">{row.samples}</td><td className="kn-number">{row.shape}</td><td>{row.dtype}</td>
              <td className="kn-number">{row.range}</td>
              <td className={classNames(row.missing && "kn-error")}>{row.missing || row.kind}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {counts.length > 1 && <Classes counts={counts} />}
    </div>
  );
}

/** How many samples each class has, as bars beside their numbers. */
function Classes({ counts }) {
  const most = Math.max(...counts, 1);
  const shown = counts.slice(0, 30);
  return (
    <ol className="kn-classes" start={0} aria-label="samples of each class">
      {shown.map((number, place) => (
        <li key={place}>
          <span className="kn-muted kn-number">{place}</span>
          <i style={{ width: `${(100 * number) / most}%` }} aria-hidden="true" />
          <span className="kn-number">{count(number)}</span>
        </li>
      ))}
      {counts.length > shown.length && <li className="kn-muted">{count(counts.length - shown.length)} more classes</li>}
    </ol>
  );
}
