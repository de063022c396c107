import assert from "node:assert/strict";
import { test } from "node:test";
import { stateOf, waitingWords } from "../../kerasnb/widgets/frontend/inspector/look.js";

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
