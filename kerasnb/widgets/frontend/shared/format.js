/** Numbers as people read them here: thousands by commas, shares in whole percents. */

export const count = (number) => (number === null || number === undefined ? "?" : number.toLocaleString("en-US"));

/** `0.574` -> `57 %`, with a narrow no-break space. */
export const percent = (fraction) => `${Math.round(fraction * 100)}\u202f%`;

/** Seconds as `2.1 ms`, `12 s` or `3 min`. */
export function duration(seconds) {
  if (seconds < 0.0995) return `${Number((seconds * 1000).toPrecision(2))}\u202fms`;
  if (seconds < 90) return `${seconds < 9.95 ? Number(seconds.toPrecision(2)) : Math.round(seconds)}\u202fs`;
  return `${Math.round(seconds / 60)}\u202fmin`;
}

/** A name cut in the middle, so that those that differ at their ends can be told apart: `block4_…_conv3`. */
export function cutInside(name, most) {
  if (name.length <= most) return name;
  const end = Math.ceil((most - 1) * 0.6);
  return `${name.slice(0, most - 1 - end)}…${name.slice(-end)}`;
}
