/** Which layers are selected, in the order in which they were: the form shows the last one. */

/** Shift and a click: takes a layer in, or out again. */
export const toggled = (names, name) => (names.includes(name) ? names.filter((other) => other !== name) : [...names, name]);

/** Shift and an arrow: takes the next layer in; back to the one before, it lets the last one go. */
export function extended(names, next) {
  if (names.at(-2) === next) return names.slice(0, -1);
  return [...names.filter((name) => name !== next), next];
}

/** A box drawn around layers takes them in; `order` is that of the data. */
export const withBoxed = (names, boxed, order) => [...names, ...order.filter((name) => boxed.includes(name) && !names.includes(name))];
