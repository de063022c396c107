/** Joins a React component to an anywidget model: rendering, traits as hooks, keys kept inside the widget. */
import { createContext, useCallback, useContext, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";

const Model = createContext(null);

/** The anywidget definition that draws `Component` in each place where the widget is displayed. */
export function defineWidget(Component) {
  return {
    render({ model, el }) {
      el.classList.add("kn");
      const root = createRoot(el);
      root.render(<Model.Provider value={model}><Component el={el} /></Model.Provider>);
      const release = guardKeys(el);
      return () => {
        release();
        root.unmount();
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

/**
 * Keeps keys inside the widget: JupyterLab's single-key shortcuts would add and delete cells while
 * somebody types here. Saving the notebook still reaches it.
 */
export function guardKeys(el) {
  const saves = (event) => (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";
  const stop = (event) => {
    if (!saves(event)) event.stopPropagation();
  };
  el.addEventListener("keydown", stop);
  return () => el.removeEventListener("keydown", stop);
}

/** Whether a key event comes from somewhere text is typed, where single keys are not commands. */
export function isTyping(event) {
  return /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
}
