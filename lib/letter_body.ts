/**
 * Bodies: what a letter of each kind says, and in which order. The worst comes
 * first.
 *
 * @module
 */

import type { FactsOf, LetterFacts, Named, StillDown, Trouble, Undelivered } from "./letter.ts";
import {
  awayEntry,
  backEntry,
  downEntry,
  type Entry,
  flappingEntry,
  heardEntry,
  putOffEntry,
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
import type { HeardAfterAll } from "./put_off.ts";

/** How much of SQLite's words, or the system's, is repeated, in code points: they are short. */
const REASON_LENGTH = 200;

const TONES: Readonly<Record<Change, Section["tone"]>> = {
  silent: "bad",
  failed: "bad",
  flapping: "bad",
  back: "good",
  away: "calm",
  stillDown: "bad",
  unknown: "calm",
  heard: "good",
};

/** The body of a letter that tells these facts. */
export function body(facts: LetterFacts, speaker: Voice): Outline {
  switch (facts.kind) {
    case "news":
      return newsBody(facts, speaker);
    case "reminder":
      return outline(
        [],
        [stillDownGroup(facts.stillDown, reminderEntry, speaker), ...others(facts, speaker)],
        speaker,
      );
    case "gap":
      return outline([gapNotice(facts, speaker)], others(facts, speaker), speaker);
    case "proof":
      return outline([proofNotice(facts, speaker)], others(facts, speaker), speaker);
    case "capacity":
      return outline([capacityNotice(facts, speaker)], others(facts, speaker), speaker);
  }
}

/** The body of a letter that tells of trouble with the service itself. */
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

function newsBody(facts: FactsOf<"news">, speaker: Voice): Outline {
  const { digest, putOffs, stillDown, failed, heard } = facts;
  const { down, flapping, back, away } = digest;
  const silent = down.filter((each) => each.reason !== "fail");
  const saidSo = down.filter((each) => each.reason === "fail");
  const groups = [
    group("silent", silent, downEntry, speaker),
    group("failed", saidSo, downEntry, speaker),
    {
      ...group("flapping", flapping, flappingEntry, speaker),
      sentences: [speaker.words.flappingNote],
    },
    group("unknown", putOffs, putOffEntry, speaker),
    group("back", back, backEntry, speaker),
    group("away", away, awayEntry, speaker),
    heardGroup(heard, speaker),
    // Told before: what there is no room for need not be named again.
    { ...stillDownGroup(stillDown, stillDownEntry, speaker), ids: [] },
    undelivered(failed, speaker),
  ];
  return { ...outline([], groups, speaker), notes: notes(facts, speaker) };
}

function notes(
  { digest, left, stale, isCrowded }: FactsOf<"news">,
  { words, mailInterval, span }: Voice,
): readonly string[] {
  const isGathered = isCrowded && mailInterval > 0 && digest.down.length > 0;
  return [
    ...(left > 0 ? [words.left(left)] : []),
    ...(isGathered ? [words.gathered(span(mailInterval))] : []),
    ...(stale > 0 ? [words.stale(stale)] : []),
  ];
}

function stillDownGroup(
  { apps, others, total }: StillDown,
  entry: typeof stillDownEntry,
  speaker: Voice,
): Group {
  const listed = group("stillDown", apps, entry, speaker);
  const heading = speaker.words.apps("stillDown", total);
  const ids = [...listed.ids, ...others.map(printable)];
  return { ...listed, heading, ids, total, isCompact: true };
}

/** What any letter brings beside what it is for. */
function others(
  { heard, failed }: Pick<FactsOf<"proof">, "heard" | "failed">,
  speaker: Voice,
): readonly Group[] {
  return [heardGroup(heard, speaker), undelivered(failed, speaker)];
}

function heardGroup(heard: readonly HeardAfterAll[], speaker: Voice): Group {
  return { ...group("heard", heard, heardEntry, speaker), isCompact: true };
}

function gapNotice(facts: FactsOf<"gap">, speaker: Voice): Section {
  const { words, calendar } = speaker;
  // After several gaps not every app was given the same.
  const end = facts.gaps === 1 ? calendar.instant(facts.to) : null;
  const why = words.because(facts.cause, facts.gaps);
  return notice("calm", deafness(facts, speaker), [
    why,
    words.moved(facts.moved - facts.putOff, end),
    ...(facts.putOff > 0 ? [words.putOffLater(facts.putOff)] : []),
  ]);
}

function proofNotice(facts: FactsOf<"proof">, speaker: Voice): Section {
  const { words, calendar } = speaker;
  const { total, down, unknown } = facts.apps;
  const tone = down > 0 ? "bad" : unknown > 0 || total === 0 ? "calm" : "good";
  return notice(tone, wellness(facts, speaker), [
    words.incidents(facts.incidents, calendar.instant(facts.since)),
    ...(unknown > 0 ? [words.unknownNote] : []),
    words.proof,
  ]);
}

function capacityNotice(facts: FactsOf<"capacity">, { words }: Voice): Section {
  const isFull = facts.apps >= facts.most;
  return notice(isFull ? "bad" : "calm", words.capacity(facts), words.capacityAdvice(isFull));
}

function troubleNotice(trouble: Trouble, { words, calendar, now, span }: Voice): Section {
  switch (trouble.kind) {
    case "unstored": {
      const since = calendar.instant(trouble.since);
      const reason = excerpt(trouble.reason, REASON_LENGTH);
      const why = words.unstoredSince(span(now - trouble.since), since, reason);
      return notice("bad", words.unstored, [why, ...words.unstoredAdvice]);
    }
    case "unreachable": {
      const since = calendar.instant(trouble.since);
      const reason = excerpt(trouble.reason, REASON_LENGTH);
      const why = words.unreachableSince(span(now - trouble.since), since, reason);
      return notice("bad", words.unreachable, [why, ...words.unreachableAdvice]);
    }
    case "lost": {
      const advice = words.lostAdvice(trouble.what, printable(trouble.database));
      return notice("bad", words.lost(trouble.what), advice);
    }
  }
}

/** Apps that fared alike. */
function group<Fact extends Pick<Named, "appId">>(
  change: Change,
  facts: readonly Fact[],
  entry: (fact: Fact, speaker: Voice) => Entry,
  speaker: Voice,
): Group {
  const total = facts.length;
  return {
    tone: TONES[change],
    heading: speaker.words.apps(change, total),
    sentences: [],
    isCompact: false,
    entries: entries(facts, entry, speaker),
    ids: facts.map(({ appId }) => printable(appId)),
    total,
  };
}

function undelivered(failed: readonly Undelivered[], speaker: Voice): Group {
  const count = failed.reduce((sum, each) => sum + each.count, 0);
  return {
    tone: "calm",
    heading: speaker.words.undelivered(count),
    sentences: [],
    isCompact: false,
    entries: entries(failed, undeliveredEntry, speaker),
    ids: [],
    total: failed.length,
  };
}
