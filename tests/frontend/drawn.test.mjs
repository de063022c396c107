import assert from "node:assert/strict";
import { test } from "node:test";
import { blockOf, drawnOf, idOf, namesOf, onlyConnection } from "../../kerasnb/widgets/frontend/builder/drawn.js";

const STATE = {
  nodes: [{ name: "in", x: 0, y: 0, box: "" }, ...["a", "b"].map((name) => ({ name, x: 5, y: 62, box: "blocks from a" })),
    ...["c", "d"].map((name, row) => ({ name, x: 5, y: 124 + 62 * row, box: "" }))],
  blocks: [{ box: "blocks from a", names: ["a", "b"], x: 5, y: 62, folded: true }, { box: "blocks from c", names: ["c", "d"], x: 5, y: 124, folded: false }],
};

test("a folded block stands for its layers, an unfolded one does not", () => {
  assert.deepEqual(drawnOf(STATE).map(({ id, names }) => [id, names]), [["in", ["in"]], ["c", ["c"]], ["d", ["d"]], ["blocks from a", ["a", "b"]]]);
  assert.deepEqual([idOf(STATE, "b"), idOf(STATE, "c"), idOf(STATE, "")], ["blocks from a", "c", ""]);
  assert.deepEqual([namesOf(STATE, "blocks from a"), namesOf(STATE, "c")], [["a", "b"], ["c"]]);
});

test("a layer's block is found whether it is folded or not", () => {
  assert.equal(blockOf(STATE, "d"), STATE.blocks[1]);
  assert.equal(blockOf(STATE, "in"), undefined);
});

test("a wire that stands for several connections is none that could be cut", () => {
  assert.deepEqual(onlyConnection({ connections: [["in", "a"]] }), ["in", "a"]);
  assert.equal(onlyConnection({ connections: [["in", "a"], ["in", "b"]] }), null);
});
