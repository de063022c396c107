/** Curves made smooth. */

/** An exponential running average, whose start at nothing is corrected; unknown values stay unknown. */
export function smoothed(values, share) {
  if (!(share > 0)) return values;
  let average = 0;
  let weight = 0;
  return values.map((value) => {
    if (value === null || value === undefined) return null;
    average = share * average + (1 - share) * value;
    weight = share * weight + (1 - share);
    return average / weight;
  });
}
