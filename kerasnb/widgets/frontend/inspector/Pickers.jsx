/** What to look at: the layer, the learning phase, the sample. */
import {
  Button,
  holderOf,
  holdersOf,
  Icon,
  IconButton,
  ownName,
  Segments,
  Select,
  Stepper,
  unfolded,
  useLost,
  useSyncedTrait,
  useTrait,
  useUnfolding,
} from "../shared/index.js";
import { Picture } from "./Picture.jsx";
import { useLatest } from "./latest.js";

export function Pickers() {
  const [phase, setPhase] = useSyncedTrait("phase");
  return (
    <div className="kn-pickers">
      <div>
        <LayerPicker />
        <span className="kn-label">learning phase</span>
        <Segments label="learning phase" options={[[0, "Test (0)"], [1, "Train (1)"]]} value={phase} onCommit={setPhase} />
      </div>
      <div>
        <SamplePicker />
        <Comparison />
      </div>
    </div>
  );
}

/** A second layer or sample, shown beside the first. */
function Comparison() {
  const [beside, setBeside] = useSyncedTrait("beside");
  const [layer, sample] = ["layer", "sample"].map(useTrait);
  const layers = useTrait("layers");
  const last = (useTrait("samples").count ?? 1) - 1;
  if (["Weights", "Epochs"].includes(useTrait("tab"))) return null; // which are of no one sample
  if (beside.layer === undefined) {
    const next = sample < last ? sample + 1 : Math.max(0, sample - 1);
    return <div className="kn-comparison"><Button short onClick={() => setBeside({ layer, sample: next })}>Compare with ...</Button></div>;
  }
  const commit = (text) => /^\d+$/.test(text) && setBeside({ ...beside, sample: Math.min(last, Number(text)) });
  return (
    <div className="kn-comparison">
      <div className="kn-row">
        <span className="kn-label">beside it</span>
        <span className="kn-space" />
        <IconButton icon="close" label="End the comparison" onClick={() => setBeside({})} />
      </div>
      <Select code label="layer beside it" value={beside.layer} options={layers.map((each) => each.name)} onCommit={(name) => setBeside({ ...beside, layer: name })} />
      <Stepper label="sample beside it" minimum={0} value={String(beside.sample)} onCommit={commit} />
    </div>
  );
}

function LayerPicker() {
  const all = useTrait("layers");
  const [name, setName] = useSyncedTrait("layer");
  const { open, unfold } = useUnfolding(all);
  // one that was chosen elsewhere is listed, too, with what stands beside it
  const layers = unfolded(all, new Set([...open, ...holdersOf(name, all)]));
  const at = layers.findIndex((layer) => layer.name === name);
  const layer = layers[at] ?? {};
  const move = (by) => setName(layers[at + by].name);
  return (
    <>
      <span className="kn-label">layer</span>
      <div className="kn-row kn-layer-picker">
        <IconButton icon="left" label="Previous layer" disabled={at <= 0} onClick={() => move(-1)} />
        <Select code label="layer" value={name} options={layers.map(option)} onCommit={setName} />
        <IconButton icon="right" label="Next layer" disabled={at >= layers.length - 1} onClick={() => move(1)} />
      </div>
      {(layer.inside > 0 || layer.depth > 0) && <Unfolding layer={layer} layers={all} open={open} unfold={unfold} setName={setName} />}
      <div className="kn-flow">{layer.input_shape} →<br />{layer.output_shape}</div>
      <div className="kn-phrase kn-small kn-muted">
        {layer.frozen ? <Icon name="lock" /> : <i className="kn-square" data-family={layer.family} aria-hidden="true" />}
        {layer.phrase}
      </div>
    </>
  );
}

const option = (layer) => [layer.name, `${"\u2003".repeat(layer.depth)}${layer.depth ? ownName(layer) : layer.name}`];

/** Lists what stands inside the layer, or goes back to what it stands in. */
function Unfolding({ layer, layers, open, unfold, setName }) {
  const holder = holderOf(layer, layers);
  const isOpen = open.has(layer.name);
  return (
    <div className="kn-row kn-unfolding">
      {layer.inside > 0 && (
        <Button short local icon={isOpen ? "down" : "right"} aria-expanded={isOpen} onClick={() => unfold(layer.name)}>
          {layer.inside} {layer.inside === 1 ? "layer" : "layers"} inside
        </Button>
      )}
      {holder && <Button short icon="left" onClick={() => setName(holder.name)}>in {ownName(holder)}</Button>}
    </div>
  );
}

function SamplePicker() {
  const lost = useLost();
  const samples = useTrait("samples");
  const shown = useTrait("sample_view");
  const [value, setValue] = useLatest("sample", shown.index);
  return (
    <div>
      <div className="kn-row">
        <span className="kn-label">sample</span>
        <span className="kn-space" />
        <code className="kn-number">{samples.name}[{value}] of {samples.count?.toLocaleString("en-US")}</code>
      </div>
      <input
        type="range"
        className="kn-slider"
        aria-label="sample"
        disabled={lost}
        min={0}
        max={Math.max(0, (samples.count ?? 1) - 1)}
        value={value}
        onInput={(event) => setValue(Number(event.target.value))}
      />
      <div className="kn-sample">
        {shown.thumbnail && <Picture drawing={shown.thumbnail} className="kn-thumbnail" label={`sample ${shown.index}`} />}
        {(shown.others ?? []).map(([name, drawing]) => (
          <Picture key={name} drawing={drawing} className="kn-thumbnail" label={`sample ${shown.index}, ${name}`} />
        ))}
        <Pairs rows={shown.facts ?? []} />
      </div>
      {shown.words && <p className="kn-words kn-small" tabIndex={0} aria-label="the sample in words">{shown.words.join(" ")}</p>}
    </div>
  );
}

export const Pairs = ({ rows, alert }) => (
  <dl className="kn-pairs">
    {rows.map(([word, number, mark]) => (
      <div key={word} className={word === alert || mark ? "kn-error" : ""}><dt>{word}</dt><dd>{number}</dd></div>
    ))}
  </dl>
);
