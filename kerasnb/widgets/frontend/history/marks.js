/** Where something was changed in the course of a run: places on the axis, and words. */

const MOST = 40;

/** The marks of a chart as `{x, text}`, those at one place joined; of very many every n-th. */
export function marksOf(run, factor) {
  const places = new Map();
  for (const { at, text } of run?.marks ?? []) {
    const x = at * factor;
    places.set(x, places.has(x) ? `${places.get(x)}; ${text}` : text);
  }
  const marks = [...places].map(([x, text]) => ({ x, text }));
  const step = Math.ceil(marks.length / MOST);
  return marks.filter((_, i) => i % step === 0);
}

/** The newest marks in words: `epoch 5: learning rate 0.1 → 0.01`. */
export function marksInWords(run, most = 3) {
  const marks = run?.marks ?? [];
  const words = marks.slice(-most).map(({ at, text }) => `${where(at)}: ${text}`);
  return { words, hidden: marks.length - words.length };
}

function where(at) {
  if (at === 0) return "at the start";
  return Number.isInteger(at) ? `after epoch ${at}` : `in epoch ${Math.ceil(at)}`;
}
