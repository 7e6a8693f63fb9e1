/**
 * Room: how much a letter can tell. Gmail cuts one off at 102 kB.
 *
 * @module
 */

/** The most entries of a section: beyond a hundred nobody reads on. */
export const LISTED = 100;

/** The most entries of a letter, where that is all it names: an entry takes up to 700 bytes. */
export const LISTED_IN_ALL = 140;

/** The most entries of one that names more apps than that: the others by their ids alone. */
export const LISTED_OF_MANY = 60;

/** How long those ids may be in all, in characters: as HTML they take 50 kB at most. */
const IDS_LENGTH = 30_000;

/**
 * How many of these apps one letter can name, in their order: {@linkcode LISTED_IN_ALL}
 * at least, and some thousands whose ids are short.
 */
export function fitting(appIds: readonly string[]): number {
  return Math.max(new IdRoom().take(appIds).length, Math.min(appIds.length, LISTED_IN_ALL));
}

/** Room for ids that stand without an entry. */
export class IdRoom {
  #left = IDS_LENGTH;

  /** As many of the ids as there is room for, in their order. */
  take(ids: readonly string[]): readonly string[] {
    for (const [index, id] of ids.entries()) {
      this.#left -= id.length + ", ".length;
      if (this.#left < 0) return ids.slice(0, index);
    }
    return ids;
  }
}
