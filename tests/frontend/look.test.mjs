import assert from "node:assert/strict";
import { test } from "node:test";
import { isOf, stateOf, waitingWords, wantedOf } from "../../kerasnb/widgets/frontend/inspector/look.js";

const look = { of: ["conv", 3, 0, "Weights"], state: "empty" };

test("what was chosen and is not what Python looked at is pending, not empty", () => {
  assert.equal(stateOf(look, ["conv", 3, 0, "Weights"]), "empty");
  assert.equal(stateOf(look, ["fc1", 3, 0, "Weights"]), "pending");
  assert.equal(stateOf({}, ["fc1", 3, 0, "Weights"]), "pending");
});

test("what is waited for is said in words, and that nobody is at it without a kernel", () => {
  assert.equal(waitingWords("Weights", "fc1", "fc1_W", false), "reading the weights of fc1, fc1_W");
  assert.equal(waitingWords("Output", "fc1", "", false), "computing the output of fc1");
  assert.equal(waitingWords("Weights", "fc1", "", true), "fc1 was not looked at before the kernel was lost.");
});

test("the unit counts only where an input is looked for that it answers to", () => {
  assert.deepEqual(wantedOf("conv", 3, 0, "Output", 5), ["conv", 3, 0, "Output"]);
  assert.deepEqual(wantedOf("conv", 3, 0, "Maximizes", 5, 7), ["conv", 3, 0, "Maximizes", 5]);
  assert.deepEqual(wantedOf("conv", 3, 0, "Saliency", 5, -1), ["conv", 3, 0, "Saliency", -1]);
});

test("a view stands beside another only when it is of what is compared now", () => {
  const view = { layer: "fc1", sample: 2, tab: "Output" };
  assert.equal(isOf(view, { layer: "fc1", sample: 2 }, "Output"), true);
  assert.equal(isOf(view, { layer: "fc1", sample: 3 }, "Output"), false);
  assert.equal(isOf(view, { layer: "fc1", sample: 2 }, "Gradients"), false);
  assert.equal(isOf({}, {}, undefined), false);
});
