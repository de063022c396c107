/** What all lines of a chart say at one place, also those that have no point there. */

/** The place of the known value that is nearest to `at` in a column, null where it has none. */
export function nearest(xs, values, at) {
  let best = null;
  for (let i = 0; i < xs.length; i += 1) {
    if (values[i] === null || values[i] === undefined) continue;
    if (best === null || Math.abs(xs[i] - at) < Math.abs(xs[best] - at)) best = i;
  }
  return best;
}

/** The value of each line at the hovered place, null where a line ends before it. */
export function readings(data, hovered) {
  const [xs, ...lines] = data;
  const at = xs[hovered];
  return lines.map((values) => {
    const known = values.flatMap((value, i) => (value === null || value === undefined ? [] : [xs[i]]));
    if (!known.length || at < known[0] - half(known, 0) || at > known.at(-1) + half(known, known.length - 1)) return null;
    return values[nearest(xs, values, at)];
  });
}

/** Half the distance from a point to its neighbour: so far a line still speaks. */
function half(xs, at) {
  const other = at === 0 ? 1 : at - 1;
  return xs.length > 1 ? Math.abs(xs[other] - xs[at]) / 2 : 0.5;
}
