/** What the outbox says in English. */

import { counted } from "../language.ts";
import type { OutboxWords } from "./outbox_words.ts";

const letters = (count: number) => counted("en", count, { one: "letter", other: "letters" });
const news = (count: number) =>
  counted("en", count, { one: "piece of news", other: "pieces of news" });

export const ENGLISH: OutboxWords = {
  title: "Outbox",
  state: {
    waiting: "waiting",
    trying: "trying",
    sent: "sent",
    failed: "failed",
    suppressed: "suppressed",
  },
  kind: {
    news: "News",
    reminder: "Reminder",
    gap: "Gap",
    proof: "Proof that mail works",
    capacity: "Room for apps",
  },
  debt: { waiting: "waiting", sent: "told", suppressed: "suppressed", failed: "failed" },
  reasons: {
    stale: "it was over before mail was set up",
    heard: "it was heard before the letter was taken",
    down: "its fall was told instead",
    paused: "the app was paused",
    ignored: "the app is ignored",
    snoozed: "the app was snoozed",
    maintenance: "it was in maintenance",
    "address removed": "the address was taken out of ADMIN_EMAILS",
  },

  lettersTitle: "Letters",
  stateFilter: "Letters by state",
  anyState: "all",
  empty: "No letter has been written yet.",
  nothingFound: "No letter is like that.",
  more: "Older",
  newest: "To the newest",

  owedTitle: "In no letter yet",
  news,
  goesOut: (span) => `its letter is tried in ${span}`,
  goesOutNow: "its letter is tried now",
  needsMail: "waits until mail is set up",

  retry: "Try again now",
  test: "Send a test letter",
  retried: (sent, waiting) =>
    `Tried again: ${letters(sent)} taken, ${letters(waiting)} not taken yet.`,
  nothingDue: "There was nothing to try: no letter waits, or it is being tried already. " +
    "News is gathered for a moment before its letter is written.",
  stillTrying: "The mail server takes its time: the tries are still under way.",

  tries: (count) => counted("en", count, { one: "try", other: "tries" }),
  again: (span) => `again in ${span}`,
  againNow: "again now",
  noReply: "No answer yet",

  letter: {
    to: "To",
    kind: "Kind",
    state: "State",
    begun: "First try",
    written: "Written",
    taken: "Taken",
    nextTry: "Next try",
    tries: "Tries",
    reply: "Answer",
    advice: "What to do",
    messageId: "Message-ID",
    news: "What it tells",
    noNews: "It settles no news: it is a letter beside the news, or the apps were forgotten.",
    unlisted: (count) => `${news(count)} more`,
    silent: "fell silent",
    failed: "reported a failure",
    back: "is back",
    unknown: "nobody knew how it was",
    text: "As plain text",
    html: "As HTML",
    isSent: "This is the letter as it was sent.",
    isFrozen: "The server did not answer at the end of a try, and may have this letter: " +
      "it is tried again as it stands.",
    isRewritten: "This is what the last try said, and the server did not take. The next try is " +
      "written anew, from what is owed by then; texts of earlier tries are not kept.",
    isUnderWay: "This is what is being sent.",
    isClosed: "This is what the last try said; no server took it.",
    masked: "Links that acknowledge are not shown to those who may only read.",
    toOutbox: "To the outbox",
  },

  tested: {
    title: "Test letter",
    none: "No test letter has been sent since the start.",
    at: (instant) => `Tried at ${instant}`,
    outcome: (outcome, address) => {
      switch (outcome) {
        case "sent":
          return `Sent to ${address}`;
        case "unreachable":
          return "Not sent: no mail server lets us in";
        case "deferred":
          return `Not sent to ${address}: not now`;
        case "rejected":
          return `Not sent to ${address}: the server refuses this letter`;
        case "refused":
          return `Not sent to ${address}: the server refuses this address`;
        case "unanswered":
          return `Perhaps sent to ${address}: the server did not answer at the end`;
      }
    },
    underWay: (instant) =>
      `Under way since ${instant}. The mail server takes its time: it may take 5 minutes before ` +
      "it greets us, and 10 minutes over a letter. What comes of it is shown here.",
    again: "Send another one",
  },
};
