/** The Fit panel: data, options, Fit, Pause and Stop, live curves. */
import "uplot/dist/uPlot.min.css";
import "./history/history.css";
import "./history/lasting.css";
import "./fit/fit.css";
import { Actions } from "./fit/Actions.jsx";
import { Also } from "./fit/Also.jsx";
import { Advice } from "./fit/Advice.jsx";
import { DataCard } from "./fit/DataCard.jsx";
import { Options } from "./fit/Options.jsx";
import { Interrupted, Runs } from "./fit/Runs.jsx";
import { Curves, Progress } from "./history/Curves.jsx";
import { useCurve } from "./history/curve.js";
import { FitStatus } from "./history/FitStatus.jsx";
import { count, defineWidget, ErrorStrip, isTyping, Totals, useLost, useModel, useTrait } from "./shared/index.js";

function meanwhile(waits, foreground) {
  if (foreground) return "running in the foreground: this Python starts no threads, so clicks wait";
  return waits ? "clicks wait while another cell runs" : "running in the background, other cells stay usable";
}

function FitPanel() {
  const model = useModel();
  const curve = useCurve();
  const [title, state, status, error, totals] = ["title", "state", "status", "error", "totals"].map(useTrait);
  const [waits, foreground] = ["clicks_wait", "foreground"].map(useTrait);
  const lost = useLost();
  const send = (kind, more) => model.send({ kind, ...more });
  const onKeyDown = (event) => {
    if (event.key !== " " || isTyping(event) || event.target.tagName === "BUTTON") return;
    event.preventDefault();
    if (state === "running") send("pause");
    if (state === "paused") send("resume");
  };
  return (
    <section className="kn-panel kn-lasting" aria-label={`Fit ${title}`} tabIndex={-1} onKeyDown={onKeyDown}>
      <div className="kn-top">
        <span className="kn-title">Fit {title}</span>
        <span className="kn-chip">{useTrait("backend")}</span>
        <Changed since={useTrait("changed")} />
        <span className={`kn-small kn-muted ${waits || foreground ? "" : "kn-optional"}`}>{state === "idle" || lost ? "" : meanwhile(waits, foreground)}</span>
        <span className="kn-space" />
        <Totals items={[[count(totals.trainable), "trainable"], [count(totals.frozen), "frozen"]]} />
      </div>
      <ErrorStrip message={error.message} onClose={() => send("close_error")} />
      <DataCard state={state} send={send} />
      <Options state={state} send={send} invalid={error.field} />
      <Also state={state} send={send} invalid={error.field} />
      <Advice state={state} send={send} />
      <Interrupted state={state} send={send} />
      <div className="kn-controls">
        <Actions state={state} send={send} />
        <Progress curve={curve} state={lost ? "idle" : state} />
      </div>
      <Curves curve={curve} isTraining={state !== "idle" && !lost} />
      <Runs state={state} send={send} />
      <FitStatus status={status} state={state} curve={curve} />
    </section>
  );
}

/** Says that the curves are not those of the model as it is now, and what was done to it. */
function Changed({ since }) {
  return since && <span className="kn-changed-since" title={since}>changed since the last fit: {since}</span>;
}

export default defineWidget(FitPanel);
