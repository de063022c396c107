/** The weights of the layer: each drawn, with histogram and figures. */
import { useModel, useTrait } from "../shared/index.js";
import { Histogram } from "./Histogram.jsx";
import { Bars } from "./Picture.jsx";
import { Pairs } from "./Pickers.jsx";
import { Tiles } from "./Tiles.jsx";
import { useLook, Waiting } from "./Waiting.jsx";

export function Weights() {
  const weights = useTrait("weights");
  const layer = useTrait("layer");
  const { state } = useLook();
  if (state === "empty") return <p className="kn-no-weights kn-muted">{layer} has no weights.</p>;
  if (state === "failed") return <p className="kn-no-weights kn-muted">The weights of {layer} could not be read.</p>;
  const read = weights.filter((weight) => weight.of === layer);
  return (
    <div className="kn-weights">
      {read.map((weight) => <Weight key={weight.name} weight={weight} />)}
      {state === "pending" && <Waiting />}
    </div>
  );
}

function Weight({ weight }) {
  const model = useModel();
  const onPart = (first) => model.send({ kind: "kernels", weight: weight.name, first });
  const { drawing } = weight;
  return (
    <div className="kn-weight">
      <div className="kn-drawing">
        <div className="kn-row kn-weight-name">
          <code>{weight.name}</code><code className="kn-muted">{weight.shape}</code>
          {weight.note && <span className="kn-small kn-muted">{weight.note}</span>}
        </div>
        {drawing.kind === "maps" ? (
          <Tiles drawing={{ ...drawing, title: "" }} small onPart={onPart} />
        ) : (
          <Bars numbers={drawing.numbers} className="kn-tall" label={weight.name} />
        )}
      </div>
      <div className="kn-figures">
        <Histogram {...weight.histogram} />
        <Pairs rows={weight.statistics} />
      </div>
    </div>
  );
}
