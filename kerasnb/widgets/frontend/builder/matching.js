/** What the palette's search finds. */

/** Best first: a name or word is the query, begins with it, holds it. */
function rank({ class_name: name, words = [] }, wanted) {
  const [own, others] = [name.toLowerCase(), words];
  if (own === wanted || others.includes(wanted)) return own === wanted ? 0 : 1;
  if (own.startsWith(wanted)) return 2;
  if (others.some((word) => word.startsWith(wanted))) return 3;
  return own.includes(wanted) ? 4 : Infinity;
}

/** Families with the classes that the query finds by their names, of either spelling, or by what people call them; `given` are
 * the arguments that a word such as `relu` stands for. */
export function matching(families, query) {
  const wanted = query.trim().toLowerCase();
  if (!wanted) return families;
  return families
    .map((family) => {
      const ranked = family.layers.map((layer) => [rank(layer, wanted), layer]).filter(([place]) => place < Infinity);
      ranked.sort(([a], [b]) => a - b);
      const layers = ranked.map(([, layer]) => (layer.meant?.[wanted] ? { ...layer, given: layer.meant[wanted] } : layer));
      return { ...family, best: ranked[0]?.[0], layers };
    })
    .filter((family) => family.layers.length)
    .toSorted((a, b) => a.best - b.best);
}

/** The layers of a model that a query finds by name, class or what people call it, in the order of the data. */
export function layersNamed(nodes, query, families = []) {
  const wanted = query.trim().toLowerCase();
  if (!wanted) return [];
  const called = new Map(families.flatMap((family) => family.layers).map(({ class_name: name, words = [] }) => [name, words]));
  const has = (node) => `${node.name} ${node.class_name}`.toLowerCase().includes(wanted)
    || called.get(node.class_name)?.some((word) => word.startsWith(wanted)) || node.values?.activation === wanted;
  return nodes.filter(has).map((node) => node.name);
}
