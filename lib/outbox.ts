/**
 * The outbox: who is owed which news, and when a message is tried.
 *
 *  debt arises      first try        deferred        taken
 *      |-- digest ------|--- 15 s ------|--- 1 min --- … |---- interval ----|
 *      |    window      |               |                |  next first try  |
 *
 * A debt belongs to no message until its first try begins. Until a try has
 * ended without an answer a message is written anew each time, from all that
 * is owed by then; afterwards its text stands, for the server may have it.
 *
 * @module
 */

import { DAY, type Duration, HOUR, type Instant, MINUTE, SECOND } from "./clock.ts";
import { GAP_LETTER_EVERY } from "./gap.ts";
import type { Hint } from "./hint.ts";
import type { LetterKind } from "./letter.ts";

/** A letter on its way to one address. */
export interface Mail {
  /** With its angle brackets; the same at every try. */
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** When the text was written. */
  readonly date: Instant;
  /** The `Message-ID`s of the letters it answers, oldest first; the last one is its parent. */
  readonly answers: readonly string[];
}

/** Where mail leaves the program. */
export interface Mailer {
  /**
   * Calls the server, and waits until it has greeted us. What fails up to the
   * session concerns the server, not one message. Never throws.
   */
  connect(signal: AbortSignal): Promise<Call>;
}

/** A server that has greeted us, or why none has. */
export type Call =
  | ({ readonly outcome: "greeted" } & Greeted)
  | ({ readonly outcome: "unreachable" } & Failure);

/** A server that has not been told yet who we are. */
export interface Greeted {
  /** Says who we are, where the settings tell. Never throws; an abort of the call ends it. */
  logIn(): Promise<Connection>;
  /** Ends the connection. */
  close(): void;
}

/** A server that is ready to take a message, or why there is none. */
export type Connection =
  | { readonly outcome: "ready"; readonly session: Session }
  | ({ readonly outcome: "unreachable" } & Failure);

/** One connection to a mail server, good for one message. */
export interface Session {
  /** One SMTP transaction. Never throws; an abort ends it as the moment demands. */
  send(mail: Mail): Promise<Delivery>;
  /** Ends the connection. */
  close(): void;
}

/** What a server, or the way to it, said. */
export interface Failure {
  /** The reply as it came, or what happened instead. One line, no secret in it. */
  readonly reason: string;
  /** What the admin should do about it, where its code tells. */
  readonly hint: Hint | null;
}

/** What became of one try at sending. */
export type Delivery =
  | { readonly outcome: "sent"; readonly reply: string }
  /** Certainly not taken, for now: 4yz, or cut off before the final dot. */
  | ({ readonly outcome: "deferred" } & Failure)
  /** 5yz to MAIL FROM or after the data, or to RCPT of the sender. No reply is final for an alarm. */
  | ({ readonly outcome: "rejected" } & Failure)
  /** 5yz to RCPT: this address is refused; the server may be fine. */
  | ({ readonly outcome: "refused" } & Failure)
  /** No answer after the final dot: the server may have taken it. */
  | ({ readonly outcome: "unanswered" } & Failure);

/** Waits after the first, second, … failed try; then {@linkcode RETRY_AT_LEAST_EVERY}. */
const RETRY_AFTER: readonly Duration[] = [
  15 * SECOND,
  1 * MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
];

/** The longest wait between two tries. */
export const RETRY_AT_LEAST_EVERY: Duration = HOUR;

/** How long an address may be refused before what it is owed counts as failed. */
export const REFUSED_FOR_AT_MOST: Duration = 3 * DAY;

/** So many letters with alarms come one by one: several events are several letters, a storm is not. */
export const ALARMS_APART = 3;

/** The span in which they are counted. */
export const ALARMS_SPAN: Duration = 10 * MINUTE;

/** The wait after the last of so many failed tries in a row (1 or more). Without jitter: there is one of us. */
export function retryAfter(failures: number): Duration {
  return RETRY_AFTER[failures - 1] ?? RETRY_AT_LEAST_EVERY;
}

/** When a message that was not taken is tried again. */
export function nextTryAt(
  delivery: Exclude<Delivery, { outcome: "sent" }>,
  tries: number,
  endedAt: Instant,
): Instant {
  switch (delivery.outcome) {
    case "deferred":
    case "unanswered":
      return endedAt + retryAfter(tries);
    case "rejected":
    case "refused":
      return endedAt + RETRY_AT_LEAST_EVERY;
  }
}

/** All that waits to be mailed. */
export interface Outbox {
  readonly server: ServerState;
  readonly queues: readonly Queue[];
}

/** The one retry clock of the mail server. */
export interface ServerState {
  /** Tries in a row that failed before MAIL FROM. */
  readonly failures: number;
  /** No try of any message before this; null while the server is well. */
  readonly nextTryAt: Instant | null;
}

/** What waits for one address. */
export interface Queue {
  readonly address: string;
  /** News that belongs to no message yet. */
  readonly owed: {
    readonly firstAt: Instant;
    readonly firstDownAt: Instant | null;
  } | null;
  /** The last letter that was news and taken at its first try. */
  readonly lastLetter: LastLetter | null;
  /** When the last of those with an alarm were taken, newest first: up to {@linkcode ALARMS_APART}. */
  readonly alarmsAt: readonly Instant[];
  readonly messages: readonly WaitingMessage[];
  readonly occasions: Occasions;
}

/** What letters beside the news are counted from. */
export interface Occasions {
  /** When the address was last told of an app that is down and not acknowledged, the longest ago. */
  readonly remindedAt: Instant | null;
  /** A gap that it has not been told of, and when it was last told of one. */
  readonly gap: { readonly endedAt: Instant; readonly lastLetterAt: Instant | null } | null;
  /** Since when no proof has been sent; null while the address is not known yet. */
  readonly proofFrom: Instant | null;
  /** Since when there are nearly as many apps as there may be, and it has not been told. */
  readonly capacityAt: Instant | null;
}

/** What the mail interval is counted from. */
export interface LastLetter {
  readonly takenAt: Instant;
  /** It told of no app that is down. */
  readonly isGoodNews: boolean;
}

/** A message that has been tried and not been taken. */
export interface WaitingMessage {
  readonly id: number;
  readonly kind: LetterKind;
  /** A try ended without an answer: the server may have the text, so it stands. */
  readonly isFrozen: boolean;
  readonly nextTryAt: Instant;
}

/** How news is gathered into letters, and when there are others. */
export interface Timing {
  /** From the first news on, how long further news joins the same letter. */
  readonly digestWindow: Duration;
  /** From a letter that was taken to the next one. */
  readonly mailInterval: Duration;
  /** From a letter that told of an app being down to one that tells it again; null for never. */
  readonly remindEvery: Duration | null;
  /** From one proof that mail works to the next; null for never. */
  readonly mailProof: Duration | null;
}

/** A try to be made. */
export interface Errand {
  readonly at: Instant;
  readonly address: string;
  readonly kind: LetterKind;
  /** The message to try, or null for one to be made of what is owed. */
  readonly message: WaitingMessage | null;
  /** Whether something held it up before, so that it starts no mail interval. */
  readonly isRetry: boolean;
}

/** The tries to be made, the earliest first. */
export function errands(outbox: Outbox, timing: Timing): readonly Errand[] {
  const all: Errand[] = [];
  const serverAt = outbox.server.nextTryAt ?? 0;
  for (const queue of outbox.queues) {
    const { address, owed, messages, occasions } = queue;
    for (const message of messages) {
      const at = Math.max(message.nextTryAt, serverAt);
      all.push({ at, address, kind: message.kind, message, isRetry: true });
    }
    // A message that can be written anew takes up what is owed at its next try.
    if (owed !== null && messages.every((each) => each.isFrozen || each.kind !== "news")) {
      all.push({
        at: Math.max(firstTryAt(owed, queue, timing), serverAt),
        address,
        kind: "news",
        message: null,
        isRetry: outbox.server.failures > 0,
      });
    }
    for (const { kind, at } of letters(occasions, timing)) {
      if (messages.some((each) => each.kind === kind)) continue;
      all.push({ at: Math.max(at, serverAt), address, kind, message: null, isRetry: false });
    }
  }
  return all.sort((a, b) => a.at - b.at);
}

/** The letters beside the news, which neither wait for the mail interval nor start it. */
function letters(
  { remindedAt, gap, proofFrom, capacityAt }: Occasions,
  { remindEvery, mailProof, digestWindow }: Timing,
): readonly { readonly kind: LetterKind; readonly at: Instant }[] {
  const all: { readonly kind: LetterKind; readonly at: Instant }[] = [];
  if (remindedAt !== null && remindEvery !== null) {
    all.push({ kind: "reminder", at: remindedAt + remindEvery });
  }
  if (gap !== null) {
    const heldUntil = gap.lastLetterAt === null ? 0 : gap.lastLetterAt + GAP_LETTER_EVERY;
    all.push({ kind: "gap", at: Math.max(gap.endedAt + digestWindow, heldUntil) });
  }
  if (proofFrom !== null && mailProof !== null) {
    all.push({ kind: "proof", at: proofFrom + mailProof });
  }
  if (capacityAt !== null) all.push({ kind: "capacity", at: capacityAt + digestWindow });
  return all;
}

/**
 * When news that is owed is first tried.
 *
 * The digest window opens with the first news and does not slide. After a
 * letter the next one waits for the mail interval, but two things are not held:
 * an alarm after a letter that told only of recoveries, and one after few
 * alarms. It then opens a window of its own, and takes along what waits.
 */
export function firstTryAt(
  owed: { readonly firstAt: Instant; readonly firstDownAt: Instant | null },
  { lastLetter: last, alarmsAt }: Pick<Queue, "lastLetter" | "alarmsAt">,
  timing: Timing,
): Instant {
  const heldUntil = last === null ? 0 : last.takenAt + timing.mailInterval;
  const at = Math.max(owed.firstAt + timing.digestWindow, heldUntil);
  if (owed.firstDownAt === null) return at;
  const isHeld = last !== null && !last.isGoodNews;
  const alarmFrom = isHeld ? crowdedUntil(alarmsAt) : 0;
  return Math.min(at, Math.max(owed.firstDownAt + timing.digestWindow, alarmFrom));
}

/** Until when alarms come so thick that they are gathered; 0 if they never did. */
function crowdedUntil(alarmsAt: readonly Instant[]): Instant {
  const first = alarmsAt[ALARMS_APART - 1];
  return first === undefined ? 0 : first + ALARMS_SPAN;
}
