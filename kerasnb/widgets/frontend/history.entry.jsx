/** The panel of a `LiveHistory` callback: progress, curves and how it ended. */
import "uplot/dist/uPlot.min.css";
import "./history/history.css";
import "./history/lasting.css";
import { Curves, Progress } from "./history/Curves.jsx";
import { useCurve } from "./history/curve.js";
import { FitStatus } from "./history/FitStatus.jsx";
import { defineWidget, useLost, useTrait } from "./shared/index.js";

function History() {
  const curve = useCurve();
  const title = useTrait("title");
  const state = useTrait("state");
  const status = useTrait("status");
  const lost = useLost();
  return (
    <section className="kn-panel kn-lasting kn-apart" aria-label={`Training of ${title}`}>
      <div className="kn-top">
        <span className="kn-title">History of {title}</span>
        <span className="kn-chip">{useTrait("backend")}</span>
        <span className="kn-small kn-muted kn-optional">
          {state === "running" && !lost ? "the notebook's interrupt (I, I) ends it and keeps the History" : ""}
        </span>
      </div>
      <div className="kn-controls"><Progress curve={curve} state={lost ? "idle" : state} /></div>
      <Curves curve={curve} isTraining={state === "running" && !lost} />
      <FitStatus status={status} state={state} curve={curve} />
    </section>
  );
}

export default defineWidget(History);
