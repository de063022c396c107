/** A trait that a slider moves: one request under way at a time, and always the newest value last. */
import { useCallback, useEffect, useRef, useState } from "react";
import { useModel, useTrait } from "../shared/index.js";

/** `answered` is the value that the picture on screen belongs to. */
export function useLatest(name, answered) {
  const model = useModel();
  const kept = useTrait(name);
  const [value, setValue] = useState(kept);
  const asked = useRef(null);
  const wanted = useRef(null);

  const ask = useCallback(
    (next) => {
      asked.current = next;
      wanted.current = null;
      model.set(name, next);
      model.save_changes();
    },
    [model, name],
  );

  useEffect(() => {
    if (asked.current === null) setValue(kept);
  }, [kept]);

  useEffect(() => {
    if (answered !== asked.current) return;
    asked.current = null;
    if (wanted.current !== null) ask(wanted.current);
  }, [answered, ask]);

  const move = (next) => {
    setValue(next);
    if (asked.current === null) ask(next);
    else wanted.current = next;
  };
  return [value, move];
}
