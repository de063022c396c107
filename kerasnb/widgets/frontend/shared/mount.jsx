/** Joins a component to an anywidget model: rendering, traits as hooks, keys kept inside the widget. */
import { createContext } from "preact";
import { useCallback, useContext, useEffect, useState } from "preact/hooks";
import { isLost } from "./connection.js";
import { drawInto, guardFocus } from "./drawing.js";
import { drawWhereGivenUp } from "./given_up.js";
import { ConnectionStrip, Kernel } from "./kernel.jsx";
import { guardKeys } from "./keys.js";
import { Link } from "./link.js";

const Model = createContext(null);

/** The anywidget definition that draws `Component` in each place where the widget is displayed. */
export function defineWidget(Component) {
  return {
    initialize({ model }) {
      drawWhereGivenUp(model);
    },
    render({ model, el }) {
      el.classList.add("kn");
      const releases = [guardKeys(el), guardFocus(el)];
      const link = new Link(model, el);
      drawInto(el, <Whole link={link} el={el} Component={Component} />);
      return () => {
        drawInto(el, null);
        link.release();
        releases.forEach((release) => release());
      };
    },
  };
}

/** The widget with what is known of its kernel: grey, with its controls disabled, where nothing would reach Python. */
function Whole({ link, el, Component }) {
  const [state, setState] = useState(link.state);
  useEffect(() => link.follow(setState), [link]);
  useEffect(() => {
    el.classList.toggle("kn-lost", isLost(state));
  }, [state, el]);
  return (
    <Kernel.Provider value={state}>
      <Model.Provider value={link.model}>
        <ConnectionStrip el={el} />
        <Component el={el} />
      </Model.Provider>
    </Kernel.Provider>
  );
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
