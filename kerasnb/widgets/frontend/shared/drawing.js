/** When preact draws. Drawing moves the focus nowhere, and what it does to the page is not taken for the user's doing. */
import { options, render } from "preact";

let drawing = false;

/** Draws with the focus held: browsers without `moveBefore` take it from an element that only changes its place. */
function quietly(draw) {
  const held = document.activeElement;
  drawing = true;
  try {
    draw();
    const isLost = document.activeElement === document.body && held !== document.body;
    if (isLost && held?.isConnected) held.focus({ preventScroll: true });
  } finally {
    drawing = false;
  }
}

options.debounceRendering = (draw) => queueMicrotask(() => quietly(draw));

/** Draws `tree` (null: nothing) inside `el`. */
export const drawInto = (el, tree) => quietly(() => render(tree, el));

/** Draws what `change` changed before it returns, so that the next line finds it on the page. */
export function drawNow(change) {
  const later = options.debounceRendering;
  const waiting = [];
  options.debounceRendering = (draw) => waiting.push(draw);
  try {
    change();
  } finally {
    options.debounceRendering = later;
  }
  for (const draw of waiting) quietly(draw);
}

/** Keeps the blur of a field that is drawn away from being read as the user leaving it, which would commit its draft. */
export function guardFocus(el) {
  const hush = (event) => {
    if (drawing) event.stopPropagation();
  };
  const kinds = ["focusin", "focusout"];
  for (const kind of kinds) el.addEventListener(kind, hush, true);
  return () => kinds.forEach((kind) => el.removeEventListener(kind, hush, true));
}
