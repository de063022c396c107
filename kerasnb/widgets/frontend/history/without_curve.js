/** What stands where curves will be, or would have been: nothing where there are some. */
import { epochsOf } from "./deltas.js";

export function withoutCurve(curve, isTraining) {
  if (!curve.run) return "Loss and metrics appear here while it trains.";
  if (curve.run.metric || epochsOf(curve.run) || curve.progress) return "";
  if (isTraining) return "Waiting for the first steps: the training function is being compiled.";
  return "Training ended in its first epoch, so there is no curve.";
}
