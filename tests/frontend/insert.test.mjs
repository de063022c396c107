import assert from "node:assert/strict";
import { test } from "node:test";
import { canInsert, insertCell } from "../../kerasnb/widgets/frontend/builder/insert.js";

function notebook() {
  const cells = [];
  const sharedModel = { insertCell: (index, cell) => cells.push([index, cell]) };
  return { model: { widget_manager: { context: { model: { sharedModel } } } }, cells };
}
const inCell = (cell) => ({ closest: (selector) => (selector === ".jp-Cell" ? cell : null) });

test("the code goes into a cell below the widget's own, marked as ours", () => {
  const { model, cells } = notebook();
  assert.equal(insertCell(model, inCell({ dataset: { windowedListIndex: "4" } }), "model = 1"), true);
  assert.deepEqual(cells, [[5, { cell_type: "code", source: "model = 1", metadata: { tags: ["kerasnb"] } }]]);
});

test("a notebook that does not number its cells has them counted", () => {
  const { model, cells } = notebook();
  const cell = { dataset: {} };
  cell.parentElement = { querySelectorAll: () => [{}, {}, cell, {}] };
  insertCell(model, inCell(cell), "");
  assert.equal(cells[0][0], 3);
});

test("where there is no notebook or no cell nothing can be inserted", () => {
  const { model } = notebook();
  assert.equal(canInsert(model, inCell({ dataset: {} })), true);
  assert.equal(canInsert(model, inCell(null)), false);
  assert.equal(canInsert({}, inCell({ dataset: {} })), false);
  assert.equal(insertCell({}, inCell({ dataset: {} }), ""), false);
});
