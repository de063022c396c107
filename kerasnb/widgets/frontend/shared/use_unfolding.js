/** What a person has unfolded in a list of layers. */
import { useState } from "preact/hooks";
import { unfolded } from "./unfolding.js";

/** The rows that are seen, what is unfolded, and a function that unfolds a layer or folds it. */
export function useUnfolding(rows) {
  const [open, setOpen] = useState(() => new Set());
  const unfold = (name, isOpen = !open.has(name)) => {
    const next = new Set(open);
    if (isOpen) next.add(name);
    else next.delete(name);
    setOpen(next);
  };
  return { seen: unfolded(rows, open), open, unfold };
}
