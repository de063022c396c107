import assert from "node:assert/strict";
import { test } from "node:test";
import { Newest } from "../../kerasnb/widgets/frontend/inspector/newest.js";

function requests() {
  const asked = [];
  return { asked, newest: new Newest((value) => asked.push(value)) };
}

test("the first value is asked for at once", () => {
  const { asked, newest } = requests();
  newest.move(3);
  assert.deepEqual(asked, [3]);
  assert.equal(newest.isBusy, true);
});

test("of many values that come meanwhile only the newest is asked for, after the answer", () => {
  const { asked, newest } = requests();
  [1, 2, 3, 4].forEach((value) => newest.move(value));
  assert.deepEqual(asked, [1]);
  newest.answered(1);
  assert.deepEqual(asked, [1, 4]);
  newest.answered(4);
  assert.deepEqual([asked, newest.isBusy], [[1, 4], false]);
});

test("sample 0 counts as a value", () => {
  const { asked, newest } = requests();
  newest.move(5);
  newest.move(0);
  newest.answered(5);
  newest.answered(0);
  newest.move(2);
  assert.deepEqual(asked, [5, 0, 2]);
});

test("the answer to something older does not end the request under way", () => {
  const { asked, newest } = requests();
  newest.move(1);
  newest.move(2);
  newest.answered(0);
  assert.deepEqual([asked, newest.isBusy], [[1], true]);
});
