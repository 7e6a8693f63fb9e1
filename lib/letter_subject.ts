/**
 * Subjects: what a phone shows of a letter, at night, in one line.
 *
 * @module
 */

import { spokenDuration } from "./duration.ts";
import { enumeration, type Language } from "./language.ts";
import type { FactsOf, LetterFacts } from "./letter.ts";
import { type Change, WORDS, type Words } from "./letter_words.ts";
import { printable } from "./printable.ts";

/** The most apps that one part of a subject names: more than a phone shows in two lines. */
const NAMED = 5;

/** Apps that fared alike. */
interface Part {
  readonly change: Change;
  readonly count: number;
  readonly apps: readonly string[];
}

/**
 * One line, the worst first: `2 apps are down: 23, 77; 1 is back`.
 *
 * The first part names its apps, and so does every part that is an alarm. What
 * is still down is old news, and is in the subject only where there is no other.
 */
export function subject(facts: LetterFacts, language: Language): string {
  const words = WORDS[language];
  if (facts.kind !== "news") return words.nothing;
  const news = newsParts(facts, language);
  const parts = news.length > 0 ? news : stillDownParts(facts);
  const [first, ...others] = parts;
  if (first === undefined) return quietSubject(facts, words);
  return [
    `${words.apps(first.change, first.count)}: ${names(first, language)}`,
    ...others.map((part) => {
      const said = words.others(part.change, part.count);
      return part.change === "failed" ? `${said}: ${names(part, language)}` : said;
    }),
  ].join("; ");
}

function newsParts({ digest }: FactsOf<"news">, language: Language): readonly Part[] {
  const silent = digest.down.filter((each) => each.reason !== "fail").map((each) => each.appId);
  const failed = digest.down.filter((each) => each.reason === "fail").map((each) => each.appId);
  const back = digest.back.map((each) => each.appId);
  const away = digest.away.map((each) => `${each.appId} (${spokenDuration(each.total, language)})`);
  return [
    part("silent", silent),
    part("failed", failed),
    part("back", back),
    part("away", away),
  ].filter((each) => each.count > 0);
}

function stillDownParts({ stillDown }: FactsOf<"news">): readonly Part[] {
  if (stillDown.total === 0) return [];
  const apps = stillDown.apps.map((each) => each.appId);
  return [{ change: "stillDown", count: stillDown.total, apps }];
}

function part(change: Change, apps: readonly string[]): Part {
  return { change, count: apps.length, apps };
}

function quietSubject({ failed, stale }: FactsOf<"news">, words: Words): string {
  const undelivered = failed.reduce((sum, each) => sum + each.count, 0);
  if (undelivered > 0) return words.undelivered(undelivered);
  return stale > 0 ? words.staleSubject : words.nothing;
}

function names({ count, apps }: Part, language: Language): string {
  const named = apps.slice(0, NAMED).map(printable);
  const left = count - named.length;
  if (left === 0) return named.join(", ");
  return enumeration(language, [...named, WORDS[language].more(left)]);
}
