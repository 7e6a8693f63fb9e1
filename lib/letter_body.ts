/**
 * Bodies: what a letter of each kind says, and in which order. The worst comes
 * first.
 *
 * @module
 */

import type { FactsOf, LetterFacts, Trouble, Undelivered } from "./letter.ts";
import {
  awayEntry,
  backEntry,
  downEntry,
  type Entry,
  flappingEntry,
  lateEntry,
  reminderEntry,
  stillDownEntry,
  undeliveredEntry,
} from "./letter_entry.ts";
import {
  entries,
  fitted,
  footer,
  type Group,
  notice,
  type Outline,
  type Section,
} from "./letter_outline.ts";
import { deafness, wellness } from "./letter_subject.ts";
import type { Voice } from "./letter_voice.ts";
import type { Change } from "./letter_words.ts";
import { excerpt, printable } from "./printable.ts";

/** How much of SQLite's words is repeated, in code points: they are short. */
const REASON_LENGTH = 200;

const TONES: Readonly<Record<Change, Section["tone"]>> = {
  silent: "bad",
  failed: "bad",
  flapping: "bad",
  back: "good",
  away: "calm",
  stillDown: "bad",
};

/** The body of a letter that tells these facts. */
export function body(facts: LetterFacts, speaker: Voice): Outline {
  switch (facts.kind) {
    case "news":
      return newsBody(facts, speaker);
    case "reminder":
      return outline(
        [],
        [reminderGroup(facts, speaker), undelivered(facts.failed, speaker)],
        speaker,
      );
    case "gap":
      return outline(
        [gapNotice(facts, speaker)],
        [lateGroup(facts, speaker), undelivered(facts.failed, speaker)],
        speaker,
      );
    case "proof":
      return outline([proofNotice(facts, speaker)], [undelivered(facts.failed, speaker)], speaker);
  }
}

/** The body of a letter that tells of trouble with our own storage. */
export function troubleBody(trouble: Trouble, speaker: Voice): Outline {
  return outline([troubleNotice(trouble, speaker)], [], speaker);
}

function outline(
  notices: readonly Section[],
  groups: readonly Group[],
  speaker: Voice,
): Outline {
  const sections = [...notices, ...fitted(groups, speaker.words)];
  const nothing = notice("calm", speaker.words.nothing);
  return {
    sections: sections.length === 0 ? [nothing] : sections,
    notes: [],
    footer: footer(speaker),
  };
}

function newsBody({ digest, stillDown, failed, stale }: FactsOf<"news">, speaker: Voice): Outline {
  const { down, flapping, back, away } = digest;
  const silent = down.filter((each) => each.reason !== "fail");
  const saidSo = down.filter((each) => each.reason === "fail");
  const groups = [
    group("silent", silent.length, entries(silent, downEntry, speaker), speaker),
    group("failed", saidSo.length, entries(saidSo, downEntry, speaker), speaker),
    {
      ...group("flapping", flapping.length, entries(flapping, flappingEntry, speaker), speaker),
      sentences: [speaker.words.flappingNote],
    },
    group("back", back.length, entries(back, backEntry, speaker), speaker),
    group("away", away.length, entries(away, awayEntry, speaker), speaker),
    {
      ...group(
        "stillDown",
        stillDown.total,
        entries(stillDown.apps, stillDownEntry, speaker),
        speaker,
      ),
      isCompact: true,
    },
    undelivered(failed, speaker),
  ];
  if (stale === 0) return outline([], groups, speaker);
  const sections = fitted(groups, speaker.words);
  return { sections, notes: [speaker.words.stale(stale)], footer: footer(speaker) };
}

function reminderGroup({ stillDown }: FactsOf<"reminder">, speaker: Voice): Group {
  const listed = entries(stillDown.apps, reminderEntry, speaker);
  return { ...group("stillDown", stillDown.total, listed, speaker), isCompact: true };
}

function gapNotice(facts: FactsOf<"gap">, speaker: Voice): Section {
  const { words, calendar } = speaker;
  // After several gaps not every app was given the same.
  const end = facts.gaps === 1 ? calendar.instant(facts.to) : null;
  return notice("calm", deafness(facts, speaker), [words.moved(facts.moved, end)]);
}

function lateGroup({ later }: FactsOf<"gap">, speaker: Voice): Group {
  return {
    tone: "calm",
    heading: speaker.words.late(later.total),
    sentences: [],
    isCompact: true,
    entries: entries(later.apps, lateEntry, speaker),
    total: later.total,
  };
}

function proofNotice(facts: FactsOf<"proof">, speaker: Voice): Section {
  const { words, calendar } = speaker;
  const { total, down, unknown } = facts.apps;
  const tone = down > 0 ? "bad" : unknown > 0 || total === 0 ? "calm" : "good";
  return notice(tone, wellness(facts, speaker), [
    words.incidents(facts.incidents, calendar.instant(facts.since)),
    ...(unknown > 0 ? [words.unknownNote] : []),
    ...(facts.apps.new > 0 ? [words.unheardNote] : []),
    words.proof,
  ]);
}

function troubleNotice(trouble: Trouble, { words, calendar, now, span }: Voice): Section {
  switch (trouble.kind) {
    case "unstored": {
      const since = calendar.instant(trouble.since);
      const reason = excerpt(trouble.reason, REASON_LENGTH);
      const why = words.unstoredSince(span(now - trouble.since), since, reason);
      return notice("bad", words.unstored, [why, ...words.unstoredAdvice]);
    }
    case "lost": {
      const advice = words.lostAdvice(trouble.what, printable(trouble.database));
      return notice("bad", words.lost(trouble.what), advice);
    }
  }
}

/** Apps that fared alike. */
function group(
  change: Change,
  total: number,
  entries: readonly Entry[],
  { words }: Voice,
): Group {
  const heading = words.apps(change, total);
  return { tone: TONES[change], heading, sentences: [], isCompact: false, entries, total };
}

function undelivered(failed: readonly Undelivered[], speaker: Voice): Group {
  const count = failed.reduce((sum, each) => sum + each.count, 0);
  return {
    tone: "calm",
    heading: speaker.words.undelivered(count),
    sentences: [],
    isCompact: false,
    entries: entries(failed, undeliveredEntry, speaker),
    total: failed.length,
  };
}
