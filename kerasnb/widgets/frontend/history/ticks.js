/** Where the axes of a chart have their numbers. */

/** 1, 2 and 5 times powers of ten inside the range; where that gives fewer than two, evenly spaced round numbers. */
export function logTicks(low, high) {
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
    for (const step of [1, 2, 5]) ticks.push(step * 10 ** power);
  }
  const inside = ticks.filter((tick) => tick >= low && tick <= high);
  if (inside.length > 6) return inside.filter((tick) => /^1/.test(tick.toExponential()));
  return inside.length > 1 ? inside : evenTicks(low, high);
}

export function evenTicks(low, high, wanted = 5) {
  const raw = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((size) => size * power).find((size) => size >= raw);
  const ticks = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + step * 1e-6; tick += step) ticks.push(tick);
  return ticks;
}

/** Evenly spaced whole numbers, none beyond the ends. */
export const wholeTicks = (low, high) => evenTicks(low, high).filter((tick) => Number.isInteger(tick) && tick <= high);

/** Whole epochs, at most about six, the first one among them. */
export function epochTicks(low, high) {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((size) => high / size <= 6) ?? Math.ceil(high / 6);
  const ticks = low < 1 ? [0, 1] : [1];
  for (let tick = step; tick <= high; tick += step) if (tick > ticks.at(-1) + step / 2) ticks.push(tick);
  return ticks;
}

/** The numbers of an axis with as many digits as it takes to tell them apart. */
export function ticksText(ticks) {
  for (let digits = 3; ; digits += 1) {
    const words = ticks.map((tick) => String(Number(tick.toPrecision(digits))));
    if (digits === 9 || new Set(words).size === words.length) return words;
  }
}
