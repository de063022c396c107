/** One request under way at a time, and always the newest value last. */

export class Newest {
  #asked = null;
  #wanted = null;
  #ask;

  /** `ask(value)` sends a request. */
  constructor(ask) {
    this.#ask = ask;
  }

  /** Whether a request waits for its answer. */
  get isBusy() {
    return this.#asked !== null;
  }

  /** Ask for a value: now, or when the request under way is answered, unless a newer one comes. */
  move(value) {
    if (this.isBusy) this.#wanted = value;
    else this.#send(value);
  }

  /** What is on screen belongs to this value now. */
  answered(value) {
    if (value !== this.#asked) return;
    const next = this.#wanted;
    this.#asked = null;
    if (next !== null) this.#send(next);
  }

  #send(value) {
    this.#asked = value;
    this.#wanted = null;
    this.#ask(value);
  }
}
