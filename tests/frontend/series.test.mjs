import assert from "node:assert/strict";
import { test } from "node:test";
import { lastEpoch } from "../../kerasnb/widgets/frontend/history/reach.js";
import { chartData } from "../../kerasnb/widgets/frontend/history/series.js";

const run = (logs, more) => ({ number: 2, planned: 10, best: null, logs, ...more });
const chart = (logs, { more, ...around } = {}) => chartData("loss", { run: run(logs, more), earlier: null, progress: null, trail: [], ...around });

test("columns are epoch, earlier run, train and validation", () => {
  const earlier = { number: 1, logs: { loss: [9, 8, 7] } };
  const { data } = chart({ loss: [3, 2], val_loss: [4, 3] }, { earlier });
  assert.deepEqual(data, [[1, 2, 3], [9, 8, 7], [3, 2, null], [4, 3, null]]);
});

test("of an earlier run the validation curve is drawn when it has one, and its learning rate named", () => {
  const shown = chart({ loss: [3] }, { earlier: { number: 1, learning_rate: 0.01, logs: { loss: [9], val_loss: [8] } } });
  assert.deepEqual(shown.data[1], [8]);
  assert.equal(shown.earlierText, "run 1, validation, lr 0.01");
});

test("the axis of a run that trains goes to the last planned epoch, or as far as there are values", () => {
  assert.deepEqual([chart({ loss: [3] }).from, chart({ loss: [3] }).to], [1, 10]);
  assert.equal(chart({ loss: [3] }, { earlier: { number: 1, logs: { loss: Array(30).fill(1) } } }).to, 30);
});

const epochs = (count) => ({ loss: Array(count).fill(1) });
const reach = (done, planned, outcome = "running") => chart(epochs(done), { more: { planned, outcome } }).to;

test("the axis of a run that is over ends at what was trained, however much was planned", () => {
  assert.deepEqual(["stopped", "failed", "done"].map((outcome) => reach(206, 100_000, outcome)), [206, 206, 206]);
  assert.equal(reach(0, 100_000, "stopped"), 1);
});

test("after a stop within an epoch the axis has room for the part of it that was drawn or in which something changed", () => {
  const more = { planned: 3, outcome: "stopped" };
  assert.equal(chart(epochs(1), { trail: [[0.5, { loss: 2 }], [1.5, { loss: 1 }]], more }).to, 1.5);
  assert.equal(chart(epochs(2), { more: { ...more, marks: [{ at: 2.5, text: "learning rate" }] } }).to, 2.5);
});

test("while it trains the axis shows the whole plan where that is near, else a round number of epochs beyond the curve", () => {
  assert.deepEqual([0, 1].map((done) => reach(done, 50)), [50, 50]);
  assert.deepEqual([0, 45, 46, 90, 95, 206, 460].map((done) => reach(done, 100_000)), [50, 50, 100, 100, 200, 500, 1000]);
  assert.deepEqual([24, 25, 100].map((done) => reach(done, 100)), [50, 100, 100]);
});

test("the axis of a run that trains never goes back and never leaves less than a fifth of itself to the curve, once that is there", () => {
  const axes = Array.from({ length: 7000 }, (_, done) => lastEpoch({ planned: 7000, outcome: "running" }, done));
  assert.deepEqual(axes, axes.toSorted((a, b) => a - b));
  assert.ok(axes.every((to, done) => done < 50 || done / to > 0.2));
});

test("the epoch under way is one point, once an epoch is there to join it to", () => {
  const under = { progress: { epoch: 2 }, trail: [[0.5, { loss: 5 }], [1.5, { loss: 2.5 }]] };
  assert.deepEqual(chart({ loss: [3] }, under).data[0], [1, 1.5]);
  assert.deepEqual(chart({ loss: [3] }, under).data[2], [3, 2.5]);
  assert.deepEqual(chart({}, under).data[0], []);
});

test("with three epochs or fewer the course inside each is drawn, from zero on", () => {
  const trail = [[0.5, { loss: 5 }], [1, { loss: 4 }], [1.5, { loss: 2.5 }]];
  const few = chart({ loss: [3] }, { trail, more: { planned: 3 } });
  assert.equal(few.from, 0);
  assert.deepEqual(few.data[0], [0.5, 1, 1.5]);
  assert.deepEqual(few.data[2], [5, 3, 2.5]);
});

test("with four epochs only the one under way is drawn between them", () => {
  assert.deepEqual(chart({ loss: [3] }, { trail: [[0.5, { loss: 5 }]], more: { planned: 4 } }).data[0], [1]);
  assert.equal(chart({ loss: [3] }, { more: { planned: 3 } }).from, 1);
});

test("what has no values has no entry in the legend", () => {
  assert.deepEqual(chart({ loss: [3] }).has, { train: true, validation: false, earlier: false });
  assert.deepEqual(chart({ loss: [null] }).has, { train: false, validation: false, earlier: false });
});

test("of ten thousand epochs at most 1501 are drawn, the first and the newest among them", () => {
  const { data } = chart({ loss: Array.from({ length: 10_002 }, (_, i) => i) }, { more: { planned: 10_000 } });
  assert.ok(data[0].length <= 1501);
  assert.equal(new Set(data[0]).size, data[0].length);
  assert.deepEqual([data[0][0], data[0].at(-1), data[2].at(-1)], [1, 10_002, 10_001]);
});

test("the best epoch has the validation value, or the train value where none was validated", () => {
  const both = chart({ loss: [3, 2], val_loss: [4, 3.5] }, { more: { best: 2 } });
  assert.deepEqual([both.validated, both.bestValue, both.bestText], [true, 3.5, "best: epoch 2, 3.500"]);
  const alone = chart({ loss: [3, 2] }, { more: { best: 2 } });
  assert.deepEqual([alone.validated, alone.bestValue], [false, 2]);
});

test("the summary says in words what the chart shows", () => {
  const shown = chart({ loss: [3, 2], val_loss: [4, 3.5] }, { more: { best: 2 } });
  assert.equal(shown.summary, "Train 2.000, validation 3.500, best: epoch 2, 3.500");
  assert.equal(chart({}).summary, "");
});

test("a log scale needs every value above zero", () => {
  assert.equal(chart({ loss: [3, 0.1] }).positive, true);
  assert.equal(chart({ loss: [3, 0] }).positive, false);
  assert.equal(chart({ loss: [3], val_loss: [-1] }).positive, false);
});

test("without a run there is nothing to draw, on an axis of one epoch", () => {
  const { data, to } = chartData("loss", { run: null, earlier: null, progress: null, trail: [] });
  assert.deepEqual([data, to], [[[], [], [], []], 1]);
});

test("runs beside the curve have columns of their own, by their validation where there is some", () => {
  const beside = [{ name: "a", logs: { loss: [9, 8, 7], val_loss: [6, 5, 4] } }, { name: "b", logs: { loss: [2] } }];
  const shown = chart({ loss: [3, 2] }, { beside, more: { planned: 2 } });
  assert.deepEqual(shown.data.slice(4), [[6, 5, 4], [2, null, null]]);
  assert.deepEqual([shown.beside, shown.to], [["a", "b"], 3]);
});
