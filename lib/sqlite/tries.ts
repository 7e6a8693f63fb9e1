/**
 * Tries: messages begun, and what became of them.
 *
 * @module
 */

import type { Instant } from "../clock.ts";
import {
  type Delivery,
  type Errand,
  type Mail,
  nextTryAt,
  REFUSED_FOR_AT_MOST,
} from "../outbox.ts";
import type { Begin, Try } from "../store.ts";
import type { Database } from "./database.ts";
import { Owed } from "./owed.ts";

const INSERT_MESSAGE = `
  INSERT INTO messages
    (address, message_id, state, tries, composed_at, subject, text, html, answers, is_good_news)
  VALUES
    (:address, :messageId, 'trying', 1, :now, :subject, :text, :html, :answers, :isGoodNews)
`;

const REWRITE_MESSAGE = `
  UPDATE messages
  SET state = 'trying', tries = tries + 1, next_try_at = NULL, composed_at = :now,
      subject = :subject, text = :text, html = :html, answers = :answers,
      is_good_news = :isGoodNews
  WHERE id = :id
`;

const RETRY_MESSAGE = `
  UPDATE messages
  SET state = 'trying', tries = tries + 1, next_try_at = NULL
  WHERE id = :id
`;

const SELECT_MESSAGE = `
  SELECT address, message_id, tries, composed_at, subject, text, html, answers
  FROM messages
  WHERE id = :id
`;

const SEND_MESSAGE = `
  UPDATE messages
  SET state = 'sent', taken_at = :now, reply = :reply, starts_interval = :startsInterval
  WHERE id = :id
`;

const SETTLE_DEBTS = `
  UPDATE debts
  SET state = 'sent'
  WHERE message = :id AND state = 'waiting'
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

const CLOSE_MESSAGE = `
  UPDATE messages
  SET state = :state, next_try_at = NULL, reply = COALESCE(:reply, reply)
  WHERE id = :id
`;

const SELECT_EMPTY = `
  SELECT id
  FROM messages
  WHERE state = 'waiting'
    AND NOT EXISTS (SELECT 1 FROM debts WHERE message = messages.id AND state = 'waiting')
`;

const RECOVER_MESSAGES = `
  UPDATE messages
  SET state = 'waiting', is_frozen = 1, next_try_at = :now
  WHERE state = 'trying'
`;

/** What a closed message would have named waits for another letter. */
const UNNAME = `
  UPDATE debts
  SET named_by = NULL
  WHERE named_by = :id AND (state = 'failed' OR (state = 'suppressed' AND reason = 'stale'))
`;

/** Begins and ends tries; each call is part of its caller's transaction. */
export class Tries {
  readonly #db: Database;
  readonly #owed: Owed;

  constructor(db: Database) {
    this.#db = db;
    this.#owed = new Owed(db);
  }

  /** Begins a try; see `Store.beginTry()`. */
  begin(errand: Errand, begin: Begin): Try | null {
    const { message, isRetry } = errand;
    const id = message?.isFrozen ? this.#takeAgain(message.id) : this.#compose(errand, begin);
    if (id === null) {
      if (message !== null) this.#close(message.id, "suppressed", null);
      return null;
    }
    const row = this.#db.get(SELECT_MESSAGE, { id }) as unknown as MessageRow;
    return { id, mail: mailOf(row), tries: row.tries, isRetry, debts: this.#debtsOf(id) };
  }

  /** Ends a try; see `Store.settle()`. */
  settle(attempt: Try, delivery: Delivery, now: Instant): number {
    const { id, tries, isRetry } = attempt;
    if (delivery.outcome === "sent") {
      const startsInterval = Number(!isRetry);
      this.#db.run(SEND_MESSAGE, { id, now, reply: delivery.reply, startsInterval });
      this.#db.run(SETTLE_DEBTS, { id });
      return 0;
    }
    const reply = delivery.reason;
    const failed = delivery.outcome === "refused" ? this.#refuse(id, reply, now) : 0;
    // An admin's hand may have suppressed what it had to tell while the try was under way.
    if (this.#debtsOf(id) === 0) {
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
    for (const { id } of this.#db.all(SELECT_EMPTY)) this.#close(Number(id), "suppressed", null);
  }

  /**
   * Takes up what an ended process left behind. A try that was under way may
   * have reached the server, so its text stands.
   */
  recover(now: Instant): void {
    this.#db.run(RECOVER_MESSAGES, { now });
  }

  /** A frozen message as it is, if it still has something to tell. */
  #takeAgain(id: number): number | null {
    if (this.#debtsOf(id) === 0) return null;
    this.#db.run(RETRY_MESSAGE, { id });
    return id;
  }

  /** Writes a message of all that is owed by now, and takes it up. */
  #compose({ address, message }: Errand, { now, messageId, write }: Begin): number | null {
    const owed = this.#owed.read(address, message?.id ?? null, now);
    if (owed === null) return null;
    const letter = write(owed.facts);
    const { down, flapping } = owed.facts.digest;
    const written = {
      now,
      subject: letter.subject,
      text: letter.text,
      html: letter.html,
      answers: JSON.stringify(owed.answers),
      isGoodNews: Number(down.length + flapping.length === 0),
    };
    let id = message?.id ?? null;
    if (id === null) id = this.#db.run(INSERT_MESSAGE, { ...written, address, messageId }).id;
    else this.#db.run(REWRITE_MESSAGE, { ...written, id });
    this.#owed.takeUp(owed, id);
    return id;
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
    this.#db.run(CLOSE_MESSAGE, { id, state, reply });
    this.#db.run(UNNAME, { id });
  }
}

interface MessageRow {
  readonly address: string;
  readonly message_id: string;
  readonly tries: number;
  readonly composed_at: number;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly answers: string;
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
