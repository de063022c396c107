/** Where the view goes: places of layers come from Python, here are the bubble, the viewport and the neighbours. */
import { drawnOf } from "./drawn.js";

export const NODE = { width: 204, height: 46 };
const MARGIN = 16;
// below these sizes scrolling reads better than shrinking
const SMALLEST = { wide: 0.6, high: 0.85 };
/** As far as one can get away from a model: 200 layers in a row are in sight. */
export const FARTHEST = 0.02;

/** `{id: {x, y}}` for all that is drawn. */
export const positionsOf = (state) => Object.fromEntries(drawnOf(state).map(({ id, x, y }) => [id, { x, y }]));

/** The error bubble stands right of its node, past whatever else is there. */
export function bubblePosition(name, positions, height = 150) {
  const node = positions[name];
  const beside = Object.values(positions).filter((other) => other.y + NODE.height > node.y && other.y < node.y + height);
  return { x: Math.max(...beside.map((other) => other.x)) + NODE.width + MARGIN, y: node.y };
}

/** The viewport that shows everything from the top, at a size that can be read, with `focus` inside. */
export const fittingViewport = (boxes, pane, focus) => viewport(boxes, pane, focus, SMALLEST);

/** The viewport that shows everything, however small. */
export const wholeViewport = (boxes, pane) => viewport(boxes, pane, null, { wide: FARTHEST, high: FARTHEST });

function viewport(boxes, pane, focus, smallest) {
  if (!boxes.length) return { x: 0, y: 0, zoom: 1 };
  const left = Math.min(...boxes.map((box) => box.x));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const top = Math.min(...boxes.map((box) => box.y));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  const acrossNeeds = Math.max(smallest.wide, (pane.width - 2 * MARGIN) / (right - left));
  const downNeeds = Math.max(smallest.high, (pane.height - 2 * MARGIN) / (bottom - top));
  const zoom = Math.min(1, acrossNeeds, downNeeds);
  const x = pane.width / 2 - (zoom * (left + right)) / 2;
  let y = MARGIN - zoom * top;
  if (focus && zoom * (bottom - top) > pane.height - 2 * MARGIN) {
    const lowest = MARGIN - zoom * top;
    const highest = pane.height - MARGIN - zoom * bottom;
    y = Math.max(highest, Math.min(lowest, pane.height / 2 - zoom * (focus.y + NODE.height / 2)));
  }
  return { x, y, zoom };
}

/** Whether a layer is all in sight. */
export function isVisible(place, pane, { x, y, zoom }) {
  const left = x + zoom * place.x;
  const top = y + zoom * place.y;
  return left >= 0 && top >= 0 && left + zoom * NODE.width <= pane.width && top + zoom * NODE.height <= pane.height;
}

/** The layers that a box on the pane touches. */
export function touched(positions, box, { x, y, zoom }) {
  const isIn = (at, size, from, length) => at < from + length && at + size > from;
  return Object.keys(positions).filter((name) => {
    const place = positions[name];
    return isIn(x + zoom * place.x, zoom * NODE.width, box.x, box.width) && isIn(y + zoom * place.y, zoom * NODE.height, box.y, box.height);
  });
}

/** The selected layer's neighbour in the direction of an arrow key, by where the layers stand. */
export function neighbour(state, positions, name, key) {
  const sources = state.edges.filter((edge) => edge.target === name).map((edge) => edge.source);
  const targets = state.edges.filter((edge) => edge.source === name).map((edge) => edge.target);
  if (key === "ArrowUp") return nearest(sources, positions, name);
  if (key === "ArrowDown") return nearest(targets, positions, name);
  const right = key === "ArrowRight";
  const here = positions[name];
  const beside = Object.keys(positions).filter((other) => {
    const place = positions[other];
    return place.y === here.y && (right ? place.x > here.x : place.x < here.x);
  });
  return nearest(beside, positions, name);
}

function nearest(names, positions, name) {
  const distance = (other) => Math.abs(positions[other].x - positions[name].x);
  return names.toSorted((one, other) => distance(one) - distance(other))[0];
}
