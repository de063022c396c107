/** Fit, Pause or Resume, Stop. */
import { Button, BusyButton } from "../shared/index.js";

export function Actions({ state, send }) {
  const idle = state === "idle";
  const paused = state === "paused";
  return (
    <div className="kn-row" role="group" aria-label="training">
      <BusyButton icon="play" primary={idle} disabled={!idle} busy={state === "preparing"} busyWord="Compiling"
        title={idle ? undefined : "training already"} onClick={() => send("fit")}>
        Fit
      </BusyButton>
      <Button icon={paused ? "play" : "pause"} disabled={state !== "running" && !paused} title="Space"
        onClick={() => send(paused ? "resume" : "pause")}>
        {paused ? "Resume" : "Pause"}
      </Button>
      <Button icon="stop" disabled={idle || state === "stopping"} onClick={() => send("stop")}>Stop</Button>
    </div>
  );
}
