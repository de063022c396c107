import assert from "node:assert/strict";
import { test } from "node:test";
import { extended, toggled, withBoxed } from "../../kerasnb/widgets/frontend/builder/selection.js";

test("Shift and a click take a layer in, and out again", () => {
  assert.deepEqual(toggled(["a"], "b"), ["a", "b"]);
  assert.deepEqual(toggled(["a", "b"], "a"), ["b"]);
  assert.deepEqual(toggled(["a"], "a"), []);
});

test("Shift and an arrow take the next layer in, and the last one out on the way back", () => {
  assert.deepEqual(extended(["a"], "b"), ["a", "b"]);
  assert.deepEqual(extended(["a", "b"], "a"), ["a"]);
  assert.deepEqual(extended(["a", "b", "c"], "a"), ["b", "c", "a"]);
  assert.deepEqual(extended([], "a"), ["a"]);
});

test("a box adds layers in the order of the data, none twice", () => {
  assert.deepEqual(withBoxed(["c"], ["b", "c", "a"], ["a", "b", "c"]), ["c", "a", "b"]);
});
