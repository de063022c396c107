import assert from "node:assert/strict";
import { test } from "node:test";
import { chartsOf, quantitiesOf } from "../../kerasnb/widgets/frontend/history/charts.js";
import { fromTrait, withDelta } from "../../kerasnb/widgets/frontend/history/deltas.js";
import { evenRange } from "../../kerasnb/widgets/frontend/history/geometry.js";
import { marksInWords, marksOf } from "../../kerasnb/widgets/frontend/history/marks.js";
import { readings } from "../../kerasnb/widgets/frontend/history/readings.js";
import { chartData } from "../../kerasnb/widgets/frontend/history/series.js";
import { smoothed } from "../../kerasnb/widgets/frontend/history/smoothing.js";
import { chartsSvg, legendRows } from "../../kerasnb/widgets/frontend/history/svg.js";
import { ticksText } from "../../kerasnb/widgets/frontend/history/ticks.js";

const COLOUR = { ink: "#000", muted: "#666", line: "#ddd", bg: "#fff", train: "#00f", validation: "#f80", earlier: "#999" };
const run = (more) => ({ number: 1, planned: 4, best: 2, epoch_batches: 10, trail: [], marks: [], logs: { loss: [4, 2], val_loss: [5, 3] }, ...more });
const curve = (more) => ({ run: run(more), earlier: null, progress: null, trail: [], beside: [] });
const view = (more) => ({ axis: "epoch", log: true, smoothing: 0, ...more });

test("smoothing is a running average whose start is corrected", () => {
  assert.deepEqual(smoothed([2, 4, 4], 0), [2, 4, 4]);
  const [first, second] = smoothed([2, 4], 0.5);
  assert.equal(first, 2);
  assert.ok(Math.abs(second - (0.25 * 2 + 0.5 * 4) / 0.75) < 1e-12);
});

test("what is unknown stays unknown and moves no average", () => {
  const [first, none, second] = smoothed([2, null, 4], 0.5);
  assert.deepEqual([first, none], [2, null]);
  assert.equal(second, smoothed([2, 4], 0.5)[1]);
});

test("behind a smooth line the curve itself is drawn dimly", () => {
  const { data, lines } = chartData("loss", curve(), view({ smoothing: 0.5 }));
  assert.deepEqual(lines.slice(-2), [{ kind: "train", raw: true }, { kind: "validation", raw: true }]);
  assert.deepEqual(data.slice(-2), [[4, 2], [5, 3]]);
  assert.deepEqual(data[2], smoothed([4, 2], 0.5));
});

test("on the batch axis epochs stand where their last batch is", () => {
  const shown = chartData("loss", curve(), view({ axis: "batch" }));
  assert.deepEqual([shown.data[0], shown.from, shown.to, shown.best], [[10, 20], 0, 40, 20]);
});

test("on the batch axis the course inside epochs is drawn where there is more of it than of epochs", () => {
  const trail = [[0.5, { loss: 6 }], [1, { loss: 3 }], [1.5, { loss: 2 }]];
  const { data } = chartData("loss", curve({ trail }), view({ axis: "batch" }));
  assert.deepEqual([data[0], data[2], data[3]], [[5, 10, 15, 20], [6, 3, 2, null], [null, 5, null, 3]]);
});

test("without a known number of batches the axis stays that of epochs", () => {
  const shown = chartData("loss", curve({ epoch_batches: 0 }), view({ axis: "batch" }));
  assert.deepEqual([shown.byBatch, shown.data[0]], [false, [1, 2]]);
});

test("under the pointer every line reads its nearest value, none beyond its ends", () => {
  const data = [[5, 10, 15, 20, 25], [6, 3, 2, null, null], [null, 5, null, 3, null]];
  assert.deepEqual(readings(data, 2), [2, 5]);
  assert.deepEqual(readings(data, 3), [null, 3]);
});

test("marks stand where they were made, and two at one place are one", () => {
  const marks = [{ at: 1.5, text: "learning rate 0.1 → 0.01" }, { at: 1.5, text: "frozen: a" }];
  assert.deepEqual(marksOf({ marks }, 10), [{ x: 15, text: "learning rate 0.1 → 0.01; frozen: a" }]);
  assert.equal(marksOf({ marks: Array.from({ length: 500 }, (_, at) => ({ at, text: "" })) }, 1).length <= 40, true);
});

test("the newest marks are told in words, with how many came before", () => {
  const marks = [0, 1, 2.5, 4].map((at) => ({ at, text: `rate ${at}` }));
  assert.deepEqual(marksInWords({ marks }), { words: ["after epoch 1: rate 1", "in epoch 3: rate 2.5", "after epoch 4: rate 4"], hidden: 1 });
  assert.deepEqual(marksInWords({ marks: marks.slice(0, 1) }).words, ["at the start: rate 0"]);
});

test("the loss is on a log axis where that is wanted and all values are above zero", () => {
  const logOf = (logs, more) => chartsOf({ ...curve({ logs, metric: null }) }, view(more))[0].log;
  assert.equal(logOf({ loss: [4, 2] }), true);
  assert.equal(logOf({ loss: [4, 2] }, { log: false }), false);
  assert.equal(logOf({ loss: [4, 0] }), false);
});

test("beside the loss stands the first metric, or the quantity that was chosen", () => {
  const logs = { loss: [3], a_loss: [1], val_a_loss: [2], b_acc: [0.5] };
  const several = curve({ logs, metric: "b_acc", metric_title: "b_acc" });
  const second = (metric) => chartsOf(several, view({ metric }))[1];
  assert.deepEqual(quantitiesOf(several.run), ["b_acc", "a_loss"]);
  assert.deepEqual(["", "a_loss", "gone"].map((name) => second(name).name), ["b_acc", "a_loss", "b_acc"]);
  assert.equal(second("a_loss").title, "a loss");
});

test("numbers of an axis can be told apart, and rounding alone makes no course", () => {
  assert.deepEqual(ticksText([0.1, 0.2]), ["0.1", "0.2"]);
  assert.deepEqual(ticksText([0.33331, 0.33332]), ["0.33331", "0.33332"]);
  const [low, high] = evenRange(0.33333334, 0.33333337);
  assert.ok(low < 0.32 && high > 0.35);
});

test("the SVG has every line, mark and name, and names stay text", () => {
  const marks = [{ at: 1, text: 'rate <b>"' }];
  const charts = chartsOf({ ...curve({ marks }), beside: [{ name: "<i>", logs: { loss: [1, 2] } }] }, view());
  const svg = chartsSvg(charts, COLOUR, "a & b");
  assert.equal(svg.match(/stroke-linejoin="round"\/?/g).length >= 3, true);
  assert.ok(svg.includes("<title>rate &lt;b&gt;&quot;</title>") && svg.includes("&lt;i&gt;") && svg.includes("<title>a &amp; b</title>"));
  assert.ok(!svg.includes("NaN") && !svg.includes("undefined") && !svg.includes("Infinity"));
});

test("a chart without values is an SVG without numbers that are none", () => {
  const svg = chartsSvg(chartsOf(curve({ logs: {}, best: null, metric: "acc", metric_title: "Accuracy" }), view()), COLOUR);
  assert.ok(!/NaN|undefined|Infinity/.test(svg));
});

test("a legend that is too long for a row goes on in the next", () => {
  assert.deepEqual(legendRows(["train", "", "validation"]), [["train", "validation"]]);
  assert.equal(legendRows(["x".repeat(50), "y".repeat(50)]).length, 2);
});

test("points inside epochs come with messages, none twice, and are kept when Python writes the curve", () => {
  const message = (trail) => ({ start: 2, epochs: [], progress: { epoch: 3, planned: 4, batch: 5, batches: 10, head: {} }, best: 2, metric: null, metric_title: null, marks: [{ at: 2, text: "t" }], epoch_batches: 10, trail });
  const once = withDelta(curve(), message([[2.1, { loss: 1 }], [2.2, { loss: 2 }]]));
  const twice = withDelta(once, message([[2.2, { loss: 2 }], [2.3, { loss: 3 }]]));
  assert.deepEqual(twice.run.trail.map(([at]) => at), [2.1, 2.2, 2.3]);
  assert.deepEqual([twice.run.marks.length, twice.run.epoch_batches], [1, 10]);
  const ahead = withDelta(twice, { ...message([]), epochs: [{ loss: 1, val_loss: 1 }] });
  assert.equal(fromTrait({ run: run(), earlier: null }, ahead).run.trail.length, 3);
});
