/**
 * Entries: what a letter says of one app, or of one address.
 *
 * @module
 */

import type { AwayEntry, BackEntry, DownEntry, FlappingEntry } from "./digest.ts";
import type { Named, StillDown, Undelivered } from "./letter.ts";
import type { Voice } from "./letter_voice.ts";
import type { Words } from "./letter_words.ts";
import { excerpt, printable } from "./printable.ts";
import type { HeardAfterAll, PutOff } from "./put_off.ts";
import { REFUSED_WORDS } from "./refused_words.ts";

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
  /** What its reader can do about it; null if nothing, or nobody said where we are reached. */
  readonly action: { readonly label: string; readonly link: string } | null;
}

/** How much of a message is repeated, in code points: some five lines on a phone. */
const MESSAGE_LENGTH = 200;

/** How much of an app's name is repeated, in code points. */
const NAME_LENGTH = 100;

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
    asides: asides([refusal(fact, speaker), before, falls(fact, words)]),
    action: acknowledgement(fact.incident, speaker),
  };
}

/** An app that is back. */
export function backEntry(fact: BackEntry, speaker: Voice): Entry {
  const { words, span, times } = speaker;
  const { awayAgain } = fact;
  const again = awayAgain && words.awayAgain(awayAgain.times, span(awayAgain.total));
  return {
    ...heading(fact, speaker),
    fact: words.away(span(fact.upAt - fact.downAt), times(fact.downAt, fact.upAt)),
    message: message(words.message, fact.message),
    asides: asides([again, falls(fact, words)]),
    action: null,
  };
}

/** An app that was away and is back. */
export function awayEntry(fact: AwayEntry, speaker: Voice): Entry {
  const { words, span, times } = speaker;
  const total = span(fact.total);
  return {
    ...heading(fact, speaker),
    fact: fact.times === 1
      ? words.away(total, times(fact.downAt, fact.upAt))
      : words.awayOften(fact.times, total, times(fact.downAt, fact.upAt)),
    message: null,
    asides: asides([falls(fact, words)]),
    action: null,
  };
}

/** An app that keeps falling and coming back. */
export function flappingEntry(fact: FlappingEntry, speaker: Voice): Entry {
  const { words, calendar, now, span } = speaker;
  const say = fact.isDown ? words.nowDown : words.nowUp;
  const before = fact.times > 0 ? words.awayBefore(fact.times, span(fact.total)) : null;
  return {
    ...heading(fact, speaker),
    fact: say(span(now - fact.since), calendar.instant(fact.since)),
    message: message(words.lastMessage, fact.message),
    asides: asides([before, falls(fact, words)]),
    action: fact.incident === null ? null : acknowledgement(fact.incident, speaker),
  };
}

/** An app that was told of before, beside news of others. */
export function stillDownEntry(fact: StillDown["apps"][number], speaker: Voice): Entry {
  const { words, calendar, now, span } = speaker;
  return {
    ...heading(fact, speaker),
    fact: words.stillDown(span(now - fact.since), calendar.instant(fact.since)),
    message: null,
    asides: [],
    action: null,
  };
}

/** The same in a letter of its own. */
export function reminderEntry(fact: StillDown["apps"][number], speaker: Voice): Entry {
  return { ...stillDownEntry(fact, speaker), action: acknowledgement(fact.incident, speaker) };
}

/** An app of which nobody knows how it is. */
export function putOffEntry(fact: PutOff, speaker: Voice): Entry {
  const { words, calendar, seconds } = speaker;
  const { gap, otherGaps } = fact;
  const why = gap === null ? null : words.missed(gap.cause, seconds(gap), otherGaps);
  return {
    ...heading({ appId: fact.appId, name: fact.appName }, speaker),
    fact: words.expected(calendar.instant(fact.dueAt), calendar.instant(fact.at)),
    message: null,
    asides: asides([why, words.downAt(calendar.instant(fact.deadlineAt))]),
    action: null,
  };
}

/** An app that was heard after people had been told that nobody knows how it is. */
export function heardEntry(fact: HeardAfterAll, speaker: Voice): Entry {
  return {
    ...heading({ appId: fact.appId, name: fact.appName }, speaker),
    fact: speaker.words.heardAt(speaker.calendar.instant(fact.at)),
    message: null,
    asides: [],
    action: null,
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
    action: null,
  };
}

/** What it sent and was refused: mostly this is what is to be mended. */
function refusal({ refusal }: DownEntry, { words, calendar, language }: Voice): string | null {
  if (refusal === null) return null;
  const { at, reason, address } = refusal;
  const why = REFUSED_WORDS[language][reason];
  return words.refused(calendar.instant(at), why, printable(address));
}

function heading(
  app: Named,
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

function acknowledgement(incident: number, { acknowledgeUrl, words }: Voice): Entry["action"] {
  return acknowledgeUrl === null
    ? null
    : { label: words.acknowledge, link: acknowledgeUrl(incident) };
}

/** Nothing for an app that has not fallen within the 7 days. */
function falls(app: { readonly falls: number }, words: Words): string | null {
  return app.falls > 0 ? words.falls(app.falls) : null;
}

function asides(candidates: readonly (string | null)[]): readonly string[] {
  return candidates.filter((each) => each !== null);
}
