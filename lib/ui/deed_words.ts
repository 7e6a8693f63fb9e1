/**
 * What buttons came to, in any language.
 *
 * @module
 */

import type { Language } from "../language.ts";
import type { Said } from "./app_deeds.ts";

/** One language's words. */
export interface DeedWords {
  readonly said: Readonly<Record<Said, string>>;
  /** On the list of apps. */
  forgotten(name: string): string;
  forgottenAlready(name: string): string;
  /** On the page of maintenance. */
  readonly windowMade: string;
  readonly windowMadeAlready: string;
  readonly windowEnded: string;
  readonly windowEndedAlready: string;
}

const ENGLISH: DeedWords = {
  said: {
    "paused": "Paused.",
    "paused-already": "It was paused already: nothing was changed.",
    "fell":
      "Nothing was changed: it has fallen since your page was made. To pause it now ends this " +
      "incident, and what was not mailed of it yet never will be. Press Pause again if you mean it.",
    "resumed": "Resumed.",
    "resumed-already": "It was not paused any more: nothing was changed.",
    "acknowledged": "Acknowledged: no more reminders of this incident.",
    "acknowledged-already": "Somebody had acknowledged it already: nothing was changed.",
    "up-already": "It was not down any more: there was nothing to acknowledge.",
    "fell-again":
      "Nothing was changed: it had come back since your page was made, and fell again. " +
      "Press once more if you know of this fall too.",
    "snoozed": "Snoozed.",
    "snoozed-otherwise":
      "Nothing was changed: it was snoozed meanwhile, or for another time than " +
      "your page showed. Press once more to change that.",
    "snooze-ended": "The snooze was ended.",
    "not-snoozed": "There was no snooze to end: nothing was changed.",
    "changed":
      "Nothing was forgotten: it has fallen, or its settings were changed, since your page " +
      "was made. Look at it before you forget it.",
  },
  forgotten: (name) => `${name} was forgotten.`,
  forgottenAlready: (name) => `${name} had been forgotten already.`,
  windowMade: "The window was made.",
  windowMadeAlready: "The window was made by the same form before: no second one was made.",
  windowEnded: "The window was ended.",
  windowEndedAlready: "The window had ended already, or somebody else had ended it: nothing was " +
    "changed.",
};

const RUSSIAN: DeedWords = {
  said: {
    "paused": "Поставлено на паузу.",
    "paused-already": "Уже стояло на паузе: ничего не изменилось.",
    "fell": "Ничего не изменилось: с тех пор, как открыта ваша страница, приложение перестало " +
      "быть в порядке. Пауза закончит этот сбой, и о том, о чём письмо ещё не ушло, оно уже не " +
      "придёт. Если это и нужно, нажмите «Пауза» ещё раз.",
    "resumed": "Снято с паузы.",
    "resumed-already": "На паузе оно уже не стояло: ничего не изменилось.",
    "acknowledged": "Принято: напоминаний об этом сбое больше не будет.",
    "acknowledged-already": "Это уже отметил кто-то другой: ничего не изменилось.",
    "up-already": "Сбой уже кончился: отмечать было нечего.",
    "fell-again": "Ничего не изменилось: с тех пор, как открыта ваша страница, прежний сбой " +
      "кончился и начался новый. Если вы знаете и о нём, нажмите ещё раз.",
    "snoozed": "Отложено.",
    "snoozed-otherwise": "Ничего не изменилось: тревогу уже отложили, или не на то время, что " +
      "было на вашей странице. Чтобы изменить это, нажмите ещё раз.",
    "snooze-ended": "Больше не отложено.",
    "not-snoozed": "Тревога и не была отложена: ничего не изменилось.",
    "changed": "Приложение не забыто: с тех пор, как открыта ваша страница, оно перестало быть в " +
      "порядке или его настройки изменились. Взгляните на него, прежде чем забывать.",
  },
  forgotten: (name) => `Приложение ${name} забыто.`,
  forgottenAlready: (name) => `Приложение ${name} уже было забыто.`,
  windowMade: "Окно создано.",
  windowMadeAlready: "Это окно уже создано той же формой: второе не создано.",
  windowEnded: "Окно завершено.",
  windowEndedAlready: "Окно уже закончилось, или его завершил кто-то другой: ничего не изменилось.",
};

/** The words of each language. */
export const DEED_WORDS: Readonly<Record<Language, DeedWords>> = { en: ENGLISH, ru: RUSSIAN };
