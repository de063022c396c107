/** Loss beside the first metric, and the bar that says how far training is. */
import { useMemo, useRef } from "preact/hooks";
import { classes, duration, useTrait } from "../shared/index.js";
import { Chart } from "./Chart.jsx";
import { chartsOf } from "./charts.js";
import { CurveTools, useCurveView } from "./CurveTools.jsx";
import { epochsOf } from "./deltas.js";
import { marksInWords } from "./marks.js";
import { withoutCurve } from "./without_curve.js";

export function Curves({ curve, isTraining }) {
  const host = useRef(null);
  const title = useTrait("title");
  const [view, change] = useCurveView();
  const charts = useMemo(() => (curve.run ? chartsOf(curve, view) : []), [curve, view]);
  const metric = curve.run?.metric;
  const words = withoutCurve(curve, isTraining);
  if (words) return <p className={classes("kn-empty kn-small kn-muted", curve.run && isTraining && "kn-tall-empty")}>{words}</p>;
  return (
    <div ref={host}>
      <CurveTools curve={curve} view={view} change={change} title={title} host={host} />
      <div className={metric ? "kn-charts" : "kn-charts kn-one"}>
        {charts.map(({ name, ...chart }) => <Chart key={name} {...chart} />)}
      </div>
      <Marks run={curve.run} />
    </div>
  );
}

/** The newest changes of learning rate and frozen layers, in words. */
function Marks({ run }) {
  const { words, hidden } = marksInWords(run);
  if (!words.length) return null;
  return (
    <p className="kn-marks kn-small kn-muted">
      <svg viewBox="0 0 8 6" aria-hidden="true"><path d="M0 0h8l-4 5z" /></svg>
      {hidden > 0 && <span>{hidden} more before</span>}
      {words.map((each, i) => <span key={i}>{each}</span>)}
    </p>
  );
}

/** Epoch, batch and time left under a bar; `state` is the panel's. */
export function Progress({ curve, state }) {
  const { run, progress } = curve;
  const planned = run?.planned || 1;
  const done = epochsOf(run);
  const within = progress?.batches && state !== "idle" ? progress.batch / progress.batches : 0;
  const epoch = state === "idle" ? done : Math.min(progress?.epoch ?? 1, planned);
  const fraction = state === "idle" ? done / planned : Math.min(1, (epoch - 1 + within) / planned);
  return (
    <div className="kn-progress">
      <div
        className="kn-bar"
        role="progressbar"
        aria-label="training"
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow={Math.round(100 * fraction)}
        aria-valuetext={run ? `epoch ${epoch} of ${planned}` : "not started"}
      >
        <i style={{ width: `${100 * fraction}%` }} />
        {[0.25, 0.5, 0.75].map((at) => <u key={at} style={{ left: `${100 * at}%` }} />)}
      </div>
      <div className="kn-row kn-small kn-number">
        <ProgressWords run={run} epoch={epoch} planned={planned} progress={progress} state={state} />
      </div>
    </div>
  );
}

const WAITING = { preparing: "compiling", paused: "paused", stopping: "stopping after this call" };

function ProgressWords({ run, epoch, planned, progress, state }) {
  if (!run) return <span className="kn-muted">not fitted yet</span>;
  const running = state !== "idle" && progress;
  return (
    <>
      <b>epoch {epoch}/{planned}</b>
      {running && progress.batches > 0 && <span>batch {progress.batch}/{progress.batches}</span>}
      {WAITING[state] && <span className="kn-muted">{WAITING[state]}</span>}
      <span className="kn-space" />
      {progress?.seconds_per_batch > 0 && (
        <span className="kn-muted kn-optional">{duration(progress.seconds_per_batch)} per batch</span>
      )}
      {state === "running" && progress?.seconds_left > 0 && <span>ETA {duration(progress.seconds_left)}</span>}
    </>
  );
}
