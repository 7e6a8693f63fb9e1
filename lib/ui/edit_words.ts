/**
 * What is said where two change one app, in any language.
 *
 * @module
 */

import type { Language } from "../language.ts";

/** One language's words. */
export interface EditWords {
  /** Above the settings that two have changed. */
  readonly clash: string;
  theirs(value: string): string;
  mine(value: string): string;
  /** In place of a value that is not set. */
  readonly nothing: string;
  byDefault(duration: string): string;
  /** Behind "Saved.": what somebody else had changed, and was not touched. */
  stays(settings: string): string;
  /** While one types: somebody else has saved. */
  readonly changed: string;
  anewTitle(name: string): string;
  readonly anewHint: string;
  readonly anew: string;
}

const ENGLISH: EditWords = {
  clash:
    "Nothing was saved: since you opened the form, somebody else has changed what you changed " +
    "too. Choose whose is to be taken, and save once more.",
  theirs: (value) => `Theirs: ${value}`,
  mine: (value) => `Yours, as it stands below: ${value}`,
  nothing: "(empty)",
  byDefault: (duration) => `(default: ${duration})`,
  stays: (settings) => `Somebody else has changed meanwhile: ${settings}. That stays.`,
  changed: "Somebody else has changed these settings meanwhile. What you typed stays here; where " +
    "you both changed the same, you are asked when you save.",
  anewTitle: (name) => `${name} was forgotten meanwhile`,
  anewHint: "Nothing was saved. Here is what you typed: it can be registered anew with that.",
  anew: "Register it anew",
};

const RUSSIAN: EditWords = {
  clash: "Ничего не сохранено: с тех пор, как вы открыли форму, кто-то изменил то же, что и вы. " +
    "Выберите, чьё взять, и сохраните ещё раз.",
  theirs: (value) => `У другого: ${value}`,
  mine: (value) => `У вас, как в поле ниже: ${value}`,
  nothing: "(пусто)",
  byDefault: (duration) => `(по умолчанию: ${duration})`,
  stays: (settings) => `Кто-то за это время изменил: ${settings}. Это осталось как есть.`,
  changed: "Кто-то за это время изменил эти настройки. Введённое вами останется здесь; если вы " +
    "изменили одно и то же, при сохранении будет вопрос.",
  anewTitle: (name) => `Приложение ${name} за это время забыли`,
  anewHint: "Ничего не сохранено. Вот что вы ввели: с этим его можно зарегистрировать заново.",
  anew: "Зарегистрировать заново",
};

/** The words of each language. */
export const EDIT_WORDS: Readonly<Record<Language, EditWords>> = { en: ENGLISH, ru: RUSSIAN };
