import assert from "node:assert/strict";
import { test } from "node:test";
import { EMPTY, epochsOf, fromTrait, isMissingEpochs, withDelta } from "../../kerasnb/widgets/frontend/history/deltas.js";

const run = (loss, more) => ({ number: 1, planned: 5, best: null, metric: null, logs: { loss }, ...more });
const known = (loss, more) => ({ ...EMPTY, run: run(loss, more) });
const delta = (start, epochs, more) => ({
  kind: "delta", start, epochs, best: null, metric: null, metric_title: null,
  progress: { epoch: start + epochs.length + 1, batch: 0, batches: 10, planned: 5, head: {} }, ...more,
});

test("a run has as many epochs as its longest curve", () => {
  assert.equal(epochsOf(null), 0);
  assert.equal(epochsOf(run([])), 0);
  assert.equal(epochsOf({ logs: { loss: [3, 2], acc: [0.1, 0.2, 0.3] } }), 3);
});

test("the epochs of a delta join those that are known", () => {
  const curve = withDelta(known([3, 2]), delta(2, [{ loss: 1 }, { loss: 0.5 }], { best: 4 }));
  assert.deepEqual(curve.run.logs.loss, [3, 2, 1, 0.5]);
  assert.equal(curve.run.best, 4);
});

test("epochs that come twice are taken once", () => {
  assert.deepEqual(withDelta(known([3, 2, 1]), delta(1, [{ loss: 2 }, { loss: 1 }, { loss: 0.5 }])).run.logs.loss, [3, 2, 1, 0.5]);
  assert.deepEqual(withDelta(known([3, 2, 1]), delta(0, [{ loss: 3 }])).run.logs.loss, [3, 2, 1]);
});

test("a quantity that appears late begins at its own epoch", () => {
  const curve = withDelta(known([3, 2]), delta(2, [{ loss: 1, val_loss: 1.5 }]));
  assert.deepEqual(curve.run.logs.val_loss, [null, null, 1.5]);
  const two = withDelta(known([3]), delta(1, [{ loss: 2 }, { loss: 1, val_loss: 1.5 }]));
  assert.deepEqual(two.run.logs.val_loss, [null, null, 1.5]);
});

test("after a gap the whole curve is asked for, and no epoch lands in another one's place", () => {
  const late = delta(4, [{ loss: 0.25 }]);
  assert.equal(isMissingEpochs(known([3, 2]), late), true);
  assert.equal(isMissingEpochs(known([3, 2]), delta(2, [{ loss: 1 }])), false);
  assert.equal(isMissingEpochs(EMPTY, late), false);
  assert.deepEqual(withDelta(known([3, 2]), late).run.logs.loss, [3, 2]);
});

test("the running average inside an epoch is kept as a trail over fractions of epochs", () => {
  const head = { loss: 0.7 };
  const curve = withDelta(known([3]), delta(1, [], { progress: { epoch: 2, batch: 5, batches: 10, planned: 5, head } }));
  assert.deepEqual(curve.trail, [[1.5, head]]);
  assert.equal(withDelta(curve, delta(1, [])).trail, curve.trail);
  const steps = withDelta(known([3]), delta(1, [], { progress: { epoch: 2, batch: 5, batches: null, planned: 5, head } }));
  assert.deepEqual(steps.trail, [[1, head]]);
});

test("a delta leaves the curve before it as it was", () => {
  const old = known([3]);
  withDelta(old, delta(1, [{ loss: 2 }]));
  assert.deepEqual(old.run.logs, { loss: [3] });
});

test("a trait that is behind does not take back epochs that are shown", () => {
  const shown = { ...known([3, 2, 1], { best: 3 }), progress: { epoch: 4 }, trail: [[3.5, {}]] };
  const curve = fromTrait({ run: run([3, 2], { best: 2 }), earlier: null }, shown);
  assert.deepEqual(curve.run.logs.loss, [3, 2, 1]);
  assert.equal(curve.run.best, 3);
  assert.equal(curve.progress, shown.progress);
});

test("a trait that is ahead replaces what is shown", () => {
  assert.deepEqual(fromTrait({ run: run([3, 2]), earlier: null }, known([9])).run.logs.loss, [3, 2]);
});

test("another run begins without the progress of the last", () => {
  const shown = { ...known([3, 2, 1]), progress: { epoch: 4 }, trail: [[3.5, {}]] };
  const curve = fromTrait({ run: run([8], { number: 2 }), earlier: run([3, 2, 1]) }, shown);
  assert.deepEqual([curve.run.logs.loss, curve.progress, curve.trail], [[8], null, []]);
});

test("a trait without a run clears the chart", () => {
  assert.equal(fromTrait({ run: null }, known([3])), EMPTY);
});
