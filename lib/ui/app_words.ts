/**
 * What an app's page says, in any language.
 *
 * @module
 */

import { durationText } from "../duration.ts";
import type { FlipReason } from "../flip.ts";
import type { HeartbeatKind } from "../heartbeat.ts";
import type { Language } from "../language.ts";
import { LONGEST, NAME_LENGTH, NOTE_LENGTH, SHORTEST, TAG_FORM, TAGS_LIMIT } from "../registry.ts";
import type { Typed } from "./app_draft.ts";
import type { Range } from "./app_view.ts";

/** One language's words. */
export interface AppWords {
  readonly reason: Readonly<Record<FlipReason, string>>;
  readonly kind: Readonly<Record<HeartbeatKind, string>>;
  readonly range: Readonly<Record<Range, string>>;

  readonly timeline: string;
  strip(range: string, parts: readonly string[]): string;
  uptime(share: string): string;

  readonly actions: string;
  readonly pause: string;
  readonly pauseHint: string;
  readonly resume: string;
  readonly acknowledge: string;
  readonly snooze: string;
  readonly snoozeFor: string;
  readonly endSnooze: string;
  readonly forget: string;
  readonly forgetTitle: (name: string) => string;
  readonly forgetHint: string;
  readonly forgetReally: string;
  readonly keep: string;

  readonly incidents: string;
  readonly noIncidents: string;
  readonly began: string;
  readonly lasted: string;
  readonly why: string;
  readonly ended: string;
  readonly stillOpen: string;

  readonly heartbeats: string;
  readonly noHeartbeats: string;
  readonly when: string;
  readonly what: string;
  readonly message: string;
  readonly from: string;
  readonly older: string;
  readonly newest: string;

  readonly settings: string;
  readonly name: string;
  readonly note: string;
  readonly tags: string;
  readonly tagsHint: string;
  readonly period: string;
  readonly grace: string;
  usually(duration: string): string;
  /** What a field may hold, for who typed something else. */
  readonly expected: Typed;
  readonly durationHint: string;
  readonly save: string;
  /** On the button that tries the settings on the past. */
  readonly backtest: string;
  readonly saved: string;
  /** While typing: when the alarm would come; "{}" stands for the time. */
  readonly nextDeadline: string;
  readonly noDuration: string;

  readonly badge: string;
  readonly badgeHint: string;
  readonly snippets: string;
  readonly copy: string;
  readonly copied: string;
}

/** The bounds of a period and a grace: durations are written alike in both languages. */
const [SHORTEST_TEXT, LONGEST_TEXT] = [durationText(SHORTEST), durationText(LONGEST)];

const ENGLISH: AppWords = {
  reason: {
    silence: "silence",
    fail: "it said so itself",
    heartbeat: "a heartbeat came",
    ignored: "ignored by the settings",
    paused: "paused",
    resumed: "resumed",
    watched: "watched from its import on",
  },
  kind: { success: "success", start: "start", fail: "fail", log: "log" },
  range: { "1h": "1 hour", "24h": "24 hours", "7d": "7 days", "30d": "30 days" },

  timeline: "Timeline",
  strip: (range, parts) => `Last ${range}: ${parts.join(", ")}`,
  uptime: (share) => `${share} up`,

  actions: "Act",
  pause: "Pause",
  pauseHint: "Until you resume it, it is recorded, and not judged.",
  resume: "Resume",
  acknowledge: "I know of it",
  snooze: "Snooze",
  snoozeFor: "For",
  endSnooze: "End the snooze",
  forget: "Forget …",
  forgetTitle: (name) => `Forget ${name}?`,
  forgetHint: "Its settings, heartbeats and incidents are erased for good, " +
    "and what is owed of it is mailed to nobody. If it sends again, it registers anew.",
  forgetReally: "Forget it for good",
  keep: "Keep it",

  incidents: "Incidents",
  noIncidents: "None so far.",
  began: "Began",
  lasted: "Lasted",
  why: "Why",
  ended: "Ended by",
  stillOpen: "still open",

  heartbeats: "Heartbeats",
  noHeartbeats: "None so far.",
  when: "When",
  what: "Kind",
  message: "Message",
  from: "From",
  older: "Older",
  newest: "To the newest",

  settings: "Settings",
  name: "Name",
  note: "Note",
  tags: "Tags",
  tagsHint: "separated by spaces",
  period: "Period",
  grace: "Grace",
  usually: (duration) => `usually ${duration}`,
  expected: {
    name: `Expected up to ${NAME_LENGTH} characters`,
    note: `Expected up to ${NOTE_LENGTH} characters`,
    tags: `Expected up to ${TAGS_LIMIT} tags, each ${TAG_FORM}`,
    period: `Expected a duration like 90s, 5m, 2h or 1d, from ${SHORTEST_TEXT} to ${LONGEST_TEXT}`,
    grace: `Expected a duration like 90s, 5m, 2h or 1d, from ${SHORTEST_TEXT} to ${LONGEST_TEXT}`,
  },
  durationHint: "Like 90s, 5m, 2h, 1d; empty for the default.",
  save: "Save",
  backtest: "Try on the last 30 days",
  saved: "Saved.",
  nextDeadline: "If it stays silent, the alarm comes at {}.",
  noDuration: "This is no duration.",

  badge: "Badge",
  badgeHint: "Whoever has one of these addresses sees this app's status, and nothing else. " +
    "The second one is for shields.io.",
  snippets: "Send heartbeats",
  copy: "Copy",
  copied: "Copied",
};

const RUSSIAN: AppWords = {
  reason: {
    silence: "молчание",
    fail: "сообщило само",
    heartbeat: "пришёл сигнал",
    ignored: "без присмотра по настройкам",
    paused: "пауза",
    resumed: "снято с паузы",
    watched: "под присмотром с импорта",
  },
  kind: { success: "success", start: "start", fail: "fail", log: "log" },
  range: { "1h": "1 час", "24h": "24 часа", "7d": "7 дней", "30d": "30 дней" },

  timeline: "Хронология",
  strip: (range, parts) => `Последние ${range}: ${parts.join(", ")}`,
  uptime: (share) => `${share} в порядке`,

  actions: "Действия",
  pause: "Пауза",
  pauseHint: "Пока не снимете с паузы, сигналы пишутся, но тревог нет.",
  resume: "Снять с паузы",
  acknowledge: "Я в курсе",
  snooze: "Отложить",
  snoozeFor: "На",
  endSnooze: "Больше не откладывать",
  forget: "Забыть…",
  forgetTitle: (name) => `Забыть ${name}?`,
  forgetHint: "Настройки, сигналы и сбои будут стёрты навсегда, писем о нём больше не будет. " +
    "Если оно снова пришлёт сигнал, то зарегистрируется заново.",
  forgetReally: "Забыть навсегда",
  keep: "Оставить",

  incidents: "Сбои",
  noIncidents: "Пока ни одного.",
  began: "Начало",
  lasted: "Длился",
  why: "Почему",
  ended: "Чем кончился",
  stillOpen: "ещё длится",

  heartbeats: "Сигналы",
  noHeartbeats: "Пока ни одного.",
  when: "Когда",
  what: "Вид",
  message: "Сообщение",
  from: "Откуда",
  older: "Раньше",
  newest: "К новейшим",

  settings: "Настройки",
  name: "Имя",
  note: "Заметка",
  tags: "Теги",
  tagsHint: "через пробел",
  period: "Период",
  grace: "Запас",
  usually: (duration) => `обычно ${duration}`,
  expected: {
    name: `Нужно не больше ${NAME_LENGTH} знаков`,
    note: `Нужно не больше ${NOTE_LENGTH} знаков`,
    tags: `Нужно не больше ${TAGS_LIMIT} тегов; тег — буква или цифра, затем до 49 букв, цифр ` +
      "или . _ : / -",
    period: `Нужна длительность вроде 90s, 5m, 2h или 1d, от ${SHORTEST_TEXT} до ${LONGEST_TEXT}`,
    grace: `Нужна длительность вроде 90s, 5m, 2h или 1d, от ${SHORTEST_TEXT} до ${LONGEST_TEXT}`,
  },
  durationHint: "Например 90s, 5m, 2h, 1d; пусто — по умолчанию.",
  save: "Сохранить",
  backtest: "Проверить на последних 30 днях",
  saved: "Сохранено.",
  nextDeadline: "Если будет молчать, тревога придёт в {}.",
  noDuration: "Это не длительность.",

  badge: "Значок",
  badgeHint: "У кого есть такой адрес, видит состояние этого приложения, и больше ничего. " +
    "Второй — для shields.io.",
  snippets: "Как слать сигналы",
  copy: "Скопировать",
  copied: "Скопировано",
};

/** The words of each language. */
export const APP_WORDS: Readonly<Record<Language, AppWords>> = { en: ENGLISH, ru: RUSSIAN };
