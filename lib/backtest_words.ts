/**
 * What a backtest says in plain words.
 *
 * @module
 */

import type { Verdict } from "./backtest.ts";
import type { Backtest } from "./backtesting.ts";
import { durationText, spokenDuration } from "./duration.ts";
import { counted, type Forms, type Language, numeral, plural } from "./language.ts";
import { APART } from "./silences.ts";

/** One language's words; spans come in written out. */
interface Words {
  /** So many alarms instead of so many, of which some were short. */
  would(span: string, counts: { readonly asked: number; readonly current: number }): string;
  /** With the settings as they are. */
  had(span: string, alarms: number): string;
  /** So many of these were back within a minute, or ten. */
  short(count: number, alarms: number, span: string): string;
  /** Where thinned history does not tell. */
  uncertain(count: number): string;
  thinned(apart: string): string;
  /** What to set instead. */
  proposal(period: string, grace: string, alarms: number): string;
  readonly asIs: string;
  readonly tooFew: string;
}

const ENGLISH_ALARMS: Forms = { one: "alarm", other: "alarms" };

const ENGLISH: Words = {
  would: (span, { asked, current }) =>
    `In the last ${span} there would have been ${alarmsIn(asked)} instead of ${
      numeral("en", current)
    }`,
  had: (span, alarms) => `In the last ${span} there would have been ${alarmsIn(alarms)}`,
  short: (count, alarms, span) => {
    const all = alarms === 1 ? "" : count === alarms ? "all " : `${numeral("en", count)} of them `;
    return `${all}for ${count === 1 ? "a gap" : "gaps"} under ${span}`;
  },
  uncertain: (count) =>
    `Of ${counted("en", count, { one: "silence", other: "silences" })} ` +
    "nobody can tell whether they would have made one more",
  thinned: (span) => `Old heartbeats are kept ${span} apart: nothing shorter can be judged there`,
  proposal: (period, grace, alarms) =>
    `Proposed: period ${period}, grace ${grace}, which would have made ${
      alarms === 0 ? "no alarm" : alarmsIn(alarms)
    }`,
  asIs: "Nothing better to propose: the settings fit what the app does",
  tooFew: "Too few heartbeats to propose anything",
};

function alarmsIn(count: number): string {
  return counted("en", count, ENGLISH_ALARMS);
}

const RUSSIAN_ALARMS: Forms = { one: "тревога", few: "тревоги", other: "тревог" };

const RUSSIAN: Words = {
  would: (span, { asked, current }) =>
    `За последние ${span} ${was(asked)} бы ${counted("ru", asked, RUSSIAN_ALARMS)} вместо ${
      numeral("ru", current)
    }`,
  had: (span, alarms) =>
    `За последние ${span} ${was(alarms)} бы ${counted("ru", alarms, RUSSIAN_ALARMS)}`,
  short: (count, alarms, span) => {
    const all = alarms === 1 ? "" : count === alarms ? "все " : `${numeral("ru", count)} из них `;
    return `${all}из-за ${count === 1 ? "перерыва" : "перерывов"} короче ${span}`;
  },
  uncertain: (count) =>
    `Про ${counted("ru", count, { one: "молчание", few: "молчания", other: "молчаний" })} ` +
    "уже нельзя сказать, стали бы они тревогой",
  thinned: (span) =>
    `Старые сигналы хранятся не чаще одного в ${span}: о перерывах короче там судить нельзя`,
  proposal: (period, grace, alarms) =>
    `Предлагаем период ${period} и запас ${grace}: ${
      alarms === 0
        ? "тревог бы не было"
        : `${was(alarms)} бы ${counted("ru", alarms, RUSSIAN_ALARMS)}`
    }`,
  asIs: "Лучше предложить нечего: настройки подходят к тому, как ведёт себя приложение",
  tooFew: "Сигналов слишком мало, чтобы что-то предложить",
};

function was(count: number): string {
  return plural("ru", count, { one: "была", other: "было" });
}

/** How short a gap is "under a minute" and "under ten minutes", as it is said. */
const SHORT: Readonly<Record<Language, readonly [minute: string, tenMinutes: string]>> = {
  en: ["a minute", "10 minutes"],
  ru: ["минуты", "10 минут"],
};

const WORDS: Readonly<Record<Language, Words>> = { en: ENGLISH, ru: RUSSIAN };

/** The whole backtest in sentences, a sentence each, the one that matters first. */
export function backtestText(found: Backtest, language: Language): readonly string[] {
  const words = WORDS[language];
  const { asked, current, proposal } = found;
  const span = spokenDuration(found.to - found.from, language);
  const head = isSame(asked, current)
    ? words.had(span, asked.alarms)
    : words.would(span, { asked: asked.alarms, current: current.alarms });
  const sentences = [[head, ...shortPart(asked, language)].join(", ")];
  if (asked.uncertain > 0) sentences.push(words.uncertain(asked.uncertain));
  if (found.thinnedUntil !== null && asked.period < 2 * APART) {
    sentences.push(words.thinned(spokenDuration(APART, language)));
  }
  if (proposal === null) return [...sentences, words.tooFew];
  if (isSame(proposal, asked)) return [...sentences, words.asIs];
  const { period, grace, alarms } = proposal;
  return [...sentences, words.proposal(durationText(period), durationText(grace), alarms)];
}

function shortPart(
  { alarms, underMinute, underTenMinutes }: Verdict,
  language: Language,
): readonly string[] {
  const [minute, tenMinutes] = SHORT[language];
  const words = WORDS[language];
  if (underMinute > 0) return [words.short(underMinute, alarms, minute)];
  return underTenMinutes > 0 ? [words.short(underTenMinutes, alarms, tenMinutes)] : [];
}

function isSame(one: Verdict, other: Verdict): boolean {
  return one.period === other.period && one.grace === other.grace;
}
