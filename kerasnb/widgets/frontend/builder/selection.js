/** Which layers are selected, in the order in which they were: the form shows the last one. */

const without = (names, gone) => names.filter((name) => !gone.includes(name));
const has = (names, some) => some.every((name) => names.includes(name));

/** Shift and a click: takes layers in, or out again. */
export const toggled = (names, some) => (has(names, some) ? without(names, some) : [...without(names, some), ...some]);

/** Shift and an arrow: takes the next ones in; back to some that are in, it lets those go where it comes from. */
export function extended(names, here, next) {
  const left = has(names, next) ? without(names, here) : names;
  return [...without(left, next), ...next];
}

/** A box drawn around layers takes them in; `order` is that of the data. */
export const withBoxed = (names, boxed, order) => [...names, ...order.filter((name) => boxed.includes(name) && !names.includes(name))];
