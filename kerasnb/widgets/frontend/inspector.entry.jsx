/** The Inspector: a layer's output, weights and gradients for one sample. */
import "./history/lasting.css";
import "./inspector/inspector.css";
import { useEffect } from "preact/hooks";
import { Epochs } from "./inspector/Epochs.jsx";
import { Pickers } from "./inspector/Pickers.jsx";
import { Source } from "./inspector/Source.jsx";
import { LayerView } from "./inspector/LayerView.jsx";
import { useLook } from "./inspector/Waiting.jsx";
import { Weights } from "./inspector/Weights.jsx";
import { defineWidget, ErrorStrip, IconButton, Tabs, useLost, useModel, useSlow, useSyncedTrait, useTrait } from "./shared/index.js";

const TABS = ["Output", "Weights", "Gradients", "Saliency", "Maximizes", "Epochs"];

function Inspector() {
  const model = useModel();
  const [tab, setTab] = useSyncedTrait("tab");
  const [title, error, view, stale] = ["title", "error", "view", "stale"].map(useTrait);
  useEffect(() => {
    if (stale) model.send({ kind: "refresh" });
  }, [stale, model]);
  return (
    <section className="kn-panel kn-lasting" aria-label={`Inspect ${title}`}>
      <div className="kn-top">
        <span className="kn-title">Inspect {title}</span>
        <span className="kn-chip">{useTrait("backend")}</span>
        <Tabs names={TABS} current={tab} onChoose={setTab} label="what to look at" />
        <span className="kn-space" />
        <Timing view={view} />
        <IconButton icon="redo" label="Compute again" onClick={() => model.send({ kind: "refresh" })} />
      </div>
      <ErrorStrip message={error.message} onClose={() => model.send({ kind: "close_error" })} />
      <div className="kn-inspector">
        <Pickers />
        {tab === "Weights" ? <Weights /> : tab === "Epochs" ? <Epochs /> : <LayerView />}
      </div>
      <Source />
    </section>
  );
}

/** How long it took; a spinner while something slow is being computed. */
function Timing({ view }) {
  const lost = useLost();
  const { state } = useLook();
  const slow = useSlow(!lost && state === "pending");
  if (slow) return <span className="kn-row kn-small kn-muted" role="status"><span className="kn-spinner" />computing</span>;
  if (view.milliseconds === undefined) return null;
  return <span className="kn-small kn-muted kn-optional">computed in {view.milliseconds}&#x202f;ms</span>;
}

export default defineWidget(Inspector);
