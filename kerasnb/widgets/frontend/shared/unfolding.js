/** Which rows of layers are seen: those inside others, named by paths, only where these are unfolded. */

/** The rows that are seen; each `inside` says how many stand directly in it. */
export function unfolded(rows, open) {
  const seen = new Set();
  return rows.filter((row) => {
    const holder = holderOf(row, rows);
    const isSeen = !holder || (seen.has(holder.name) && open.has(holder.name));
    if (isSeen) seen.add(row.name);
    return isSeen;
  });
}

/** The row of the layer that holds this one, if any does. */
export function holderOf(row, rows) {
  if (!row.depth) return undefined;
  return rows.findLast((one) => one.depth === row.depth - 1 && row.name.startsWith(`${one.name}/`));
}

/** The layers around this one, by their paths. */
export function holdersOf(name, rows) {
  return rows.filter((one) => name.startsWith(`${one.name}/`)).map((one) => one.name);
}

/** The last part of a path. */
export const ownName = (row) => (row.depth ? row.name.slice(row.name.lastIndexOf("/") + 1) : row.name);
