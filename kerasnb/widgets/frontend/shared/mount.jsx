/** Joins a component to an anywidget model: rendering, traits as hooks, keys kept inside the widget. */
import { createContext } from "preact";
import { useCallback, useContext, useEffect, useState } from "preact/hooks";
import { drawInto, guardFocus } from "./drawing.js";
import { guardKeys } from "./keys.js";

const Model = createContext(null);

/** The anywidget definition that draws `Component` in each place where the widget is displayed. */
export function defineWidget(Component) {
  return {
    render({ model, el }) {
      el.classList.add("kn");
      const releases = [guardKeys(el), guardFocus(el)];
      drawInto(el, <Model.Provider value={model}><Component el={el} /></Model.Provider>);
      return () => {
        drawInto(el, null);
        releases.forEach((release) => release());
      };
    },
  };
}

export const useModel = () => useContext(Model);

/** The value of one trait, redrawn when Python changes it. */
export function useTrait(name) {
  const model = useModel();
  const [value, setValue] = useState(() => model.get(name));
  useEffect(() => {
    const update = () => setValue(model.get(name));
    update();
    model.on(`change:${name}`, update);
    return () => model.off(`change:${name}`, update);
  }, [model, name]);
  return value;
}

/** A trait the browser may write: `[value, setValue]`. */
export function useSyncedTrait(name) {
  const model = useModel();
  const value = useTrait(name);
  const set = useCallback(
    (next) => {
      model.set(name, next);
      model.save_changes();
    },
    [model, name],
  );
  return [value, set];
}

/** Calls `handler(message, buffers)` for every custom message from Python. */
export function useMessages(handler) {
  const model = useModel();
  useEffect(() => {
    model.on("msg:custom", handler);
    return () => model.off("msg:custom", handler);
  }, [model, handler]);
}
