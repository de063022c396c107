/** How the curves are drawn, and their files: what is chosen shows at once, and Python keeps it. */
import { useCallback, useEffect, useState } from "preact/hooks";
import { Button, Segments, Select, useMessages, useModel, useTrait } from "../shared/index.js";
import { chartsOf, quantitiesOf } from "./charts.js";
import { pngOf, saveFile } from "./files.js";
import { chartsSvg } from "./svg.js";
import { colours } from "./theme.js";

/** `[view, change]`: as Python has it, and what was chosen here since. */
export function useCurveView() {
  const model = useModel();
  const kept = useTrait("curve_view");
  const [view, setView] = useState(kept);
  useEffect(() => setView(kept), [kept]);
  const change = (name, value) => {
    setView((old) => ({ ...old, [name]: value }));
    model.send({ kind: "view", name, value });
  };
  return [view, change];
}

export function CurveTools({ curve, view, change, title, host }) {
  const model = useModel();
  const onMessage = useCallback((message) => message.kind === "file" && saveFile(message.name, message.text, "text/csv"), []);
  useMessages(onMessage);
  const svg = () => chartsSvg(chartsOf(curve, view), colours(host.current), `Curves of ${title}`);
  const quantities = quantitiesOf(curve.run);
  const hasBatches = curve.run?.epoch_batches > 0;
  return (
    <div className="kn-curve-tools kn-small" role="group" aria-label="curves">
      <Segments local label="axis" options={["epoch", "batch"]} value={hasBatches ? view.axis : "epoch"} disabled={!hasBatches}
        onCommit={(value) => change("axis", value)} />
      <label className="kn-check">
        <input type="checkbox" checked={view.log} onChange={({ target }) => change("log", target.checked)} /> log
      </label>
      <label className="kn-check kn-smoothing" title={`${view.smoothing} of the running average is kept from one point to the next`}>
        smoothing
        <input type="range" min="0" max="0.95" step="0.05" value={view.smoothing}
          onInput={({ target }) => change("smoothing", Number(target.value))} />
        <span className="kn-number">{view.smoothing.toFixed(2)}</span>
      </label>
      {quantities.length > 1 && (
        <label className="kn-check">
          beside the loss
          <Select label="beside the loss" options={quantities} value={quantities.includes(view.metric) ? view.metric : curve.run.metric}
            onCommit={(value) => change("metric", value)} />
        </label>
      )}
      <span className="kn-space" />
      <span className="kn-saving">
        <span className="kn-muted kn-optional">save as</span>
        <Button local short onClick={async () => saveFile(`${title}.png`, await pngOf(svg()))}>PNG</Button>
        <Button local short onClick={() => saveFile(`${title}.svg`, svg(), "image/svg+xml")}>SVG</Button>
        <Button short title="every figure with all its digits" onClick={() => model.send({ kind: "csv" })}>CSV</Button>
      </span>
    </div>
  );
}
