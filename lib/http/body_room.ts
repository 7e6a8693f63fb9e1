/**
 * The room that unfinished bodies share.
 *
 * Where it gets short, the one that came first is given up, of those of the
 * address that holds the most: who brings many at once, and slowly, is in
 * nobody's way but their own. A small body is not counted: none is ever given
 * up for others.
 *
 * @module
 */

/** How many bytes of unfinished bodies are held, all together: 32 of the longest there may be. */
export const BODY_ROOM = 32 * 1024 * 1024;

/** An unfinished body. */
export interface Holder {
  /** The sender's address. */
  readonly from: string;
  /** How many bytes of it are held. */
  held: number;
  /** Its room is needed. */
  readonly giveUp: () => void;
}

/** Counts what is held. */
export class BodyRoom {
  /** The one that came first comes first. */
  readonly #holders = new Set<Holder>();
  #held = 0;

  /** So many more bytes of it are held. */
  hold(holder: Holder, bytes: number): void {
    this.#holders.add(holder);
    holder.held += bytes;
    this.#held += bytes;
    while (this.#held > BODY_ROOM) {
      const greedy = this.#greedy();
      if (greedy === null) return;
      this.leave(greedy);
      greedy.giveUp();
    }
  }

  /** It is whole, or was given up; may be said again. */
  leave(holder: Holder): void {
    if (this.#holders.delete(holder)) this.#held -= holder.held;
  }

  /** The first of the address that holds the most. */
  #greedy(): Holder | null {
    const held = new Map<string, number>();
    for (const { from, held: bytes } of this.#holders) {
      held.set(from, (held.get(from) ?? 0) + bytes);
    }
    let most: Holder | null = null;
    for (const holder of this.#holders) {
      const isMore = most === null || (held.get(holder.from) ?? 0) > (held.get(most.from) ?? 0);
      if (isMore) most = holder;
    }
    return most;
  }
}
