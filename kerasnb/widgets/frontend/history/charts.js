/** Which charts a run has, and what their lines are called. */
import { chartData } from "./series.js";

/** Loss, and the first metric where there is one: `{name, title, shown, log, names}`. */
export function chartsOf(curve, view) {
  const [metric, title] = besideLoss(curve.run, view.metric);
  const charts = [{ name: "loss", title: "Loss", wantsLog: true }, ...(metric ? [{ name: metric, title }] : [])];
  return charts.map((chart) => {
    const shown = chartData(chart.name, curve, view);
    return { ...chart, shown, log: Boolean(chart.wantsLog && view.log && shown.positive), names: namesOf(shown) };
  });
}

/** The quantities that may be drawn beside the loss. */
export const quantitiesOf = (run) => {
  const logged = Object.keys(run?.logs ?? {}).filter((name) => name !== "loss" && !name.startsWith("val_"));
  return [...new Set([...(run?.metric ? [run.metric] : []), ...logged])];
};

function besideLoss(run, wanted) {
  if (wanted && wanted !== run.metric && quantitiesOf(run).includes(wanted)) return [wanted, wanted.replaceAll("_", " ")];
  return [run.metric, run.metric_title];
}

/** What each line is called in a legend; "" for one that is not drawn, or that stands behind its smooth one. */
export function namesOf({ lines, has, beside, earlierText }) {
  let place = 0;
  return lines.map(({ kind, raw }) => {
    if (kind === "beside") return beside[place++];
    if (raw || !has[kind]) return "";
    return kind === "earlier" ? earlierText : kind;
  });
}
