/**
 * Entries: what a letter says of one app, or of one address.
 *
 * @module
 */

import { type Calendar, calendar } from "./calendar.ts";
import type { Duration, Instant } from "./clock.ts";
import type { AwayEntry, BackEntry, DownEntry } from "./digest.ts";
import { spokenDuration } from "./duration.ts";
import type { LetterStyle, StillDown, Undelivered } from "./letter.ts";
import { WORDS, type Words } from "./letter_words.ts";
import { excerpt, printable } from "./printable.ts";

/** One app, or one address. */
export interface Entry {
  readonly title: string;
  /** The `app_id`, where the title is a name. */
  readonly id: string | null;
  /** Where its page is; null if nobody said where the pages are. */
  readonly link: string | null;
  readonly fact: string;
  readonly message: { readonly label: string; readonly text: string } | null;
  readonly asides: readonly string[];
}

/** How a letter speaks: its style, made ready for use. */
export interface Voice {
  readonly words: Words;
  readonly calendar: Calendar;
  readonly baseUrl: string | null;
  readonly now: Instant;
  span(duration: Duration): string;
}

/** How much of a message is repeated, in code points: some five lines on a phone. */
const MESSAGE_LENGTH = 200;

/** How much of an app's name is repeated, in code points. */
const NAME_LENGTH = 100;

/** The voice of a style. Throws a `RangeError` for a time zone that does not exist. */
export function voice({ language, timeZone, baseUrl, now }: LetterStyle): Voice {
  return {
    words: WORDS[language],
    calendar: calendar(language, timeZone, { now }),
    baseUrl,
    now,
    span: (duration) => spokenDuration(duration, language),
  };
}

/** An app that fell silent or reported a failure. */
export function downEntry(fact: DownEntry, speaker: Voice): Entry {
  const { words, calendar, now, span } = speaker;
  const { awayBefore } = fact;
  const since = fact.reason === "fail" ? fact.at : fact.heartbeat?.at ?? fact.at;
  const say = fact.reason === "fail" ? words.reportedFailure : words.noHeartbeat;
  const label = fact.reason === "fail" ? words.message : words.lastMessage;
  const before = awayBefore && words.awayBefore(awayBefore.times, span(awayBefore.total));
  return {
    ...heading(fact, speaker),
    fact: say(span(now - since), calendar.instant(since)),
    message: message(label, fact.heartbeat?.message ?? null),
    asides: asides([before, falls(fact, words)]),
  };
}

/** An app that is back. */
export function backEntry(fact: BackEntry, speaker: Voice): Entry {
  const { words, span } = speaker;
  const { awayAgain } = fact;
  const again = awayAgain && words.awayAgain(awayAgain.times, span(awayAgain.total));
  return {
    ...heading(fact, speaker),
    fact: words.away(span(fact.upAt - fact.downAt), times(fact, speaker)),
    message: message(words.message, fact.message),
    asides: asides([again, falls(fact, words)]),
  };
}

/** An app that was away and is back. */
export function awayEntry(fact: AwayEntry, speaker: Voice): Entry {
  const { words, span } = speaker;
  const total = span(fact.total);
  return {
    ...heading(fact, speaker),
    fact: fact.times === 1
      ? words.away(total, times(fact, speaker))
      : words.awayOften(fact.times, total, times(fact, speaker)),
    message: null,
    asides: asides([falls(fact, words)]),
  };
}

/** An app that was told of before. */
export function stillDownEntry(
  fact: StillDown["apps"][number],
  speaker: Voice,
): Entry {
  const { words, calendar, now, span } = speaker;
  return {
    ...heading(fact, speaker),
    fact: words.stillDown(span(now - fact.since), calendar.instant(fact.since)),
    message: null,
    asides: [],
  };
}

/** An address that did not get its news. */
export function undeliveredEntry(fact: Undelivered, { words }: Voice): Entry {
  return {
    title: printable(fact.address),
    id: null,
    link: null,
    fact: words.news(fact.count),
    message: message(words.reason, fact.reason),
    asides: [],
  };
}

function heading(
  app: { readonly appId: string; readonly name: string | null },
  { baseUrl }: Voice,
): Pick<Entry, "title" | "id" | "link"> {
  const id = printable(app.appId);
  const link = baseUrl === null ? null : `${baseUrl}/apps/${encodeURIComponent(app.appId)}`;
  if (app.name === null || app.name.trim() === "") return { title: id, id: null, link };
  return { title: excerpt(app.name, NAME_LENGTH), id, link };
}

function message(label: string, text: string | null): Entry["message"] {
  return text === null || text.trim() === ""
    ? null
    : { label, text: excerpt(text, MESSAGE_LENGTH) };
}

/** From when to when; once, where both read the same. */
function times(
  { downAt, upAt }: { readonly downAt: Instant; readonly upAt: Instant },
  { calendar }: Voice,
): string {
  const [from, to] = [calendar.instant(downAt), calendar.instant(upAt)];
  if (from === to) return to;
  // A dash stands close between single words, apart between groups of words.
  return `${from}${to}`.includes(" ") ? `${from} – ${to}` : `${from}–${to}`;
}

/** Nothing for an app that has not fallen within the 7 days. */
function falls(app: { readonly falls: number }, words: Words): string | null {
  return app.falls > 0 ? words.falls(app.falls) : null;
}

function asides(candidates: readonly (string | null)[]): readonly string[] {
  return candidates.filter((each) => each !== null);
}
