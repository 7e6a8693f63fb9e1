/**
 * Letters in English.
 *
 * @module
 */

import { GAP_CAUSES } from "./gap_words.ts";
import { counted, type Forms, numeral, plural } from "./language.ts";
import type { Change, Words } from "./letter_words.ts";

const APPS: Forms = { one: "app", other: "apps" };
const INCIDENTS: Forms = { one: "incident", other: "incidents" };
const NEWS: Forms = { one: "piece of news", other: "pieces of news" };
const MORE_NEWS: Forms = { one: "more piece of news comes", other: "more pieces of news come" };
const MORE_ALARMS: Forms = { one: "more alarm may come", other: "more alarms may come" };
const GAPS: Forms = { one: "gap", other: "gaps" };

const VERBS: Readonly<Record<Change, Forms>> = {
  silent: { one: "is down", other: "are down" },
  failed: { other: "reported a failure" },
  back: { one: "is back", other: "are back" },
  away: { one: "was away", other: "were away" },
  flapping: { one: "is flapping", other: "are flapping" },
  stillDown: { one: "is still down", other: "are still down" },
  unknown: { one: "is unknown", other: "are unknown" },
  heard: { one: "was heard after all", other: "were heard after all" },
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
  refused: (at, why, address) =>
    `It did send something at ${at}, which was refused: ${why} (from ${address})`,
  awayBefore: (count, total) =>
    `Before that: away ${often(count)}, ${total}${count > 1 ? " in all" : ""}`,
  awayAgain: (count, total) =>
    `After that: away ${often(count)} more, ${total}${count > 1 ? " in all" : ""}`,
  stillDown: (span, since) => `for ${span} (since ${since})`,
  nowDown: (span, since) => `Now down, for ${span} (since ${since})`,
  cameBack: (span, at) => `Came back ${span} ago (${at})`,
  down: "down",
  flappingNote: "News of this comes once an hour, until it calms down.",
  acknowledge: "Acknowledge: no more reminders",
  falls: (count) => `Fell ${often(count)} in 7 days`,
  lastMessage: "Last message",
  message: "Message",

  expected: (dueAt, at) => `Expected between ${dueAt} and ${at}; nothing has come since`,
  missed: (cause, [from, to], others) =>
    `It may have been missed: ${GAP_CAUSES.en[cause]}, from ${from} to ${to}` +
    (others === 0 ? "" : `, and in ${counted("en", others, GAPS)} since`),
  downAt: (at) => `If it stays silent, it is down at ${at}`,
  heardAt: (at) => `heard at ${at}`,

  left: (count) => `${counted("en", count, MORE_NEWS)} in the next letter.`,
  gathered: (span) =>
    "That is several letters within a few minutes: from here on alarms are gathered, and the " +
    `next letter comes in ${span} at the earliest.`,

  undelivered: (count) => `${counted("en", count, NEWS)} could not be mailed`,
  news: (count) => counted("en", count, NEWS),
  reason: "Reason",
  stale: (count) =>
    `Before mail was set up there ${plural("en", count, { one: "was", other: "were" })} ` +
    `${numeral("en", count)} more ${plural("en", count, NEWS)}; all of it is over.`,
  staleSubject: "What happened before mail was set up",
  nothing: "No news",

  deaf: (from, to, span) => `Nothing could be heard from ${from} to ${to} (${span})`,
  deafOften: (count, total, lastTimes) =>
    `Nothing could be heard in ${numeral("en", count)} gaps, ${total} in all ` +
    `(the last one ${lastTimes})`,
  because: (cause, gaps) =>
    `${gaps === 1 ? "Why" : "Why, the last time"}: ${GAP_CAUSES.en[cause]}.`,
  moreTime: (count) =>
    `${counted("en", count, APPS)} ${plural("en", count, { one: "gets", other: "get" })} more time`,
  moved: (count, end) =>
    `${counted("en", count, APPS)} had a heartbeat due in that time. What was sent then is lost, ` +
    (end === null
      ? "so silence counts later than usual."
      : `so silence counts only after a whole period and grace from ${end} on.`),
  putOffLater: (count) =>
    `${counted("en", count, MORE_ALARMS)} over an hour later than usual. ` +
    "Of each of these a letter comes at its usual time, if it stays silent.",

  well: (count, total) => {
    if (total === 0) return "No apps are watched";
    if (count < total) {
      return `${numeral("en", count)} of ${counted("en", total, APPS)} ${
        be(total === 1 ? total : count)
      } well`;
    }
    return total === 1 ? "The only app is well" : `All ${counted("en", total, APPS)} are well`;
  },
  notWell: (count) => `${numeral("en", count)} ${be(count)} down`,
  unknown: (count) => `${numeral("en", count)} ${be(count)} unknown`,
  unknownNote: "Unknown: due while stillalive could not listen, and not heard since.",
  tardy: (count) => `${numeral("en", count)} ${be(count)} late`,
  unheard: (count) => `${numeral("en", count)} ${be(count)} new`,
  unheardNote: "New: watched from the first heartbeat on, which has not come yet.",
  incidents: (count, since) =>
    `${count === 0 ? "No incidents" : counted("en", count, INCIDENTS)} since ${since}`,
  proof: "This letter proves that alarms reach you.",

  capacity: ({ apps, most }) =>
    apps >= most
      ? `No other app can register: there are ${numeral("en", apps)} (MAX_APPS)`
      : `${numeral("en", apps)} of at most ${numeral("en", most)} apps are registered (MAX_APPS)`,
  capacityAdvice: (isFull) => [
    (isFull
      ? "The heartbeats of apps that are not known yet are refused (429), "
      : "When it is reached, the heartbeats of apps that are not known yet are refused (429), ") +
    "and nobody will be told that they fall silent. Apps that are known count as ever.",
    "What to do: raise MAX_APPS, or forget the apps that are none of yours. Where strangers " +
    "register them, set HEARTBEAT_TOKEN, or AUTO_REGISTER=false.",
  ],

  unstored: "Heartbeats cannot be stored",
  unstoredSince: (span, since, reason) => `For ${span} (since ${since}). SQLite says: ${reason}`,
  unstoredAdvice: [
    "Apps are answered 503 and asked to try again. Nothing is lost that was answered 200, " +
    "and no app is taken for silent because of this time.",
    "What to do: mostly the disk is full, so make room on it; else remove what SQLite complains " +
    "of. stillalive then goes on by itself, without a restart.",
  ],
  unreachable: "Nobody can connect: stillalive stops",
  unreachableSince: (span, since, reason) => `For ${span} (since ${since}): ${reason}`,
  unreachableAdvice: [
    "It could not open its port again, and stops now (exit code 1), so that whatever keeps it " +
    "running starts it anew. Until it runs again nobody watches your apps; no app is taken for " +
    "silent because of this time.",
    "What to do: see that it runs. If it has too few descriptors for all who connect, give it " +
    "more: LimitNOFILE=65536 in its systemd unit, or --ulimit nofile=65536:65536 with Docker.",
  ],
  lost: (what) => `The database was ${what}: stillalive stops`,
  lostAdvice: (what, database) =>
    what === "taken over"
      ? [
        `Another stillalive serves "${database}": the lock of this one was removed while it was at work on it.`,
        "This one stops now (exit code 1), for two would tell of everything twice. The other one watches your apps.",
        "What to do: leave the .lock file beside the database where it is, and start stillalive once only.",
      ]
      : [
        `"${database}" was ${what} while stillalive was at work on it.`,
        "It stops now (exit code 1): else it would answer 200 for what is on no disk. " +
        "Until it runs again nobody watches your apps.",
        "What to do: put the file back where it was, if need be from a backup, and start stillalive. " +
        (what === "deleted"
          ? "Without the file it begins an empty database, which knows no app."
          : "As things are, it would start with the file that is there now."),
      ],

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

function be(count: number): string {
  return plural("en", count, { one: "is", other: "are" });
}

function often(count: number): string {
  if (count === 1) return "once";
  return count === 2 ? "twice" : `${numeral("en", count)} times`;
}
