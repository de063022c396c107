/** What stands where something is still computed, could not be, or is not there. */
import { useLost, useSlow, useTrait } from "../shared/index.js";
import { stateOf, waitingWords, wantedOf } from "./look.js";

/** How far Python is with what is chosen. */
export function useLook() {
  const look = useTrait("look");
  const wanted = wantedOf(...["layer", "sample", "phase", "tab", "unit", "answer"].map(useTrait));
  return { state: stateOf(look, wanted), next: look.next };
}

export function Waiting() {
  const lost = useLost();
  const { next } = useLook();
  const words = waitingWords(useTrait("tab"), useTrait("layer"), next, lost);
  const slow = useSlow(true);
  if (!slow && !lost) return null;
  return <p className="kn-no-weights kn-row kn-muted" role="status">{!lost && <span className="kn-spinner" />}{words}</p>;
}
