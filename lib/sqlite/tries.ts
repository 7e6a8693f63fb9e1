/**
 * Tries: messages begun, and what became of them.
 *
 * @module
 */

import type { Duration, Instant } from "../clock.ts";
import type { LetterKind } from "../letter.ts";
import {
  type Delivery,
  type Errand,
  type Mail,
  nextTryAt,
  REFUSED_FOR_AT_MOST,
  type WaitingMessage,
} from "../outbox.ts";
import type { Begin, Try } from "../store.ts";
import { closeEmpty, closeMessage } from "./closing.ts";
import { Composer } from "./composer.ts";
import type { Database } from "./database.ts";
import type { OccasionTable } from "./occasions.ts";

const RETRY_MESSAGE = `
  UPDATE messages
  SET state = 'trying', tries = tries + 1, next_try_at = NULL
  WHERE id = :id
`;

const SELECT_MESSAGE = `
  SELECT
    address, kind, message_id, tries, composed_at, subject, text, html, answers, told_up_to
  FROM messages
  WHERE id = :id
`;

const SEND_MESSAGE = `
  UPDATE messages
  SET state = 'sent', taken_at = :now, reply = :reply, starts_interval = :startsInterval
  WHERE id = :id
`;

/**
 * What has failed since the text was written was told after all. Of a fall
 * whose incident is open and not acknowledged, reminders are counted from here;
 * but none comes in a snooze. Indexes: debts_by_message, apps_by_incident.
 */
const SETTLE_DEBTS = `
  UPDATE debts
  SET state = 'sent', reason = NULL, named_by = NULL,
      reminded_at = CASE
        WHEN is_down = 1 THEN (
          SELECT MAX(:now, COALESCE(snoozed_until, 0) - :remindEvery)
          FROM apps
          WHERE apps.incident = debts.flip AND acknowledged_at IS NULL
        )
      END
  WHERE message = :id AND state IN ('waiting', 'failed')
`;

/**
 * What failed at an address and is still so is in the letter that it takes at
 * last, as an app that is still down: from there on it is reminded of, too.
 * Index: debts_unnamed.
 */
const REMIND_OF_FAILED = `
  UPDATE debts
  SET reminded_at = :now
  WHERE state = 'failed' AND address = :address AND is_down = 1 AND reminded_at IS NULL
    AND EXISTS (
      SELECT 1 FROM apps WHERE apps.incident = debts.flip AND acknowledged_at IS NULL
    )
`;

const KEEP_MESSAGE = `
  UPDATE messages
  SET state = 'waiting', next_try_at = :nextTryAt, reply = :reply,
      is_frozen = MAX(is_frozen, :isFrozen)
  WHERE id = :id
`;

const NOTE_REFUSAL = `
  UPDATE debts
  SET refused_at = COALESCE(refused_at, :now)
  WHERE message = :id AND state = 'waiting'
`;

/** The address was not refused this time: 3 days are 3 days on end. */
const FORGIVE_REFUSAL = `
  UPDATE debts
  SET refused_at = NULL
  WHERE message = :id AND state = 'waiting' AND refused_at IS NOT NULL
`;

const FAIL_DEBTS = `
  UPDATE debts
  SET state = 'failed', reason = :reason
  WHERE message = :id AND state = 'waiting' AND refused_at <= :refusedBefore
`;

const COUNT_DEBTS = `
  SELECT COUNT(*) AS debts
  FROM debts
  WHERE message = :id AND state = 'waiting'
`;

const SELECT_REMOVED = `
  SELECT id
  FROM messages
  WHERE state = 'waiting' AND address NOT IN (SELECT value FROM json_each(:addresses))
`;

const RECOVER_MESSAGES = `
  UPDATE messages
  SET state = 'waiting', is_frozen = 1, next_try_at = :now
  WHERE state = 'trying'
`;

/** Begins and ends tries; each call is part of its caller's transaction. */
export class Tries {
  readonly #db: Database;
  readonly #composer: Composer;
  readonly #occasions: OccasionTable;
  readonly #remindEvery: Duration;

  /** @param remindEvery null for never. */
  constructor(db: Database, occasions: OccasionTable, remindEvery: Duration | null) {
    this.#db = db;
    this.#composer = new Composer(db, occasions);
    this.#occasions = occasions;
    this.#remindEvery = remindEvery ?? 0;
  }

  /** Begins a try; see `Store.beginTry()`. */
  begin(errand: Errand, begin: Begin): Try | null {
    const { message, isRetry } = errand;
    const id = message?.isFrozen ? this.#takeAgain(message) : this.#composer.compose(errand, begin);
    if (id === null) {
      if (message !== null) this.#close(message.id, "suppressed", null);
      return null;
    }
    const row = this.#message(id);
    return { id, mail: mailOf(row), tries: row.tries, isRetry, debts: this.#debtsOf(id) };
  }

  /** Ends a try; see `Store.settle()`. */
  settle(attempt: Try, delivery: Delivery, now: Instant): number {
    const { id, tries } = attempt;
    const row = this.#message(id);
    if (delivery.outcome === "sent") {
      this.#settleSent(row, attempt, { now, reply: delivery.reply });
      return 0;
    }
    const reply = delivery.reason;
    const isRefused = delivery.outcome === "refused";
    const failed = isRefused ? this.#refuse(id, reply, now) : 0;
    if (!isRefused) this.#db.run(FORGIVE_REFUSAL, { id });
    // An admin's hand may have suppressed what it had to tell while the try was under way.
    if (row.kind === "news" && this.#debtsOf(id) === 0) {
      this.#close(id, failed > 0 ? "failed" : "suppressed", reply);
      return failed;
    }
    this.#db.run(KEEP_MESSAGE, {
      id,
      reply,
      nextTryAt: nextTryAt(delivery, tries, now),
      isFrozen: Number(delivery.outcome === "unanswered"),
    });
    return failed;
  }

  /** Ends messages that have nothing to tell any more. */
  closeEmpty(): void {
    closeEmpty(this.#db);
  }

  /** Ends messages to whom nobody writes any more. */
  closeRemoved(addresses: readonly string[]): void {
    const removed = this.#db.all(SELECT_REMOVED, { addresses: JSON.stringify(addresses) });
    for (const { id } of removed) this.#close(Number(id), "suppressed", null);
  }

  /**
   * Takes up what an ended process left behind. A try that was under way may
   * have reached the server, so its text stands.
   */
  recover(now: Instant): void {
    this.#db.run(RECOVER_MESSAGES, { now });
  }

  /** A frozen message as it is, if it still has something to tell. */
  #takeAgain({ id, kind }: WaitingMessage): number | null {
    if (kind === "news" && this.#debtsOf(id) === 0) return null;
    this.#db.run(RETRY_MESSAGE, { id });
    return id;
  }

  #settleSent(
    { kind, address, composed_at: writtenAt, told_up_to: upTo }: MessageRow,
    { id, isRetry }: Try,
    { now, reply }: { readonly now: Instant; readonly reply: string },
  ): void {
    const startsInterval = Number(kind === "news" && !isRetry);
    this.#db.run(SEND_MESSAGE, { id, now, reply, startsInterval });
    if (kind === "news") {
      this.#db.run(SETTLE_DEBTS, { id, now, remindEvery: this.#remindEvery });
      this.#db.run(REMIND_OF_FAILED, { address, now });
    } else {
      this.#occasions.told(kind, address, { now, writtenAt, upTo });
    }
  }

  #message(id: number): MessageRow {
    return this.#db.get(SELECT_MESSAGE, { id }) as unknown as MessageRow;
  }

  /** How many debts the message would settle. */
  #debtsOf(id: number): number {
    return Number(this.#db.get(COUNT_DEBTS, { id })?.debts);
  }

  /** Notes that the address was refused, and returns how many debts have waited too long for it. */
  #refuse(id: number, reason: string, now: Instant): number {
    this.#db.run(NOTE_REFUSAL, { id, now });
    const refusedBefore = now - REFUSED_FOR_AT_MOST;
    return this.#db.run(FAIL_DEBTS, { id, reason, refusedBefore }).changes;
  }

  #close(id: number, state: "failed" | "suppressed", reply: string | null): void {
    closeMessage(this.#db, id, { state, reply });
  }
}

interface MessageRow {
  readonly address: string;
  readonly kind: LetterKind;
  readonly message_id: string;
  readonly tries: number;
  readonly composed_at: number;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly answers: string;
  readonly told_up_to: number | null;
}

function mailOf(row: MessageRow): Mail {
  return {
    messageId: row.message_id,
    to: row.address,
    subject: row.subject,
    text: row.text,
    html: row.html,
    date: row.composed_at,
    answers: JSON.parse(row.answers),
  };
}
