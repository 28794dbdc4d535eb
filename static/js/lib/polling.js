// Asking again and again: quickly while something moves and someone looks, slowly otherwise, at once after an action.

import { Away, Refused } from "./api.js";

export const QUICK = 1000;
export const SLOW = 10_000;
const HIDDEN = 60_000;
const AGAIN = 3000;

export class Polling {
  #load;
  #apply;
  #fail;
  #wait;
  #timer;
  #asking;
  #started = false;

  /** `load(signal)` asks, `apply(data)` shows and tells in how many ms to ask again, `fail(error)` hears refusals. */
  constructor(load, apply, fail) {
    this.#load = load;
    this.#apply = apply;
    this.#fail = fail;
    this.#wait = SLOW;
  }

  start() {
    this.#started = true;
    document.addEventListener("visibilitychange", this.#look);
    this.now();
  }

  stop() {
    this.#started = false;
    document.removeEventListener("visibilitychange", this.#look);
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#asking = null;
  }

  /** Ask at once; what was asked before is not waited for. Does nothing once stopped. */
  async now() {
    if (!this.#started) return;
    clearTimeout(this.#timer);
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    try {
      const data = await this.#load(asking.signal);
      if (asking.signal.aborted) return;
      this.#wait = this.#apply(data) ?? SLOW;
    } catch (error) {
      if (asking.signal.aborted) return;
      if (!(error instanceof Away) && !(error instanceof Refused)) throw error;
      if (error instanceof Refused) this.#fail(error);
      this.#wait = AGAIN;
    }
    this.#timer = setTimeout(() => this.now(), document.hidden ? HIDDEN : this.#wait);
  }

  #look = () => document.hidden || this.now();
}
