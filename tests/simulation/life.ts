/** One run of the service's process, which may be killed at any moment. */

import type { DatabaseSync } from "node:sqlite";

/** Thrown into whatever a process was doing when it was killed. */
export class Killed extends Error {
  constructor() {
    super("The process was killed");
  }
}

/** From a start to the end of it. */
export class Life {
  /** Rejects with {@linkcode Killed} at the end. */
  readonly ended: Promise<never>;
  readonly databases = new Set<DatabaseSync>();
  /** How often it has asked the clock, the database or the mail server for something. */
  stirs = 0;
  #isDead = false;
  #fuse = Infinity;
  readonly #end: (error: Killed) => void;
  readonly #onDeath: () => void;
  readonly #isSpared: () => boolean;

  /** @param isSpared whether it may not be killed now; what would have killed it does so later. */
  constructor(onDeath: () => void, isSpared: () => boolean) {
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => {});
    this.ended = promise;
    this.#end = reject;
    this.#onDeath = onDeath;
    this.#isSpared = isSpared;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** It will be killed when it has stirred so often from now on. */
  lightFuse(stirs: number): void {
    this.#fuse = this.stirs + stirs;
  }

  /** Notes that it does something; it may die of it. */
  stir(): void {
    this.stirs++;
    if (this.stirs >= this.#fuse) this.kill();
  }

  /** The same, where a dead process gets no further. */
  stirOrEnd(): void {
    this.stir();
    if (this.#isDead) throw new Killed();
  }

  /** Whatever it does from now on has no effect: what was not committed is gone. */
  kill(): void {
    if (!this.#isSpared()) this.end();
    else this.#fuse = Math.min(this.#fuse, this.stirs);
  }

  /** The same, spared or not. */
  end(): void {
    if (this.#isDead) return;
    this.#isDead = true;
    for (const database of this.databases) {
      if (database.isOpen) database.close();
    }
    this.#onDeath();
    this.#end(new Killed());
  }
}
