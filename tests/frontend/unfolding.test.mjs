// Which rows of layers are seen, and what holds what.
import assert from "node:assert/strict";
import test from "node:test";
import { holderOf, holdersOf, ownName, unfolded } from "../../kerasnb/widgets/frontend/shared/unfolding.js";

const ROWS = [
  { name: "input", depth: 0, inside: 0 },
  { name: "net", depth: 0, inside: 2 },
  { name: "net/block", depth: 1, inside: 1 },
  { name: "net/block/conv", depth: 2, inside: 0 },
  { name: "net/flat", depth: 1, inside: 0 },
  { name: "head/of", depth: 0, inside: 0 },
];
const seen = (...open) => unfolded(ROWS, new Set(open)).map((row) => row.name);

test("what stands in others is folded at first", () => assert.deepEqual(seen(), ["input", "net", "head/of"]));

test("an unfolded layer shows what stands directly in it", () =>
  assert.deepEqual(seen("net"), ["input", "net", "net/block", "net/flat", "head/of"]));

test("what is unfolded in a folded layer is not seen", () => assert.deepEqual(seen("net/block"), seen()));

test("all is seen where all is unfolded", () => assert.equal(seen("net", "net/block").length, 6));

test("the holder of a layer, and all around it", () => {
  assert.equal(holderOf(ROWS[3], ROWS).name, "net/block");
  assert.equal(holderOf(ROWS[5], ROWS), undefined);
  assert.deepEqual(holdersOf("net/block/conv", ROWS), ["net", "net/block"]);
});

test("a layer in another one is called by its own name", () =>
  assert.deepEqual(ROWS.map(ownName), ["input", "net", "block", "conv", "flat", "head/of"]));
