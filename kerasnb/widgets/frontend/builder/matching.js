/** What the palette's search finds. */

/** Families with the classes whose name holds the query; names that begin with it come first. */
export function matching(families, query) {
  const wanted = query.trim().toLowerCase();
  if (!wanted) return families;
  const rank = ({ class_name: name }) => (name.toLowerCase().startsWith(wanted) ? 0 : 1);
  return families
    .map((family) => ({
      ...family,
      layers: family.layers.filter((layer) => layer.class_name.toLowerCase().includes(wanted)).toSorted((a, b) => rank(a) - rank(b)),
    }))
    .filter((family) => family.layers.length)
    .toSorted((a, b) => rank(a.layers[0]) - rank(b.layers[0]));
}
