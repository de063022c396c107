/** A trait that a slider moves: what is asked for at once is sent one by one. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { useModel, useTrait } from "../shared/index.js";
import { Newest } from "./newest.js";

/** `answered` is the value that the picture on screen belongs to. */
export function useLatest(name, answered) {
  const model = useModel();
  const kept = useTrait(name);
  const [value, setValue] = useState(kept);
  const requests = useMemo(
    () =>
      new Newest((next) => {
        model.set(name, next);
        model.save_changes();
      }),
    [model, name],
  );

  useEffect(() => {
    if (!requests.isBusy) setValue(kept);
  }, [kept]);
  useEffect(() => requests.answered(answered), [answered, requests]);

  const move = (next) => {
    setValue(next);
    requests.move(next);
  };
  return [value, move];
}
