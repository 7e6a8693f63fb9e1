/**
 * Explanations in English.
 *
 * @module
 */

import type { ExplanationWords } from "./explanation_words.ts";
import type { Mute } from "./mute.ts";
import type { HeldBy, Unheeded } from "./telling.ts";

const MUTES: Readonly<Record<Mute["reason"], string>> = {
  snoozed: "snoozed",
  maintenance: "in maintenance",
};

const NOBODY: Readonly<Record<Unheeded, string>> = {
  ignored: "Nobody is told: it is ignored",
  paused: "Nobody is told: it is paused",
  unheard: "Nobody is told of anything before its first heartbeat",
  no_address: "Nobody is told: ADMIN_EMAILS names no address",
  no_mail: "Nobody is told: mail is not set up; what is owed waits until it is",
};

const HELD: Readonly<Record<HeldBy, string>> = {
  digest: "",
  interval: " (the mail interval after the letter before)",
  flapping: " (once an hour while it is flapping)",
  retry: " (the next try after one that was not taken)",
  server: " (the mail server lets nobody in: the next try)",
};

const SUPPRESSED: ReadonlyMap<string, string> = new Map([
  ["snoozed", "it was snoozed"],
  ["maintenance", "it was in maintenance"],
  ["paused", "it was paused"],
  ["ignored", "it was ignored"],
  ["stale", "it was over before mail was set up"],
  ["address removed", "the address was removed"],
  ["unowed", "it fell before the address was set up"],
]);

/** English words. */
export const ENGLISH: ExplanationWords = {
  heard: (span) => `Up: last heartbeat ${span} ago`,
  overdue: (span, dueFor) => `Late: last heartbeat ${span} ago, due for ${dueFor}`,
  excused: (since) =>
    `Unknown since ${since}: a heartbeat was due while stillalive could not listen, ` +
    "and none has come after",
  deaf: (since) =>
    `Unknown since ${since}: stillalive cannot listen, and a heartbeat has been due in that time`,
  putOff: (since, dueAt) =>
    `Unknown since ${since}: it was due at ${dueAt}, but the clock went ahead or the machine slept, ` +
    "and nobody knows which",
  unheard: "New: it is judged from its first heartbeat on",
  paused: (since) => `Paused${since === null ? "" : ` since ${since}`}: it is not judged`,
  ignored: "Ignored, by IGNORED_APPS: it is recorded and never judged",
  silent: (span, since) => `Down for ${span}, since ${since}: no heartbeat came in time`,
  failed: (span, since) => `Down for ${span}, since ${since}: it reported a failure`,
  acknowledged: (at) => `Acknowledged (${at}): no more reminders`,
  flapping: (since) => `Flapping since ${since}: its news comes once an hour`,

  heartbeatRefused: (at, why, address) =>
    `It did send something at ${at}, which was refused: ${why} (from ${address})`,

  dueIn: (span, alarmAt) => `Due in ${span}; alarm at ${alarmAt} if silent`,
  alarmIn: (span, at) => `Alarm at ${at}, in ${span}, if silent`,
  unknownAt: (at) =>
    `stillalive may have missed its heartbeat: if it stays silent, a letter says at ${at} ` +
    "that nobody knows how it is",
  alarmNow: "Its deadline has just passed: the alarm is being made",
  muted: (reason, until) => `It is ${MUTES[reason]} until ${until}: nobody is told before`,
  mutedThen: (reason, until) =>
    `It will be ${MUTES[reason]} then, until ${until}: nobody is told before`,

  nobody: (because) => NOBODY[because],
  mailTo: (addresses) => `Mail to ${addresses}`,
  earliest: (at, heldBy) => `at ${at} at the earliest${HELD[heldBy]}`,
  aboutToGo: "about to go out",
  sending: "on its way",
  told: (at, reminderAt) =>
    `sent at ${at}, ${reminderAt === null ? "no reminder" : `next reminder at ${reminderAt}`}`,
  afterMute: (at) => `if it is still down then, at ${at} at the earliest`,
  suppressed: (reason) => `none, for ${SUPPRESSED.get(reason) ?? reason}`,
  undelivered: (reason) => `refused for 3 days and given up (${reason})`,
  refused: (address, since, reply) =>
    `The mail server refuses ${address} since ${since}: ${reply}; it is tried again each hour`,
};
