/** The line of a connection. */

const CORNER = 4;

/** An SVG path through points whose legs are level or upright, corners rounded. */
export function through(points) {
  let path = `M${points[0]}`;
  for (let i = 1; i < points.length - 1; i += 1) {
    path += `L${towards(points[i], points[i - 1])}Q${points[i]} ${towards(points[i], points[i + 1])}`;
  }
  return `${path}L${points.at(-1)}`;
}

function towards(from, to) {
  const length = Math.abs(to[0] - from[0]) + Math.abs(to[1] - from[1]);
  const part = Math.min(CORNER, length / 2) / length;
  return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
}
