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

/** The most entries of a section: beyond a hundred nobody reads on. */
export const LISTED = 100;

/** The most entries of a letter: Gmail cuts one off at 102 kB, and an entry takes up to 700 bytes. */
export const LISTED_IN_ALL = 140;

/** A section before it is known how many of its entries the letter has room for. */
export interface Group extends Omit<Section, "more"> {
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

/** The groups with as many entries as the letter has room for; the first are the last to lose any. */
export function fitted(groups: readonly Group[], words: Words): readonly Section[] {
  let room = LISTED_IN_ALL;
  return groups.filter(({ total }) => total > 0).map(({ total, ...group }) => {
    const entries = group.entries.slice(0, room);
    room -= entries.length;
    // Without any entry the heading has said how many there are.
    const isWhole = entries.length === total || entries.length === 0;
    return { ...group, entries, more: isWhole ? null : words.andMore(total - entries.length) };
  });
}

/** The foot of a letter. */
export function footer({ words, calendar, baseUrl }: Voice): Footer {
  return { zone: words.zone(calendar.zone), sender: words.sender, home: baseUrl };
}
