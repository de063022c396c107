import assert from "node:assert/strict";
import { test } from "node:test";
import { givenUp } from "../../kerasnb/widgets/frontend/shared/given_up.js";

const VIEW = "application/vnd.jupyter.widget-view+json";
const SAID = "Error displaying widget: model not found";

/** A page with one cell, the third of its notebook, whose outputs have these texts. */
function pageOf(texts) {
  const children = [];
  const parentElement = { children };
  const cell = { dataset: { windowedListIndex: "2" } };
  const elements = texts.map((textContent) => {
    const child = { parentElement };
    children.push(child);
    return { textContent, closest: (selector) => (selector === ".jp-Cell" ? cell : child) };
  });
  return { elements, querySelectorAll: () => elements };
}

function notebookOf(...ids) {
  const outputs = { get: (at) => ids[at] && { data: { [VIEW]: { model_id: ids[at] } } } };
  return { cells: { get: (at) => (at === 2 ? { outputs } : undefined) } };
}

test("of the outputs on which the page gave up, those of the model are found", () => {
  const page = pageOf([SAID, "drawn", SAID]);
  assert.deepEqual(givenUp(notebookOf("a", "b", "c"), "c", page), [page.elements[2]]);
});

test("an output that is drawn, and one of another notebook, are left alone", () => {
  assert.deepEqual(givenUp(notebookOf("a"), "a", pageOf(["drawn"])), []);
  assert.deepEqual(givenUp(notebookOf("other"), "a", pageOf([SAID])), []);
  assert.deepEqual(givenUp({ cells: { get: () => undefined } }, "a", pageOf([SAID])), []);
});
