/** Which layers a pattern of names means, for a word beside the field; Python decides what is frozen. */

const escaped = (text) => text.replace(/[.+^${}()|\\]/g, "\\$&");

/** A pattern with `*`, `?` and `[...]` as a regular expression over whole names; null where it is not closed. */
export function expression(pattern) {
  try {
    const sets = escaped(pattern).replace(/\[!/g, "[^");
    return new RegExp(`^${sets.replace(/\*/g, ".*").replace(/\?/g, ".")}$`, "s");
  } catch {
    return null;
  }
}

/** The own name of a layer that stands in another one; that of others matches by itself. */
const inner = (name) => name.slice(name.lastIndexOf("/") + 1);

/** The rows with weights that the pattern matches. */
export function matching(pattern, rows) {
  const wanted = pattern.trim();
  const means = wanted && expression(wanted);
  const isMeant = ({ name }) => name === wanted || means.test(name) || (!wanted.includes("/") && means.test(inner(name)));
  return means ? rows.filter((row) => row.params > 0 && isMeant(row)) : [];
}

/** `3 layers: conv_1, conv_2 ...`; nothing while nothing is asked. */
export function matchWords(pattern, found) {
  if (!pattern.trim()) return "layers by name or pattern";
  if (!found.length) return "matches no layer with weights";
  const names = found.slice(0, 3).map((row) => row.name).join(", ") + (found.length > 3 ? " ..." : "");
  return `${found.length} layer${found.length === 1 ? "" : "s"}: ${names}`;
}
