/** Patterns of layer names, for the word beside the field. */
import assert from "node:assert/strict";
import test from "node:test";
import { matching, matchWords } from "../../kerasnb/widgets/frontend/freeze/pattern.js";

const rows = ["conv_1", "conv_2", "flat", "a.b", "block/conv_3"].map((name) => ({ name, params: name === "flat" ? 0 : 4 }));
const names = (pattern) => matching(pattern, rows).map((row) => row.name);

test("a star stands for anything, also for the separators of paths", () => {
  assert.deepEqual(names("a*"), ["a.b"]);
  assert.deepEqual(names("block*"), ["block/conv_3"]);
  assert.deepEqual(names("*conv*"), ["conv_1", "conv_2", "block/conv_3"]);
});

test("a pattern without a separator finds layers inside others by their own names", () => {
  assert.deepEqual(names("conv*"), ["conv_1", "conv_2", "block/conv_3"]);
});

test("a question mark is one letter, brackets one of several", () => {
  assert.deepEqual(names("conv_?"), ["conv_1", "conv_2", "block/conv_3"]);
  assert.deepEqual(names("conv_[!1]"), ["conv_2", "block/conv_3"]);
});

test("a dot is a dot, and what cannot be read matches nothing", () => {
  assert.deepEqual(names("a.b"), ["a.b"]);
  assert.deepEqual(names("conv_."), []);
  assert.deepEqual(names("conv["), []);
});

test("layers without weights are not counted", () => {
  assert.deepEqual(names("fl*"), []);
  assert.equal(matchWords("fl*", []), "matches no layer with weights");
});

test("words name the first three", () => {
  assert.equal(matchWords("*", matching("*", rows)), "4 layers: conv_1, conv_2, a.b ...");
  assert.equal(matchWords(" ", []), "layers by name or pattern");
});
