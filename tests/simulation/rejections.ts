/** Promises that were rejected while nobody looked: they would end the real program. */

/** Watches for them, in this isolate. */
export class Rejections implements Disposable {
  #reasons: unknown[] = [];
  readonly #listener = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    this.#reasons.push(event.reason);
  };

  constructor() {
    globalThis.addEventListener("unhandledrejection", this.#listener);
  }

  /** The reasons since the last call. */
  take(): readonly unknown[] {
    const reasons = this.#reasons;
    if (reasons.length > 0) this.#reasons = [];
    return reasons;
  }

  [Symbol.dispose](): void {
    globalThis.removeEventListener("unhandledrejection", this.#listener);
  }
}
