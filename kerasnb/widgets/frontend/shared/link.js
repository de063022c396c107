/** The way from one view to Python: what is sent while nobody is there goes nowhere, and silence is noticed. */
import { isLost, watchKernel } from "./connection.js";

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
    this.model = { ...model, send: this.#unlessLost(model.send), save_changes: this.#unlessLost(model.save_changes) };
    this.#hear(model, "on");
    this.release = () => {
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
