/**
 * An explanation in plain words, a sentence each: how the app stands, what
 * comes next, what keeps it quiet, who is told.
 *
 * @module
 */

import { type Calendar, calendar } from "./calendar.ts";
import type { Duration } from "./clock.ts";
import { spokenDuration } from "./duration.ts";
import type { Explanation } from "./explanation.ts";
import { EXPLANATION_WORDS, type ExplanationWords } from "./explanation_words.ts";
import { enumeration, type Language } from "./language.ts";
import { excerpt, printable } from "./printable.ts";
import { REFUSED_WORDS } from "./refused_words.ts";
import type { Plan, Told } from "./telling.ts";

/** Whose language and clock it is told by. */
export interface ExplanationStyle {
  readonly language: Language;
  /** An IANA name. */
  readonly timeZone: string;
}

/** How much of a mail server's words is repeated, in code points. */
const REPLY_LENGTH = 200;

/** What sentences are made with. */
interface Voice {
  readonly language: Language;
  readonly words: ExplanationWords;
  readonly calendar: Calendar;
  span(duration: Duration): string;
}

/** The explanation in sentences. */
export function explanationText(
  found: Explanation,
  { language, timeZone }: ExplanationStyle,
): readonly string[] {
  const voice: Voice = {
    language,
    words: EXPLANATION_WORDS[language],
    calendar: calendar(language, timeZone, { now: found.now, hasSeconds: true }),
    span: (duration) => spokenDuration(duration, language),
  };
  return [
    whyText(found, voice),
    ...refusedText(found, voice),
    ...nextText(found, voice),
    ...muteText(found, voice),
    ...asides(found, voice),
    ...tellingText(found, voice),
  ];
}

function whyText({ why, now }: Explanation, { words, span, calendar }: Voice): string {
  switch (why.rule) {
    case "heard":
      return words.heard(span(now - why.successAt));
    case "overdue":
      return words.overdue(span(now - why.successAt), span(now - why.dueAt));
    case "excused":
      return words.excused(calendar.instant(why.unknownFrom));
    case "deaf":
      return words.deaf(calendar.instant(why.unknownFrom));
    case "put_off":
      return words.putOff(calendar.instant(why.unknownFrom), calendar.instant(why.dueAt));
    case "unheard":
      return words.unheard;
    case "paused":
      return words.paused(why.since === null ? null : calendar.instant(why.since));
    case "ignored":
      return words.ignored;
    case "silence":
      return words.silent(span(now - why.since), calendar.instant(why.since));
    case "fail":
      return words.failed(span(now - why.since), calendar.instant(why.since));
  }
}

function refusedText(
  { refused }: Explanation,
  { words, calendar, language }: Voice,
): readonly string[] {
  if (refused === null) return [];
  const { at, reason, address } = refused;
  const why = REFUSED_WORDS[language][reason];
  return [words.heartbeatRefused(calendar.instant(at), why, printable(address))];
}

function nextText(
  { next, now, telling }: Explanation,
  { words, span, calendar }: Voice,
): readonly string[] {
  if (next.kind !== "alarm") return [];
  const { dueAt, unknownAt, at } = next;
  if (at <= now) return [words.alarmNow];
  const alarm = dueAt === null
    ? words.alarmIn(span(at - now), calendar.instant(at))
    : words.dueIn(span(dueAt - now), calendar.instant(at));
  const isTold = unknownAt !== null && telling.kind === "addresses";
  return !isTold ? [alarm] : [words.unknownAt(calendar.instant(unknownAt)), alarm];
}

/** What keeps it quiet now; else what will when the alarm would come. */
function muteText(
  { mute, next, telling }: Explanation,
  { words, calendar }: Voice,
): readonly string[] {
  // Whoever is told of nothing need not be told until when.
  if (telling.kind === "nobody") return [];
  if (mute !== null) return [words.muted(mute.reason, calendar.instant(mute.until))];
  if (next.kind === "nothing" || next.mute === null) return [];
  const { reason, until } = next.mute;
  return [words.mutedThen(reason, calendar.instant(until))];
}

function asides({ why, flapping }: Explanation, { words, calendar }: Voice): readonly string[] {
  const isDown = why.rule === "silence" || why.rule === "fail";
  const acknowledgedAt = isDown ? why.acknowledgedAt : null;
  return [
    ...(acknowledgedAt === null ? [] : [words.acknowledged(calendar.instant(acknowledgedAt))]),
    ...(flapping === null ? [] : [words.flapping(calendar.instant(flapping.since))]),
  ];
}

/** Addresses that are told alike are named together. */
function tellingText(found: Explanation, voice: Voice): readonly string[] {
  const { telling } = found;
  const { words, calendar, language } = voice;
  if (telling.kind === "nobody") return [words.nobody(telling.because)];
  const alike = Map.groupBy(telling.addresses, ({ plan }) => planText(plan, found, voice));
  const refused = telling.addresses.flatMap(({ address, refusal }: Told) => {
    if (refusal === null) return [];
    const reply = excerpt(refusal.reply ?? "", REPLY_LENGTH);
    return [words.refused(address, calendar.instant(refusal.since), reply)];
  });
  return [
    ...Array.from(alike, ([text, told]) => {
      const addresses = enumeration(language, told.map(({ address }) => address));
      return `${words.mailTo(addresses)}: ${text}`;
    }),
    ...refused,
  ];
}

function planText(plan: Plan, { now }: Explanation, { words, calendar }: Voice): string {
  switch (plan.kind) {
    case "mail":
      if (plan.at <= now) return words.aboutToGo;
      return words.earliest(calendar.instant(plan.at), plan.heldBy);
    case "sending":
      return words.sending;
    case "told": {
      const { at, reminderAt } = plan;
      return words.told(
        calendar.instant(at),
        reminderAt === null ? null : calendar.instant(reminderAt),
      );
    }
    case "muted":
      return words.afterMute(calendar.instant(plan.at));
    case "suppressed":
      return words.suppressed(plan.reason);
    case "failed":
      return words.undelivered(excerpt(plan.reason, REPLY_LENGTH));
  }
}
