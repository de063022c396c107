import assert from "node:assert/strict";
import { test } from "node:test";
import { evenRange, labelPlace, logRange } from "../../kerasnb/widgets/frontend/history/geometry.js";
import { epochTicks, evenTicks, logTicks, ticksText } from "../../kerasnb/widgets/frontend/history/ticks.js";

function close(got, wanted) {
  const near = got.length === wanted.length && got.every((value, i) => Math.abs(value - wanted[i]) < 1e-9);
  assert.ok(near, `${got} is not ${wanted}`);
}

test("an even axis leaves 6 % of room on both sides", () => {
  close(evenRange(0, 10), [-0.6, 10.6]);
});

test("one value alone gets room by its own size, zero gets some too", () => {
  close(evenRange(5, 5), [4.7, 5.3]);
  close(evenRange(0, 0), [-0.06, 0.06]);
});

test("an axis without values goes from 0 to 1, one of factors from 0.1 to 1", () => {
  assert.deepEqual(evenRange(null, null), [0, 1]);
  assert.deepEqual(logRange(null, null), [0.1, 1]);
  assert.deepEqual(logRange(0, 5), [0.1, 1]);
});

test("an axis of factors leaves room by factors", () => {
  close(logRange(0.1, 10), [0.088, 11.4]);
  close(logRange(2, 2), [1.4, 2.8]);
});

test("the label of the best epoch stands on the side with more room, in the half that its point leaves free", () => {
  const chart = { left: 0, top: 0, width: 200, height: 100 };
  assert.deepEqual(labelPlace({ ...chart, x: 50, y: 20 }, 1), { align: "left", at: [57, 62] });
  assert.deepEqual(labelPlace({ ...chart, x: 150, y: 80 }, 1), { align: "right", at: [143, 30] });
  assert.deepEqual(labelPlace({ ...chart, x: 50, y: 20 }, 2).at, [64, 62]);
});

test("the side is chosen within the chart, wherever the chart stands on the page", () => {
  const chart = { left: 100, top: 50, width: 200, height: 100 };
  assert.deepEqual(labelPlace({ ...chart, x: 190, y: 60 }, 1), { align: "left", at: [197, 112] });
  assert.deepEqual(labelPlace({ ...chart, x: 210, y: 140 }, 1), { align: "right", at: [203, 80] });
});

test("even ticks are round numbers inside the axis", () => {
  close(evenTicks(0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  close(evenTicks(0.13, 0.71), [0.2, 0.4, 0.6]);
  close(evenTicks(0, 5), [0, 1, 2, 3, 4, 5]);
  close(evenTicks(0, 30), [0, 10, 20, 30]);
  close(evenTicks(-30, 480), [0, 200, 400]);
});

test("ticks of factors are 1, 2, 5 of each power, over many powers only the powers", () => {
  close(logTicks(0.1, 2), [0.1, 0.2, 0.5, 1, 2]);
  close(logTicks(1, 50), [1, 2, 5, 10, 20, 50]);
  close(logTicks(1, 100), [1, 10, 100]);
  close(logTicks(0.001, 100), [0.001, 0.01, 0.1, 1, 10, 100]);
});

test("an axis of factors too short for two of them has even ticks", () => {
  close(logTicks(2.1, 4.6), [2.5, 3, 3.5, 4, 4.5]);
});

test("ticks of epochs are whole, the first among them, and at most about six", () => {
  assert.deepEqual(epochTicks(1, 6), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(epochTicks(1, 20), [1, 5, 10, 15, 20]);
  assert.deepEqual(epochTicks(1, 12), [1, 4, 6, 8, 10, 12]);
  assert.deepEqual(epochTicks(0, 3), [0, 1, 2, 3]);
  assert.deepEqual([60, 61, 120, 300, 600, 1200, 3000, 6000].map((last) => epochTicks(1, last)[1]), [10, 20, 20, 50, 100, 200, 500, 1000]);
  assert.deepEqual(epochTicks(1, 12_000), [1, 2000, 4000, 6000, 8000, 10_000, 12_000]);
  assert.ok(epochTicks(1, 100_000).length <= 8);
});

test("a tick is written with three figures and no trailing zeros", () => {
  assert.deepEqual(ticksText([0.6000000000000001, 0.0025, 1200, 1e-7, 1234]), ["0.6", "0.0025", "1200", "1e-7", "1230"]);
});
