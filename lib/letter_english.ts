/**
 * Letters in English.
 *
 * @module
 */

import { counted, type Forms, numeral, plural } from "./language.ts";
import type { Change, Words } from "./letter_words.ts";

const APPS: Forms = { one: "app", other: "apps" };
const NEWS: Forms = { one: "piece of news", other: "pieces of news" };

const VERBS: Readonly<Record<Change, Forms>> = {
  silent: { one: "is down", other: "are down" },
  failed: { other: "reported a failure" },
  back: { one: "is back", other: "are back" },
  away: { one: "was away", other: "were away" },
  stillDown: { one: "is still down", other: "are still down" },
};

/** English words. */
export const ENGLISH: Words = {
  apps: (change, count) => `${counted("en", count, APPS)} ${plural("en", count, VERBS[change])}`,
  others: (change, count) => counted("en", count, VERBS[change]),
  more: (count) => `${numeral("en", count)} more`,
  andMore: (count) => `and ${numeral("en", count)} more`,

  noHeartbeat: (span, since) => `No heartbeat for ${span} (since ${since})`,
  reportedFailure: (span, at) => `Reported a failure ${span} ago (${at})`,
  away: (span, times) => `Was away for ${span} (${times})`,
  awayOften: (count, total, lastTimes) =>
    `Was away ${often(count)}, ${total} in all (the last time ${lastTimes})`,
  awayBefore: (count, total) =>
    `Before that: away ${often(count)}, ${total}${count > 1 ? " in all" : ""}`,
  awayAgain: (count, total) =>
    `After that: away ${often(count)} more, ${total}${count > 1 ? " in all" : ""}`,
  stillDown: (span, since) => `for ${span} (since ${since})`,
  falls: (count) => `Fell ${often(count)} in 7 days`,
  lastMessage: "Last message",
  message: "Message",

  undelivered: (count) => `${counted("en", count, NEWS)} could not be mailed`,
  news: (count) => counted("en", count, NEWS),
  reason: "Reason",
  stale: (count) =>
    `Before mail was set up there ${plural("en", count, { one: "was", other: "were" })} ` +
    `${numeral("en", count)} more ${plural("en", count, NEWS)}; all of it is over.`,
  staleSubject: "What happened before mail was set up",
  nothing: "No news",

  zone: (name) => `Times are in ${name}`,
  sender: "Sent by stillalive",

  sampleSubject: (subject) => `Sample: ${subject}`,
  sampleNotice: "Only a sample of an alarm: nothing has happened",
  testSubject: "Mail from stillalive works",
  testNotice: ({ getsAlarms }) =>
    getsAlarms
      ? "When an app falls silent, the alarm comes to this address."
      : "Alarms do not come to this address: it is not among ADMIN_EMAILS.",
};

function often(count: number): string {
  if (count === 1) return "once";
  return count === 2 ? "twice" : `${numeral("en", count)} times`;
}
