/** How weights and outputs spread from epoch to epoch: values up, epochs across. */
import { useTrait } from "../shared/index.js";
import { Pixels } from "./Picture.jsx";
import { useLook, Waiting } from "./Waiting.jsx";

export function Epochs() {
  const { state } = useLook();
  const epochs = useTrait("epochs");
  const layer = useTrait("layer");
  if (state === "failed") return <p className="kn-no-weights kn-muted">Nothing to show: see above.</p>;
  if (state === "empty") {
    return (
      <p className="kn-no-weights kn-muted">
        No epoch of {layer} was seen yet. Train it in a Fit panel while this Inspector is there, or give fit <code>callbacks=[inspector.recorder]</code>.
      </p>
    );
  }
  if (epochs.layer !== layer) return <div className="kn-drawing">{state === "pending" && <Waiting />}</div>;
  return <div className="kn-epochs">{epochs.series.map((each) => <Spread key={each.name} series={each} />)}</div>;
}

function Spread({ series }) {
  const [bins, columns] = series.size;
  const [first, last] = series.epochs;
  return (
    <figure className="kn-spread">
      <figcaption className="kn-row"><code>{series.name}</code><span className="kn-small kn-muted">{series.caption}</span></figcaption>
      <div className="kn-spread-ends kn-number">{series.ends.map((end, at) => <span key={at}>{end}</span>)}</div>
      <Pixels drawing={series} layout={{ rows: bins, cols: columns }} label={`values of ${series.name} from epoch ${first} to ${last}`} />
      <div className="kn-row kn-ticks kn-number"><span>epoch {first}</span>{last > first && <span>{last}</span>}</div>
    </figure>
  );
}
