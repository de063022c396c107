import assert from "node:assert/strict";
import { test } from "node:test";
import { onKey } from "../../kerasnb/widgets/frontend/builder/keys.js";
import { guardKeys, isTyping } from "../../kerasnb/widgets/frontend/shared/keys.js";

const ON_CANVAS = { tagName: "DIV", dataset: { id: "conv_1" }, closest: () => ({}) };
const ELSEWHERE = { tagName: "BUTTON", dataset: {}, closest: () => null };
const IN_FIELD = { tagName: "INPUT", dataset: {}, closest: () => null };

/** What one key did: the calls it made, and whether the browser was told to leave it alone. */
function press(key, { target = ON_CANVAS, answer = true, ...modifiers } = {}) {
  const calls = [];
  const act = new Proxy({}, { get: (_, name) => (...given) => (calls.push([name, ...given]), answer) });
  let prevented = false;
  onKey({ key, target, preventDefault: () => { prevented = true; }, ...modifiers }, act);
  return { calls, prevented };
}

const MEANINGS = [
  ["/", {}, ["find"]], [".", {}, ["firstError"]], ["Escape", {}, ["leave"]], ["Delete", {}, ["remove"]],
  ["Backspace", {}, ["remove"]], ["b", {}, ["toggleFold"]], ["+", { shiftKey: true }, ["view", "+"]], ["0", {}, ["view", "0"]], ["f", {}, ["toggleFrozen"]], ["F", {}, ["toggleFrozen"]],
  ["1", {}, ["show", "Canvas"]], ["2", {}, ["show", "Table"]], ["3", {}, ["show", "Code"]],
  ["ArrowLeft", {}, ["move", "ArrowLeft", undefined]], ["ArrowDown", { shiftKey: true }, ["move", "ArrowDown", true]],
  ["a", { ctrlKey: true }, ["selectAll"]], ["d", { metaKey: true }, ["duplicate"]],
  ["ArrowUp", { altKey: true }, ["shift", -1]], ["ArrowDown", { altKey: true }, ["shift", 1]], ["Enter", {}, ["editOrSelect", "conv_1", "Enter"]],
  [" ", {}, ["editOrSelect", "conv_1", " "]], ["z", { ctrlKey: true }, ["undo"]], ["Z", { ctrlKey: true, shiftKey: true }, ["redo"]],
  ["y", { metaKey: true }, ["redo"]],
];
for (const [key, modifiers, call] of MEANINGS) {
  test(`${JSON.stringify({ key, ...modifiers })} on the canvas does ${call}`, () => {
    assert.deepEqual(press(key, modifiers), { calls: [call], prevented: true });
  });
}

test("keys without a meaning are left to the browser", () => {
  for (const key of ["a", "c", "4", "Tab"]) assert.deepEqual(press(key), { calls: [], prevented: false });
  assert.deepEqual(press("c", { ctrlKey: true }), { calls: [], prevented: false });
  assert.deepEqual(press("f", { altKey: true }), { calls: [], prevented: false });
});

test("Enter, Space and arrows on a button are the button's", () => {
  for (const key of ["Enter", " ", "ArrowDown"]) assert.deepEqual(press(key, { target: ELSEWHERE }), { calls: [], prevented: false });
});

test("an action that says it did nothing leaves the key to the browser", () => {
  assert.equal(press("Enter", { answer: false }).prevented, false);
});

test("in a field only Escape acts, and goes back to the canvas", () => {
  assert.deepEqual(press("Escape", { target: IN_FIELD }).calls, [["focusCanvas"]]);
  for (const key of ["f", "Delete", "/", "2"]) assert.deepEqual(press(key, { target: IN_FIELD }).calls, []);
  assert.deepEqual(press("z", { target: IN_FIELD, ctrlKey: true }).calls, []);
});

test("text is typed into inputs, text areas, lists and editable elements", () => {
  for (const tagName of ["INPUT", "TEXTAREA", "SELECT"]) assert.equal(isTyping({ target: { tagName } }), true);
  assert.equal(isTyping({ target: { tagName: "DIV", isContentEditable: true } }), true);
  assert.equal(isTyping({ target: { tagName: "BUTTON", isContentEditable: false } }), false);
});

test("keys stay inside the widget, only saving the notebook gets out", () => {
  const el = new EventTarget();
  const release = guardKeys(el);
  const reaches = (key, modifiers) => {
    const event = Object.assign(new Event("keydown"), { key, ...modifiers });
    let stopped = false;
    event.stopPropagation = () => { stopped = true; };
    el.dispatchEvent(event);
    return !stopped;
  };
  assert.equal(reaches("d"), false);
  assert.equal(reaches("s"), false);
  assert.equal(reaches("s", { ctrlKey: true }), true);
  assert.equal(reaches("S", { metaKey: true }), true);
  release();
  assert.equal(reaches("d"), true);
});
