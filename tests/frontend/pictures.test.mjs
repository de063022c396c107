import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { bytesOf, paint } from "../../kerasnb/widgets/frontend/inspector/paint.js";

const page = { body: { dataset: {} } };
beforeEach(() => {
  page.body.dataset.jpThemeLight = "true";
  globalThis.document = page;
});

/** The colours that a canvas gets, a list of [red, green, blue, alpha]. */
function painted(bytes, layout) {
  const canvas = { getContext: () => ({ createImageData, putImageData: (image) => { canvas.image = image; } }) };
  const createImageData = (width, height) => ({ width, height, data: new Uint8ClampedArray(4 * width * height) });
  paint(canvas, Uint8Array.from(bytes), layout);
  const { data } = canvas.image;
  const colours = Array.from({ length: data.length / 4 }, (_, i) => [...data.subarray(4 * i, 4 * i + 4)]);
  return { size: [canvas.width, canvas.height], colours };
}

test("one channel is grey, and columns go across", () => {
  const { size, colours } = painted([0, 100, 255], { rows: 1, cols: 3 });
  assert.deepEqual(size, [3, 1]);
  assert.deepEqual(colours, [[0, 0, 0, 255], [100, 100, 100, 255], [255, 255, 255, 255]]);
});

test("three channels are red, green and blue", () => {
  assert.deepEqual(painted([1, 2, 3, 4, 5, 6], { rows: 2, cols: 1, channels: 3 }).colours, [[1, 2, 3, 255], [4, 5, 6, 255]]);
});

test("a tile begins where it starts among the bytes of all", () => {
  assert.deepEqual(painted([9, 9, 9, 9, 7, 8], { rows: 1, cols: 2, start: 4 }).colours.map(([red]) => red), [7, 8]);
});

test("a coloured tile begins where it starts too", () => {
  assert.deepEqual(painted([9, 1, 2, 3], { rows: 1, cols: 1, channels: 3, start: 1 }).colours, [[1, 2, 3, 255]]);
});

test("signed values go from blue over neutral to orange", () => {
  const { colours } = painted([0, 127, 128, 255], { rows: 1, cols: 4, signed: true });
  assert.deepEqual(colours, [[23, 109, 193, 255], [246, 246, 247, 255], [247, 246, 246, 255], [184, 92, 8, 255]]);
});

test("in the dark theme neutral is dark and the ends are lighter", () => {
  page.body.dataset.jpThemeLight = "false";
  const { colours } = painted([0, 127, 128, 255], { rows: 1, cols: 4, signed: true });
  assert.deepEqual(colours, [[51, 158, 244, 255], [34, 34, 35, 255], [35, 34, 34, 255], [240, 160, 75, 255]]);
});

test("bytes are read from the part of a message that is theirs", () => {
  const message = Uint8Array.from([1, 2, 3, 4]).buffer;
  assert.deepEqual([...bytesOf(new DataView(message, 1, 2))], [2, 3]);
  assert.deepEqual([...bytesOf(undefined)], []);
});
