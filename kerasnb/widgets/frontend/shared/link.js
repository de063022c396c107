/**
 * The way from one view to Python: it says that somebody looks, what is sent while nobody is there goes nowhere, silence is
 * noticed, and the lasting picture is looked after.
 */
import { isLost, watchKernel } from "./connection.js";
import { keepPicture } from "./lasting.js";

export class Link {
  #listeners = new Set();
  #watch;

  constructor(model, el) {
    this.state = "connected";
    const ping = () => model.send({ view: "ping" });
    this.#watch = watchKernel({ model, el, ping }, (state) => {
      this.state = state;
      this.#listeners.forEach((listener) => listener(state));
    });
    // by name: a host's model may be an object of a class, whose methods a copy would not have
    const bound = (name) => [name, model[name].bind(model)];
    const guarded = (name) => [name, this.#unlessLost(model[name].bind(model))];
    this.model = Object.fromEntries([...["get", "set", "on", "off"].map(bound), ...["send", "save_changes"].map(guarded)]);
    this.model.widget_manager = model.widget_manager;
    this.#hear(model, "on");
    const page = `${Date.now()}-${Math.random()}`;
    const tell = (view) => !isLost(this.state) && model.send({ view, page });
    const leave = () => tell("close");
    const letGo = keepPicture({ model: this.model, el, page });
    tell("open");
    globalThis.addEventListener?.("pagehide", leave);
    this.release = () => {
      leave();
      letGo();
      globalThis.removeEventListener?.("pagehide", leave);
      this.#watch.release();
      this.#hear(model, "off");
    };
  }

  /** Calls `listener(state)` now and with each change; gives what ends that. */
  follow(listener) {
    this.#listeners.add(listener);
    listener(this.state);
    return () => this.#listeners.delete(listener);
  }

  #unlessLost(action) {
    return (...given) => {
      if (isLost(this.state)) return undefined;
      this.#watch.asked();
      return action(...given);
    };
  }

  #hear(model, verb) {
    for (const event of ["msg:custom", "change"]) model[verb](event, this.#watch.heard);
  }
}
