/** How far Python is with what the user chose to look at. */

/** `pending`, `ready`, `empty` or `failed`; what was asked for and not begun yet is pending too. */
export function stateOf(look, wanted) {
  const isThis = look.of?.length === wanted.length && wanted.every((value, at) => value === look.of[at]);
  return isThis ? look.state : "pending";
}

const VERBS = { Output: "computing the output of", Weights: "reading the weights of", Gradients: "computing the gradients at" };

/** `reading the weights of conv_1 (conv_1_b is next)`; without a kernel it says that nobody reads them. */
export function waitingWords(tab, layer, next, isLost) {
  if (isLost) return `${layer} was not looked at before the kernel was lost.`;
  return `${VERBS[tab]} ${layer}${next ? `, ${next}` : ""}`;
}
