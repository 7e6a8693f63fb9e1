/**
 * Subjects: what a phone shows of a letter, at night, in one line.
 *
 * @module
 */

import { enumeration } from "./language.ts";
import type { FactsOf, LetterFacts, StillDown, Trouble } from "./letter.ts";
import type { Voice } from "./letter_voice.ts";
import type { Change, Words } from "./letter_words.ts";
import { excerpt, printable } from "./printable.ts";

/** The most apps that one part of a subject names: more than a phone shows in two lines. */
const NAMED = 5;

/** How much of SQLite's words a subject repeats, in code points. */
const REASON_LENGTH = 60;

/** Apps that fared alike. */
interface Part {
  readonly change: Change;
  readonly count: number;
  readonly apps: readonly string[];
}

/**
 * One line, the worst first: `2 apps are down: 23, 77; 1 is back`.
 *
 * The first part names its apps, and so does every part that is an alarm, or may
 * be one. What
 * is still down is old news, and is in the subject only where there is no other.
 */
export function subject(facts: LetterFacts, speaker: Voice): string {
  switch (facts.kind) {
    case "news":
      return newsSubject(facts, speaker);
    case "reminder":
      return joined([stillDownPart(facts.stillDown)], speaker) ?? speaker.words.nothing;
    case "gap":
      return `${deafness(facts, speaker)}; ${speaker.words.moreTime(facts.moved - facts.putOff)}`;
    case "proof":
      return wellness(facts, speaker);
    case "capacity":
      return speaker.words.capacity(facts);
  }
}

/** The subject of a letter that tells of trouble with the service itself. */
export function troubleSubject(trouble: Trouble, { words }: Voice): string {
  switch (trouble.kind) {
    case "unstored":
      return `${words.unstored}: ${excerpt(trouble.reason, REASON_LENGTH)}`;
    case "unreachable":
      return words.unreachable;
    case "lost":
      return words.lost(trouble.what);
  }
}

/** When we could not listen. */
export function deafness({ from, to, gaps, deaf }: FactsOf<"gap">, speaker: Voice): string {
  const { words, calendar, span, times } = speaker;
  return gaps === 1
    ? words.deaf(calendar.instant(from), calendar.instant(to), span(deaf))
    : words.deafOften(gaps, span(deaf), times(from, to));
}

/** How many apps are well, and what of the others. */
export function wellness({ apps }: FactsOf<"proof">, { words }: Voice): string {
  const { total, down, unknown } = apps;
  const others = [
    ...(down > 0 ? [words.notWell(down)] : []),
    ...(unknown > 0 ? [words.unknown(unknown)] : []),
  ];
  const well = words.well(total - down - unknown, total);
  return others.length === 0 ? well : `${well}; ${others.join(", ")}`;
}

function newsSubject(facts: FactsOf<"news">, speaker: Voice): string {
  return joined(newsParts(facts, speaker), speaker) ??
    joined([stillDownPart(facts.stillDown)], speaker) ??
    quietSubject(facts, speaker.words);
}

function newsParts(
  { digest, putOffs }: FactsOf<"news">,
  { span, words }: Voice,
): readonly Part[] {
  const silent = digest.down.filter((each) => each.reason !== "fail").map((each) => each.appId);
  const failed = digest.down.filter((each) => each.reason === "fail").map((each) => each.appId);
  const flapping = digest.flapping.map(({ appId, isDown }) =>
    isDown ? `${appId} (${words.down})` : appId
  );
  const back = digest.back.map((each) => each.appId);
  const away = digest.away.map((each) => `${each.appId} (${span(each.total)})`);
  return [
    part("silent", silent),
    part("failed", failed),
    part("flapping", flapping),
    part("unknown", putOffs.map((each) => each.appId)),
    part("back", back),
    part("away", away),
  ];
}

function stillDownPart({ apps, total }: StillDown): Part {
  return { change: "stillDown", count: total, apps: apps.map((each) => each.appId) };
}

function part(change: Change, apps: readonly string[]): Part {
  return { change, count: apps.length, apps };
}

/** The parts that have apps, or null if none has. */
function joined(parts: readonly Part[], speaker: Voice): string | null {
  const { words } = speaker;
  const [first, ...others] = parts.filter((each) => each.count > 0);
  if (first === undefined) return null;
  return [
    `${words.apps(first.change, first.count)}: ${names(first, speaker)}`,
    ...others.map((part) => {
      const said = words.others(part.change, part.count);
      return isNamed(part.change) ? `${said}: ${names(part, speaker)}` : said;
    }),
  ].join("; ");
}

function isNamed(change: Change): boolean {
  return change === "silent" || change === "failed" || change === "flapping" ||
    change === "unknown";
}

function quietSubject({ failed, stale }: FactsOf<"news">, words: Words): string {
  const undelivered = failed.reduce((sum, each) => sum + each.count, 0);
  if (undelivered > 0) return words.undelivered(undelivered);
  return stale > 0 ? words.staleSubject : words.nothing;
}

function names({ count, apps }: Part, { language, words }: Voice): string {
  const named = apps.slice(0, NAMED).map(printable);
  const left = count - named.length;
  if (left === 0) return named.join(", ");
  return enumeration(language, [...named, words.more(left)]);
}
