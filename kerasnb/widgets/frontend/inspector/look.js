/** How far Python is with what the user chose to look at. */

/** `pending`, `ready`, `empty` or `failed`; what was asked for and not begun yet is pending too. */
export function stateOf(look, wanted) {
  const isThis = look.of?.length === wanted.length && wanted.every((value, at) => value === look.of[at]);
  return isThis ? look.state : "pending";
}

/** What is wanted, as Python names it: the unit counts where an input is looked for that it answers to, the answer in saliency. */
export function wantedOf(layer, sample, phase, tab, unit, answer) {
  const counted = { Maximizes: [unit], Saliency: [answer] }[tab] ?? [];
  return [layer, sample, phase, tab, ...counted];
}

/** Whether a view is of what is to be compared, seen in the same way. */
export const isOf = (view, beside, tab) =>
  beside.layer !== undefined && view.layer === beside.layer && view.sample === beside.sample && view.tab === tab;

const VERBS = {
  Output: "computing the output of",
  Weights: "reading the weights of",
  Gradients: "computing the gradients at",
  Saliency: "computing what moves the answer, looking at",
  Epochs: "putting together the epochs of",
  Maximizes: "looking for an input that answers best in",
};

/** `reading the weights of conv_1 (conv_1_b is next)`; without a kernel it says that nobody reads them. */
export function waitingWords(tab, layer, next, isLost) {
  if (isLost) return `${layer} was not looked at before the kernel was lost.`;
  return `${VERBS[tab]} ${layer}${next ? `, ${next}` : ""}`;
}
