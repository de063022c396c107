import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutCurve } from "../../kerasnb/widgets/frontend/history/without_curve.js";

const BEGUN = { run: { logs: {}, metric: "" } };

test("a run that ended in its first epoch is not said to be waiting", () => {
  assert.match(withoutCurve(BEGUN, true), /^Waiting for the first steps/);
  assert.match(withoutCurve(BEGUN, false), /^Training ended in its first epoch/);
});

test("where there is a curve, or one is begun, nothing stands in its place", () => {
  assert.equal(withoutCurve({ run: { ...BEGUN.run, metric: "acc" } }, false), "");
  assert.equal(withoutCurve({ ...BEGUN, progress: { epoch: 1 } }, false), "");
  assert.match(withoutCurve({}, false), /appear here while it trains/);
});
