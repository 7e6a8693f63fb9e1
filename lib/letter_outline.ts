/**
 * Outlines: what a letter says, and in which order, before it becomes plain
 * text or HTML. The worst comes first.
 *
 * All that came from outside is printable from here on.
 *
 * @module
 */

import type { FactsOf, LetterFacts, LetterStyle, Undelivered } from "./letter.ts";
import {
  awayEntry,
  backEntry,
  downEntry,
  type Entry,
  stillDownEntry,
  undeliveredEntry,
  type Voice,
  voice,
} from "./letter_entry.ts";
import type { Change, Words } from "./letter_words.ts";

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
  /** Whether each entry is one line. */
  readonly isCompact: boolean;
  readonly entries: readonly Entry[];
  /** What stands for the entries that were left out; null if none were. */
  readonly more: string | null;
}

/** The most entries of a section: beyond a hundred nobody reads on. */
export const LISTED = 100;

/** The most entries of a letter: Gmail cuts one off at 102 kB, and an entry takes some 450 bytes. */
export const LISTED_IN_ALL = 200;

/** The outline of a letter that tells these facts. */
export function outline(facts: LetterFacts, style: LetterStyle): Outline {
  const speaker = voice(style);
  if (facts.kind !== "news") {
    return {
      sections: [notice("calm", speaker.words.nothing)],
      notes: [],
      footer: footer(speaker),
    };
  }
  return newsOutline(facts, speaker);
}

function newsOutline(facts: FactsOf<"news">, speaker: Voice): Outline {
  const { digest, stillDown, failed, stale } = facts;
  const silent = digest.down.filter((each) => each.reason !== "fail");
  const saidSo = digest.down.filter((each) => each.reason === "fail");
  const groups = [
    changed("silent", silent.length, speaker, entries(silent, downEntry, speaker)),
    changed("failed", saidSo.length, speaker, entries(saidSo, downEntry, speaker)),
    changed("back", digest.back.length, speaker, entries(digest.back, backEntry, speaker)),
    changed("away", digest.away.length, speaker, entries(digest.away, awayEntry, speaker)),
    changed(
      "stillDown",
      stillDown.total,
      speaker,
      entries(stillDown.apps, stillDownEntry, speaker),
    ),
    undelivered(failed, speaker),
  ];

  const sections = fitted(groups.filter((each) => each.total > 0), speaker.words);
  const notes = stale > 0 ? [speaker.words.stale(stale)] : [];
  const isEmpty = sections.length === 0 && notes.length === 0;
  return {
    sections: isEmpty ? [notice("calm", speaker.words.nothing)] : sections,
    notes,
    footer: footer(speaker),
  };
}

/** A section that is all heading. */
export function notice(tone: Section["tone"], heading: string): Section {
  return { tone, heading, isCompact: false, entries: [], more: null };
}

/** The foot of a letter. */
export function footer({ words, calendar, baseUrl }: Voice): Footer {
  return { zone: words.zone(calendar.zone), sender: words.sender, home: baseUrl };
}

/** A section before it is known how many of its entries the letter has room for. */
interface Group extends Omit<Section, "more"> {
  readonly total: number;
}

const TONES: Readonly<Record<Change, Section["tone"]>> = {
  silent: "bad",
  failed: "bad",
  back: "good",
  away: "calm",
  stillDown: "bad",
};

function changed(
  change: Change,
  total: number,
  { words }: Voice,
  entries: readonly Entry[],
): Group {
  const heading = words.apps(change, total);
  return { tone: TONES[change], heading, isCompact: change === "stillDown", entries, total };
}

function undelivered(failed: readonly Undelivered[], speaker: Voice): Group {
  const count = failed.reduce((sum, each) => sum + each.count, 0);
  return {
    tone: "calm",
    heading: speaker.words.undelivered(count),
    isCompact: false,
    entries: entries(failed, undeliveredEntry, speaker),
    total: failed.length,
  };
}

function entries<Fact>(
  facts: readonly Fact[],
  entry: (fact: Fact, speaker: Voice) => Entry,
  speaker: Voice,
): readonly Entry[] {
  return facts.slice(0, LISTED).map((fact) => entry(fact, speaker));
}

/** The groups with as many entries as the letter has room for; the first are the last to lose any. */
function fitted(groups: readonly Group[], words: Words): readonly Section[] {
  let room = LISTED_IN_ALL;
  return groups.map(({ total, ...group }) => {
    const entries = group.entries.slice(0, room);
    room -= entries.length;
    // Without any entry the heading has said how many there are.
    const isWhole = entries.length === total || entries.length === 0;
    return { ...group, entries, more: isWhole ? null : words.andMore(total - entries.length) };
  });
}
