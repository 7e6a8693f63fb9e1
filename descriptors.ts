/**
 * File descriptors: how many more of them the system gives, and some that are
 * held back for when it gives few.
 *
 * Found out by opening a file that every system has: what would tell
 * (`/proc/self/limits`) our permissions do not open.
 *
 * @module
 */

/** Always there, and open to everyone. */
const ORDINARY_FILE = "/dev/null";

/** The most descriptors that are held back, and the share of those that there are. */
const RESERVE = 64;
const RESERVED_SHARE = 1 / 6;

/** The share of the room looked for below which they are given up. */
const GIVEN_UP_BELOW = 1 / 4;

/** The descriptors that this process may have. */
export class Descriptors implements Disposable {
  readonly #held: Deno.FsFile[] = [];
  /** How many are held while there are enough. */
  #reserve = 0;

  /** How many there are, up to `most`; from now on some of them are held back. */
  measure(most: number): number {
    const free = countFree(most);
    this.#reserve = Math.min(RESERVE, Math.floor(free * RESERVED_SHARE));
    this.#hold();
    return free;
  }

  /** How many more there are, up to `room`; of few, with those that were held back. */
  look(room: number): number {
    const free = countFree(room);
    if (free < room * GIVEN_UP_BELOW) {
      this[Symbol.dispose]();
      return countFree(room);
    }
    if (this.#held.length === 0 && countFree(room + this.#reserve) === room + this.#reserve) {
      this.#hold();
    }
    return free;
  }

  /** Holds none any more. */
  [Symbol.dispose](): void {
    for (const file of this.#held.splice(0)) file.close();
  }

  #hold(): void {
    while (this.#held.length < this.#reserve) this.#held.push(Deno.openSync(ORDINARY_FILE));
  }
}

/** Whether it failed for want of a descriptor: the process has no more, or the whole machine. */
export function isOutOfDescriptors(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return error.code === "EMFILE" || error.code === "ENFILE";
}

/** How many more there are, up to `most`; as many, where nobody can tell. */
function countFree(most: number): number {
  const opened: Deno.FsFile[] = [];
  try {
    while (opened.length < most) opened.push(Deno.openSync(ORDINARY_FILE));
  } catch (error) {
    if (!isOutOfDescriptors(error)) return most;
  } finally {
    for (const file of opened) file.close();
  }
  return opened.length;
}
