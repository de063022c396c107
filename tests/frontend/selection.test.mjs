import assert from "node:assert/strict";
import { test } from "node:test";
import { extended, toggled, withBoxed } from "../../kerasnb/widgets/frontend/builder/selection.js";

test("Shift and a click take a layer in, and out again", () => {
  assert.deepEqual(toggled(["a"], ["b"]), ["a", "b"]);
  assert.deepEqual(toggled(["a", "b"], ["a"]), ["b"]);
  assert.deepEqual(toggled(["a"], ["a"]), []);
});

test("the layers of a folded box are taken in and out together", () => {
  assert.deepEqual(toggled(["a", "c"], ["b", "c"]), ["a", "b", "c"]);
  assert.deepEqual(toggled(["a", "b", "c"], ["b", "c"]), ["a"]);
});

test("Shift and an arrow take the next layer in, and the last one out on the way back", () => {
  assert.deepEqual(extended(["a"], ["a"], ["b"]), ["a", "b"]);
  assert.deepEqual(extended(["a", "b"], ["b"], ["a"]), ["a"]);
  assert.deepEqual(extended(["a", "b", "c", "d"], ["d"], ["b", "c"]), ["a", "b", "c"]);
  assert.deepEqual(extended([], [], ["a"]), ["a"]);
});

test("a box adds layers in the order of the data, none twice", () => {
  assert.deepEqual(withBoxed(["c"], ["b", "c", "a"], ["a", "b", "c"]), ["c", "a", "b"]);
});
