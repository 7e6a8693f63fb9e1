/**
 * The timers of the runtime, which would let real time pass: what only waits
 * for the loop to turn waits for one turn of it.
 */

import { setImmediate } from "node:timers";

/** Stands between the service and the runtime, in this isolate. */
export class Timers implements Disposable {
  readonly #setTimeout = globalThis.setTimeout;

  constructor() {
    const original = this.#setTimeout;
    const replaced = (work: () => void, wait = 0): unknown => {
      if (wait > 0) return original(work, wait);
      return setImmediate(work);
    };
    Object.assign(globalThis, { setTimeout: replaced });
  }

  [Symbol.dispose](): void {
    Object.assign(globalThis, { setTimeout: this.#setTimeout });
  }
}
