/**
 * Outlines: the form of what a letter says, before it becomes plain text or
 * HTML.
 *
 * All that came from outside is printable from here on.
 *
 * @module
 */

import type { Entry } from "./letter_entry.ts";
import type { Voice } from "./letter_voice.ts";
import { IdRoom, LISTED, LISTED_IN_ALL, LISTED_OF_MANY } from "./letter_room.ts";
import type { Words } from "./letter_words.ts";

/** A letter's body. */
export interface Outline {
  readonly sections: readonly Section[];
  /** Sentences below the sections. */
  readonly notes: readonly string[];
  readonly footer: Footer;
}

/** What stands at the foot of every letter. */
export interface Footer {
  /** Whose clock the times are read from. */
  readonly zone: string;
  readonly sender: string;
  /** Where the sender's pages are, if anyone said. */
  readonly home: string | null;
}

/** Apps that fared alike, addresses that could not be reached, or a heading that says all. */
export interface Section {
  /** Never the only sign: the heading says it in words. */
  readonly tone: "bad" | "good" | "calm";
  readonly heading: string;
  /** What is to be said of all of it, a paragraph each. */
  readonly sentences: readonly string[];
  /** Whether each entry is one line. */
  readonly isCompact: boolean;
  readonly entries: readonly Entry[];
  /** What stands for the entries that were left out; null if none were. */
  readonly more: string | null;
}

/** A section before it is known how many of its entries the letter has room for. */
export interface Group extends Omit<Section, "more"> {
  /** The ids of what the letter names, with or without an entry; those with one come first. */
  readonly ids: readonly string[];
  readonly total: number;
}

/** A section without entries: its heading, and what is to be said of it. */
export function notice(
  tone: Section["tone"],
  heading: string,
  sentences: readonly string[] = [],
): Section {
  return { tone, heading, sentences, isCompact: false, entries: [], more: null };
}

/** As many entries as a section shows. */
export function entries<Fact>(
  facts: readonly Fact[],
  entry: (fact: Fact, speaker: Voice) => Entry,
  speaker: Voice,
): readonly Entry[] {
  return facts.slice(0, LISTED).map((fact) => entry(fact, speaker));
}

/**
 * The groups with as many entries as the letter has room for; the first are the
 * last to lose any. What a group names beyond them stands there by its id.
 */
export function fitted(groups: readonly Group[], words: Words): readonly Section[] {
  const isCrowded = groups.reduce((sum, { ids }) => sum + ids.length, 0) > LISTED_IN_ALL;
  let room = isCrowded ? LISTED_OF_MANY : LISTED_IN_ALL;
  const idRoom = new IdRoom();
  return groups.filter(({ total }) => total > 0).map(({ total, ids, ...group }) => {
    const entries = group.entries.slice(0, room);
    room -= entries.length;
    const rest = idRoom.take(ids.slice(entries.length));
    return { ...group, entries, more: moreText({ listed: entries.length, rest, total }, words) };
  });
}

/** What stands for the entries that were left out; null if none were, or the heading says it all. */
function moreText(
  { listed, rest, total }: {
    readonly listed: number;
    readonly rest: readonly string[];
    readonly total: number;
  },
  words: Words,
): string | null {
  const unnamed = total - listed - rest.length;
  const named = [...rest, ...(unnamed > 0 ? [words.more(unnamed)] : [])].join(", ");
  // Without any entry the heading has said how many there are.
  if (listed === 0) return rest.length === 0 ? null : named;
  if (total === listed) return null;
  const more = words.andMore(total - listed);
  return rest.length === 0 ? more : `${more}: ${named}`;
}

/** The foot of a letter. */
export function footer({ words, calendar, baseUrl }: Voice): Footer {
  return { zone: words.zone(calendar.zone), sender: words.sender, home: baseUrl };
}
