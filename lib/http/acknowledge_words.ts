/**
 * What the page says that acknowledges an incident, in any language.
 *
 * Sentences come behind the app's name or stand alone; spans and instants come
 * in written out.
 *
 * @module
 */

import type { Language } from "../language.ts";

/** One language's words. */
export interface AcknowledgeWords {
  /** Behind the app's name, as all headings. */
  readonly isDown: string;
  readonly isUp: string;
  /** The incident is over, and another one has begun. */
  readonly isDownAgain: string;
  /** The incident is over, for nobody judges the app any more, or it starts anew. */
  readonly isNotJudged: string;

  since(at: string, span: string): string;
  /** On the button. */
  readonly button: string;
  /** What the button does. */
  readonly effect: string;
  acknowledged(at: string): string;
  /** The incident is over; with its beginning and end. */
  over(from: string, to: string, span: string): string;

  /** For a link that opens nothing. */
  readonly unknown: string;
  readonly unknownAdvice: string;
  /** The page may be looked at long after it was made. */
  asOf(moment: string): string;
  /** Which clock the times are read from. */
  zone(name: string): string;
}

const ENGLISH: AcknowledgeWords = {
  isDown: "is down",
  isUp: "is up again",
  isDownAgain: "was back, and is down again",
  isNotJudged: "is not being judged now",

  since: (at, span) => `Since ${at}, for ${span}.`,
  button: "I know of it",
  effect: "Then no more reminders of this incident come, to anyone. " +
    "When it is over, a letter says so all the same.",
  acknowledged: (at) => `Acknowledged (${at}): no more reminders of this incident come.`,
  over: (from, to, span) =>
    `This incident is over: it lasted from ${from} to ${to} (${span}). ` +
    "There is nothing to acknowledge any more.",

  unknown: "This link opens nothing",
  unknownAdvice:
    "It was not copied whole, its app has been forgotten since, or all links were made anew. " +
    "The link in the newest letter works.",
  asOf: (moment) => `As of ${moment}.`,
  zone: (name) => `Times are in ${name}`,
};

const RUSSIAN: AcknowledgeWords = {
  isDown: "не в порядке",
  isUp: "снова отвечает",
  isDownAgain: "снова не в порядке",
  isNotJudged: "сейчас без присмотра",

  since: (at, span) => `С ${at}, уже ${span}.`,
  button: "Я в курсе",
  effect: "Больше никому не напомним об этом сбое. " +
    "О том, что он позади, письмо придёт всё равно.",
  acknowledged: (at) => `Принято (${at}): об этом сбое больше не напоминаем.`,
  over: (from, to, span) =>
    `Этот сбой позади: он длился с ${from} до ${to} (${span}). Подтверждать больше нечего.`,

  unknown: "Ссылка не действует",
  unknownAdvice:
    "Она скопирована не целиком, приложение с тех пор забыто, или все ссылки выпущены заново. " +
    "Ссылка из самого нового письма работает.",
  asOf: (moment) => `Состояние на ${moment}.`,
  zone: (name) => `Часовой пояс: ${name}`,
};

/** The words of each language. */
export const ACKNOWLEDGE_WORDS: Readonly<Record<Language, AcknowledgeWords>> = {
  en: ENGLISH,
  ru: RUSSIAN,
};
