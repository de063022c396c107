/** Joins the curve that Python keeps in a trait with the deltas that come while training runs. */
import { useCallback, useEffect, useState } from "react";
import { useMessages, useModel, useTrait } from "../shared/index.js";

const EMPTY = { run: null, earlier: null, progress: null, trail: [] };

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
        const done = epochsOf(old.run);
        if (old.run && message.start > done) model.send({ kind: "resend" });
        return old.run ? withDelta(old, message, done) : old;
      });
    },
    [model],
  );
  useMessages(onMessage);
  return curve;
}

export const epochsOf = (run) => (run ? Math.max(0, ...Object.values(run.logs).map((values) => values.length)) : 0);

function fromTrait(kept, old) {
  if (!kept.run) return EMPTY;
  const same = old.run?.number === kept.run.number;
  const ahead = same && epochsOf(old.run) > epochsOf(kept.run);
  return {
    ...kept,
    run: ahead ? { ...kept.run, logs: old.run.logs, best: old.run.best } : kept.run,
    progress: same ? old.progress : null,
    trail: same ? old.trail : [],
  };
}

function withDelta(old, message, done) {
  const logs = { ...old.run.logs };
  message.epochs.slice(Math.max(0, done - message.start)).forEach((epoch, i) => {
    for (const name of Object.keys(epoch)) {
      const missing = done + i - (logs[name]?.length ?? 0);
      logs[name] = [...(logs[name] ?? []), ...Array(Math.max(0, missing)).fill(null), epoch[name]];
    }
  });
  const { progress } = message;
  const fraction = progress.epoch - 1 + (progress.batches ? progress.batch / progress.batches : 0);
  const trail = progress.head.loss === undefined ? old.trail : [...old.trail, [fraction, progress.head]];
  const about = { best: message.best, metric: message.metric, metric_title: message.metric_title };
  return { ...old, run: { ...old.run, ...about, planned: progress.planned, logs }, progress, trail };
}
