/** Where the parts of a chart stand: how far its axes reach, and the label of the best epoch. */

/** The lowest and highest value of an axis whose steps are factors. */
export function logRange(low, high) {
  if (!(low > 0)) return [0.1, 1];
  return low === high ? [low * 0.7, high * 1.4] : [low * 0.88, high * 1.14];
}

/** The lowest and highest value of an even axis. */
export function evenRange(low, high) {
  if (low === null || low === undefined) return [0, 1];
  const isFlat = high - low <= 1e-6 * Math.abs(high); // what is left are the last digits of float32
  const room = (isFlat ? Math.abs(high) || 1 : high - low) * 0.06;
  return [low - room, high + room];
}

/** The label stands in the half of the chart that its point leaves free, on the side with more room. */
export function labelPlace({ x, y, left, top, width, height }, ratio) {
  const onLeft = x - left > width / 2;
  const at = [x + (onLeft ? -7 : 7) * ratio, y < top + height / 2 ? top + height * 0.62 : top + height * 0.3];
  return { align: onLeft ? "right" : "left", at };
}
