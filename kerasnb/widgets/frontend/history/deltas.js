/** The arithmetic of a curve: what Python keeps in a trait, joined with the deltas that come while training runs. */

export const EMPTY = { run: null, earlier: null, progress: null, trail: [] };

/** How many epochs of a run are known. */
export const epochsOf = (run) => (run ? Math.max(0, ...Object.values(run.logs).map((values) => values.length)) : 0);

/** The curve after Python wrote the trait; epochs that came as deltas since then are kept. */
export function fromTrait(kept, old) {
  if (!kept.run) return EMPTY;
  const same = old.run?.number === kept.run.number;
  const ahead = same && epochsOf(old.run) > epochsOf(kept.run);
  return {
    ...kept,
    run: ahead ? { ...kept.run, logs: old.run.logs, best: old.run.best, trail: old.run.trail, marks: old.run.marks } : kept.run,
    progress: same ? old.progress : null,
    trail: same ? old.trail : [],
  };
}

/** Whether a delta starts past what is known: the page was loaded, or missed one. */
export const isMissingEpochs = ({ run }, message) => Boolean(run) && message.start > epochsOf(run);

/** As many points inside epochs as can be seen; of twice as many every second is dropped. */
const MOST_POINTS = 600;

function withPoints(trail, fresh) {
  const last = trail.at(-1)?.[0] ?? -1;
  const points = [...trail, ...fresh.filter(([at]) => at > last)];
  return points.length < 2 * MOST_POINTS ? points : points.filter((_, i) => i % 2 === 1);
}

/** The curve with the epochs of a delta that it does not have yet; after a gap they wait for the whole curve. */
export function withDelta(old, message) {
  const done = epochsOf(old.run);
  const logs = { ...old.run.logs };
  const fresh = isMissingEpochs(old, message) ? [] : message.epochs.slice(done - message.start);
  fresh.forEach((epoch, i) => {
    for (const name of Object.keys(epoch)) {
      const missing = done + i - (logs[name]?.length ?? 0);
      logs[name] = [...(logs[name] ?? []), ...Array(Math.max(0, missing)).fill(null), epoch[name]];
    }
  });
  const { progress } = message;
  const fraction = progress.epoch - 1 + (progress.batches ? progress.batch / progress.batches : 0);
  const trail = progress.head.loss === undefined ? old.trail : [...old.trail, [fraction, progress.head]];
  const { best, metric, metric_title, marks = [], epoch_batches = 0 } = message;
  const about = { best, metric, metric_title, marks, epoch_batches, trail: withPoints(old.run.trail ?? [], message.trail ?? []) };
  return { ...old, run: { ...old.run, ...about, planned: progress.planned, logs }, progress, trail };
}
