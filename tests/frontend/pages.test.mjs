/** Pages of tiles. */
import assert from "node:assert/strict";
import test from "node:test";
import { missingPart, pageOf } from "../../kerasnb/widgets/frontend/inspector/pages.js";

test("a page begins at a multiple of its size and ends with the last tile", () => {
  assert.deepEqual(pageOf(33, 512), { first: 32, last: 64 });
  assert.deepEqual(pageOf(500, 501), { first: 480, last: 501 });
});

test("a page in the part that is there needs nothing", () => {
  assert.equal(missingPart(pageOf(0, 512), 0, 256), null);
  assert.equal(missingPart(pageOf(500, 501), 256, 245), null);
});

test("a page outside of it needs the part that it is in", () => {
  assert.equal(missingPart(pageOf(256, 512), 0, 256), 256);
  assert.equal(missingPart(pageOf(31, 512), 256, 256), 0);
});
