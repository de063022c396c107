/** The output of a layer, or the gradient there, with its figures beside it. */
import { useState } from "preact/hooks";
import { count, Select, Stepper, useSyncedTrait, useTrait } from "../shared/index.js";
import { Histogram } from "./Histogram.jsx";
import { Bars, Lines, Picture, Pixels } from "./Picture.jsx";
import { Pairs } from "./Pickers.jsx";
import { isOf } from "./look.js";
import { Tiles } from "./Tiles.jsx";
import { useLook, Waiting } from "./Waiting.jsx";

export function LayerView() {
  const view = useTrait("view");
  const dead = useTrait("dead");
  const other = useTrait("view_beside");
  const beside = useTrait("beside");
  const isBeside = isOf(other, beside, view.tab);
  const units = dead.layer === view.layer && view.tab === "Output" ? dead.units ?? [] : [];
  const { state } = useLook();
  if (state === "failed") return <><div className="kn-drawing"><p className="kn-no-weights kn-muted">Nothing to show: see above.</p></div><div /></>;
  if (!view.kind) return <><div className="kn-drawing">{state === "pending" && <Waiting />}</div><div /></>;
  return (
    <>
      <div className="kn-drawing">
        {view.tab === "Maximizes" && <Unit view={view} />}
        {view.tab === "Saliency" && <Answer view={view} />}
        <div className={isBeside ? "kn-beside" : ""}>
          <div className="kn-one">
            {isBeside && <Heading view={view} />}
            <Drawing view={view} dead={units} />
          </div>
          {isBeside && <div className="kn-one"><Heading view={other} /><Drawing view={other} dead={[]} /></div>}
        </div>
      </div>
      <div className="kn-figures">
        {isBeside && <Heading view={view} />}
        <Histogram {...view.histogram} />
        <div>
          <Pairs rows={rows(view, dead, units)} alert="dead units" />
          {units.length > 0 && <p className="kn-small kn-muted">{deadWords(dead, view)}</p>}
        </div>
        {isBeside && <><Heading view={other} /><Histogram {...other.histogram} /><Pairs rows={other.statistics} /></>}
      </div>
    </>
  );
}

/** Which of two this is. */
function Heading({ view }) {
  const name = useTrait("samples").name;
  return <code className="kn-heading">{view.layer} of {name}[{view.sample}]</code>;
}

/** The unit that an input is looked for. */
function Unit({ view }) {
  const [unit, setUnit] = useSyncedTrait("unit");
  const commit = (text) => /^\d+$/.test(text) && setUnit(Number(text));
  return (
    <div className="kn-row kn-unit">
      <span className="kn-label">unit</span>
      <span className="kn-unit-field"><Stepper label="unit" minimum={0} value={String(unit)} onCommit={commit} /></span>
      <span className="kn-small kn-muted">of {count(view.units)}</span>
    </div>
  );
}

/** Of which output the saliency is. */
function Answer({ view }) {
  const [answer, setAnswer] = useSyncedTrait("answer");
  const outputs = Array.from({ length: view.units ?? 0 }, (_, unit) => [unit, `output ${unit}`]);
  return (
    <div className="kn-row kn-unit">
      <span className="kn-label">of</span>
      <Select label="output" className="kn-answer" value={answer} options={[[-1, "the largest output"], ...outputs]} onCommit={(chosen) => setAnswer(Number(chosen))} />
    </div>
  );
}

function Drawing({ view, dead }) {
  if (view.kind === "maps") return <Tiles drawing={view} dead={dead} />;
  return <Flat view={view} />;
}

function Flat({ view }) {
  const [chosen, setChosen] = useState(null);
  const label = `${view.title} of ${view.layer}`;
  const onKeyDown = (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by || !view.numbers) return;
    event.preventDefault();
    setChosen((old) => Math.min(view.numbers.length - 1, Math.max(0, (old ?? -1) + by)));
  };
  const at = chosen !== null && chosen < view.texts.length ? chosen : null;
  return (
    <div onKeyDown={onKeyDown} tabIndex={0} aria-label={label} className="kn-flat">
      <div className="kn-row"><b>{view.title}</b><span className="kn-small kn-muted">{view.caption}</span></div>
      {view.numbers && <Bars numbers={view.numbers} className="kn-tall" label={label} chosen={at} onChoose={setChosen} />}
      {view.numbers && view.numbers.length <= 40 && (
        <div className="kn-bar-labels kn-number" aria-hidden="true">{view.labels.map((text) => <span key={text}>{text}</span>)}</div>
      )}
      {view.kind === "image" && <Picture drawing={view} className="kn-found" label={label} />}
      {view.kind === "lines" && <Lines drawing={view} className="kn-tall" label={label} />}
      {view.kind === "strip" && (
        <Pixels drawing={view} className="kn-strip-picture" label={label} layout={{ rows: view.size[0], cols: view.size[1] }} />
      )}
      <p className="kn-small kn-muted kn-number">{at === null ? shapeWords(view) : view.texts[at]}</p>
    </div>
  );
}

const shapeWords = (view) =>
  ({ image: `${view.size[0]} rows, ${view.size[1]} columns, in colours`, strip: `${view.size[0]} features down, ${view.size[1]} times across`, lines: `${view.size[0]} features over ${view.size[1]} times` })[
    view.kind
  ] ?? `output of shape ${view.shape}. Arrow keys move.`;

const rows = (view, dead, units) =>
  units.length ? [...view.statistics, ["dead units", `${units.length} of ${view.size[0]}`]] : view.statistics;

function deadWords(dead, view) {
  const named = dead.units.slice(0, 8).join(", ") + (dead.units.length > 8 ? " ..." : "");
  const unit = (view.kind === "maps" ? "map" : "unit") + (dead.units.length > 1 ? "s" : "");
  return `Dead: 0 for all ${dead.samples.toLocaleString("en-US")} samples looked at (${unit} ${named}).`;
}
