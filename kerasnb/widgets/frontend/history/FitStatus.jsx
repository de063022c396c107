/** The line under the curves: what holds after training, with its evidence. */
import { isLost, lostTraining, StatusLine, useKernel } from "../shared/index.js";
import { epochsOf } from "./deltas.js";

const NOW = { preparing: "compiling", running: "training", paused: "paused", stopping: "stopping after this call" };

export function FitStatus({ status, state, curve }) {
  const kernel = useKernel();
  if (isLost(kernel) && state !== "idle") {
    return <StatusLine failed>{lostTraining(kernel, curve.progress?.epoch ?? epochsOf(curve.run))}</StatusLine>;
  }
  if (state !== "idle") return <StatusLine icon="wait">{NOW[state]}</StatusLine>;
  if (!status.text) return <StatusLine icon="wait">ready</StatusLine>;
  const icon = status.verified ? "lock" : status.outcome === "done" ? "check" : "wait";
  return (
    <StatusLine icon={icon} failed={!status.unchanged || status.outcome === "failed"} aside={status.verified && status.text}>
      {status.verified || status.text}
    </StatusLine>
  );
}
