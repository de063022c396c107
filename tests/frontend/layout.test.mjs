import assert from "node:assert/strict";
import { test } from "node:test";
import { bubblePosition, fittingViewport, isVisible, neighbour, NODE, positionsOf, touched, wholeViewport } from "../../kerasnb/widgets/frontend/builder/layout.js";

const box = (x, y) => ({ x, y, ...NODE });
const PANE = { width: 600, height: 400 };
const FORK = {
  nodes: [{ name: "top", x: 100, y: 0 }, { name: "left", x: 0, y: 80 }, { name: "right", x: 220, y: 80 }, { name: "far", x: 500, y: 80 }, { name: "end", x: 100, y: 160 }],
  blocks: [],
  edges: [["top", "left"], ["top", "right"], ["left", "end"], ["right", "end"]].map(([source, target]) => ({ source, target })),
};
const walk = (name, key) => neighbour(FORK, positionsOf(FORK), name, key);

test("a small model is shown at full size, in the middle and from the top", () => {
  assert.deepEqual(fittingViewport([box(0, 0), box(0, 80)], PANE), { x: 198, y: 16, zoom: 1 });
});

test("a model wider than the pane is shrunk until it fits between the margins", () => {
  const view = fittingViewport([box(0, 0), box(506, 0)], PANE);
  assert.equal(view.zoom, 568 / 710);
  assert.equal(view.x + view.zoom * 0, 16);
});

test("a very wide model is shrunk to 0.6 and not further", () => {
  assert.equal(fittingViewport([box(0, 0), box(5000, 0)], PANE).zoom, 0.6);
});

test("a model a little longer than the pane is shrunk until it fits between the margins", () => {
  const view = fittingViewport([box(0, 0), box(0, 354)], PANE);
  assert.equal(view.zoom, 368 / 400);
  assert.equal(fittingViewport([box(0, 10), box(0, 364)], PANE).y, 16 - 10 * view.zoom);
});

test("a model that fits is not moved by the focus", () => {
  const boxes = [box(0, 0), box(0, 80)];
  assert.deepEqual(fittingViewport(boxes, PANE, { x: 0, y: 80 }), fittingViewport(boxes, PANE));
});

test("a long model with its first layer in focus is shown from the top", () => {
  const boxes = Array.from({ length: 20 }, (_, i) => box(0, 80 * i + 40));
  assert.equal(fittingViewport(boxes, PANE, { x: 0, y: 40 }).y, 16 - 0.85 * 40);
});

test("a long model is shrunk to 0.85 and scrolled so that the layer in focus is in the middle", () => {
  const boxes = Array.from({ length: 20 }, (_, i) => box(0, 80 * i));
  const view = fittingViewport(boxes, PANE, { x: 0, y: 800 });
  assert.equal(view.zoom, 0.85);
  assert.ok(Math.abs(view.y + view.zoom * (800 + NODE.height / 2) - 200) < 1e-9);
});

test("scrolled to the last layer the view ends with the model and shows no empty space below", () => {
  const boxes = Array.from({ length: 20 }, (_, i) => box(0, 80 * i));
  const view = fittingViewport(boxes, PANE, { x: 0, y: 80 * 19 });
  assert.ok(Math.abs(view.y + view.zoom * (80 * 19 + NODE.height) - (400 - 16)) < 1e-9);
});

test("the whole of a long model is in sight when it is asked for", () => {
  for (const layers of [23, 200]) {
    const boxes = Array.from({ length: layers }, (_, i) => box(0, 62 * i));
    const { y, zoom } = wholeViewport(boxes, PANE);
    assert.ok(y >= 0 && y + zoom * boxes.at(-1).y + zoom * NODE.height <= PANE.height);
  }
});

test("without layers the view stays where it begins", () => {
  assert.deepEqual(fittingViewport([], PANE), { x: 0, y: 0, zoom: 1 });
});

test("a layer is in sight only where all of it is", () => {
  const view = { x: 0, y: 0, zoom: 1 };
  assert.equal(isVisible({ x: 0, y: 0 }, PANE, view), true);
  assert.equal(isVisible({ x: 396, y: 354 }, PANE, view), true);
  assert.equal(isVisible({ x: 397, y: 0 }, PANE, view), false);
  assert.equal(isVisible({ x: 0, y: 355 }, PANE, view), false);
  assert.equal(isVisible({ x: 10, y: 10 }, PANE, { x: -11, y: 0, zoom: 1 }), false);
});

test("up and down walk along connections, to the nearest of several", () => {
  assert.equal(walk("end", "ArrowUp"), "left");
  assert.equal(walk("top", "ArrowDown"), "left");
  assert.equal(walk("right", "ArrowDown"), "end");
  assert.equal(walk("top", "ArrowUp"), undefined);
});

test("left and right walk along a row, connected or not", () => {
  assert.equal(walk("left", "ArrowRight"), "right");
  assert.equal(walk("right", "ArrowRight"), "far");
  assert.equal(walk("far", "ArrowLeft"), "right");
  assert.equal(walk("top", "ArrowLeft"), undefined);
});

test("the bubble stands right of all that is beside its layer", () => {
  const positions = positionsOf(FORK);
  assert.deepEqual(bubblePosition("left", positions), { x: 500 + NODE.width + 16, y: 80 });
  assert.deepEqual(bubblePosition("left", { ...positions, far: { x: 500, y: 230 } }), { x: 220 + NODE.width + 16, y: 80 });
  assert.deepEqual(bubblePosition("end", positions), { x: 100 + NODE.width + 16, y: 160 });
});

test("a box takes in the layers that it touches, at any zoom", () => {
  const positions = { a: { x: 0, y: 0 }, b: { x: 0, y: 62 }, c: { x: 300, y: 62 } };
  assert.deepEqual(touched(positions, { x: -5, y: 40, width: 20, height: 30 }, { x: 0, y: 0, zoom: 1 }), ["a", "b"]);
  assert.deepEqual(touched(positions, { x: 160, y: 140, width: 1, height: 1 }, { x: 10, y: 100, zoom: 0.5 }), ["c"]);
  assert.deepEqual(touched(positions, { x: 0, y: 47, width: 900, height: 14 }, { x: 0, y: 0, zoom: 1 }), []);
});
