/**
 * What the page of gaps says. Spans and numbers come in written out, but for
 * those that a word hangs on.
 *
 * @module
 */

import { counted, type Language } from "../language.ts";

/** One language's words. */
export interface GapsWords {
  /** What a gap is, and what it means for alarms. */
  readonly meaning: string;
  /** A gap is under way. */
  deaf(since: string): string;
  /** How much was not heard in so many days. */
  lately(total: string, days: number, gaps: number): string;
  /** There was no gap in so many days. */
  noneLately(days: number): string;
  /** There never was one. */
  readonly empty: string;
  /** Behind the last one. */
  readonly noMore: string;
  readonly from: string;
  readonly to: string;
  readonly length: string;
  readonly cause: string;
  readonly moved: string;
  /** A length below a second. */
  readonly brief: string;
  /** The length of a gap in which the clock was set back. */
  readonly unmeasured: string;
  readonly older: string;
  readonly newest: string;
}

const ENGLISH: GapsWords = {
  meaning:
    "A gap is a time in which stillalive could not listen: heartbeats sent in it are lost, " +
    "so an app that was expected then gets a whole period and grace from its end before an alarm.",
  deaf: (since) => `We have not been able to listen since ${since}`,
  lately: (total, days, gaps) =>
    `We did not listen for ${total} in ${days} days, in ` +
    counted("en", gaps, { one: "gap", other: "gaps" }),
  noneLately: (days) => `We listened all the time in the last ${days} days`,
  empty: "There is no gap in the ledger: we have listened ever since the first start.",
  noMore: "There are no older gaps.",
  from: "From",
  to: "To",
  length: "Lasted",
  cause: "Why",
  moved: "Deadlines moved",
  brief: "under a second",
  unmeasured: "nobody can tell: the clock was set back",
  older: "Older",
  newest: "To the newest",
};

const RUSSIAN: GapsWords = {
  meaning: "Перерыв — это время, когда stillalive не мог слушать: сигналы, посланные тогда, " +
    "потеряны, поэтому у приложения, которого в это время ждали, есть до тревоги целый период " +
    "и запас, считая от конца перерыва.",
  deaf: (since) => `Мы не можем слушать с ${since}`,
  lately: (total, days, gaps) =>
    `За ${days} дней мы не слушали ${total}: ` +
    counted("ru", gaps, { one: "перерыв", few: "перерыва", other: "перерывов" }),
  noneLately: (days) => `За последние ${days} дней мы слушали всё время`,
  empty: "Перерывов нет: мы слушаем с самого первого запуска.",
  noMore: "Более старых перерывов нет.",
  from: "С",
  to: "До",
  length: "Длился",
  cause: "Почему",
  moved: "Сдвинуто сроков",
  brief: "меньше секунды",
  unmeasured: "неизвестно: часы перевели назад",
  older: "Раньше",
  newest: "К последним",
};

/** The words of each language. */
export const GAPS_WORDS: Readonly<Record<Language, GapsWords>> = { en: ENGLISH, ru: RUSSIAN };
