import assert from "node:assert/strict";
import { test } from "node:test";
import { count, cutInside, duration, percent } from "../../kerasnb/widgets/frontend/shared/format.js";

const plain = (text) => text.replaceAll("\u202f", " ");

test("thousands are parted by commas, a number that is not known is a question mark", () => {
  assert.deepEqual([count(0), count(999), count(1234567)], ["0", "999", "1,234,567"]);
  assert.deepEqual([count(null), count(undefined)], ["?", "?"]);
});

test("shares are whole percents, with a space that does not break", () => {
  assert.equal(percent(0.574), "57\u202f%");
  assert.deepEqual([percent(0), percent(0.005), percent(1)].map(plain), ["0 %", "1 %", "100 %"]);
});

test("times have two figures and the unit that suits them", () => {
  const texts = [0.00213, 0.0994, 0.0995, 1.26, 9.96, 89, 90, 600].map(duration).map(plain);
  assert.deepEqual(texts, ["2.1 ms", "99 ms", "0.1 s", "1.3 s", "10 s", "89 s", "2 min", "10 min"]);
});

test("a long name is cut inside, so that its end still tells it from others", () => {
  assert.equal(cutInside("block4_conv3", 12), "block4_conv3");
  assert.equal(cutInside("block4_unit2_conv3", 12), "bloc…2_conv3");
});
