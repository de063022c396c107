/** The curve that a panel draws, kept up to date by a trait and by messages. */
import { useCallback, useEffect, useState } from "preact/hooks";
import { useMessages, useModel, useTrait } from "../shared/index.js";
import { EMPTY, fromTrait, isMissingEpochs, withDelta } from "./deltas.js";

/** `{run, earlier, progress, trail}`: the curves up to now, where training is, and the heads of the running averages. */
export function useCurve() {
  const model = useModel();
  const kept = useTrait("curve");
  const [curve, setCurve] = useState(EMPTY);

  useEffect(() => setCurve((old) => fromTrait(kept, old)), [kept]);

  const onMessage = useCallback(
    (message) => {
      if (message.kind !== "delta") return;
      setCurve((old) => {
        if (isMissingEpochs(old, message)) model.send({ kind: "resend" });
        return old.run ? withDelta(old, message) : old;
      });
    },
    [model],
  );
  useMessages(onMessage);
  return curve;
}
