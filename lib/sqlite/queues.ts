/**
 * What waits to be mailed, and the mail server's one retry clock.
 *
 * @module
 */

import type { Instant } from "../clock.ts";
import type { LetterKind } from "../letter.ts";
import {
  ALARMS_APART,
  type LastLetter,
  type Outbox,
  type Queue,
  retryAfter,
  type WaitingMessage,
} from "../outbox.ts";
import { type Database, integer, type Row } from "./database.ts";
import { APPS_ELSEWHERE } from "./elsewhere.ts";
import type { OccasionTable } from "./occasions.ts";

/** Index: debts_owed, one step for each address and side. */
const SELECT_FIRST_OWED = `
  SELECT MIN(owed_from) AS at
  FROM debts
  WHERE state = 'waiting' AND message IS NULL AND address = :address AND is_down = :isDown
`;

/** The first of that, apps apart that have news elsewhere. Index: debts_owed, from its first entry on. */
const SELECT_FIRST_BESIDE = `
  SELECT owed_from AS at
  FROM debts
  WHERE state = 'waiting' AND message IS NULL AND address = :address AND is_down = :isDown
    AND precedence NOT IN (${APPS_ELSEWHERE})
  ORDER BY owed_from
  LIMIT 1
`;

/** Index: messages_waiting. */
const SELECT_WAITING = `
  SELECT id, kind, is_frozen, next_try_at
  FROM messages
  WHERE address = :address AND state = 'waiting'
  ORDER BY next_try_at
`;

/** Index: letters_by_address. */
const SELECT_LAST_LETTER = `
  SELECT taken_at, is_good_news
  FROM messages
  WHERE address = :address AND state = 'sent' AND starts_interval = 1
  ORDER BY taken_at DESC
  LIMIT 1
`;

/** Index: alarms_by_address. */
const SELECT_LAST_ALARMS = `
  SELECT taken_at
  FROM messages
  WHERE address = :address AND state = 'sent' AND starts_interval = 1 AND is_good_news = 0
  ORDER BY taken_at DESC
  LIMIT :limit
`;

const SELECT_SERVER = `
  SELECT failures, next_try_at
  FROM mail_server
`;

const UPDATE_SERVER = `
  UPDATE mail_server
  SET failures = :failures, next_try_at = :nextTryAt, reason = :reason,
      failing_since = COALESCE(failing_since, :now)
`;

/** Writes nothing, and so costs no flush, while the server is well. */
const RESET_SERVER = `
  UPDATE mail_server
  SET failures = 0, next_try_at = NULL, reason = NULL, failing_since = NULL
  WHERE failures > 0
`;

/** Reads what waits; each call is part of its caller's transaction. */
export class Queues {
  readonly #db: Database;
  readonly #occasions: OccasionTable;
  readonly #addresses: readonly string[];

  /** @param addresses whose queues there are. */
  constructor(db: Database, occasions: OccasionTable, addresses: readonly string[]) {
    this.#db = db;
    this.#occasions = occasions;
    this.#addresses = addresses;
  }

  /** See `Store.outbox()`. */
  read(beside: ReadonlySet<string>): Outbox {
    const server = this.#db.get(SELECT_SERVER);
    return {
      server: {
        failures: Number(server?.failures),
        nextTryAt: integer(server?.next_try_at),
      },
      queues: this.#addresses.map((address) => this.#queue(address, beside.has(address))),
    };
  }

  /** Moves the server's one retry clock on. */
  serverFailed(reason: string, now: Instant): void {
    const failures = Number(this.#db.get(SELECT_SERVER)?.failures) + 1;
    const nextTryAt = now + retryAfter(failures);
    this.#db.run(UPDATE_SERVER, { failures, nextTryAt, reason, now });
  }

  /** Stops the server's retry clock. */
  serverReady(): void {
    this.#db.run(RESET_SERVER);
  }

  #queue(address: string, isBeside: boolean): Queue {
    const waiting = this.#db.all(SELECT_WAITING, { address });
    const firstOwed = (isDown: boolean) =>
      isBeside ? this.#firstBeside(address, isDown) : this.#firstOwed(address, isDown);
    const [firstUpAt, firstDownAt] = [firstOwed(false), firstOwed(true)];
    const firstAt = Math.min(firstUpAt ?? Infinity, firstDownAt ?? Infinity);
    const last = this.#db.get(SELECT_LAST_LETTER, { address });
    const alarms = this.#db.all(SELECT_LAST_ALARMS, { address, limit: ALARMS_APART });
    return {
      address,
      owed: firstAt === Infinity ? null : { firstAt, firstDownAt },
      lastLetter: last === null ? null : lastLetter(last),
      alarmsAt: alarms.map((row) => Number(row.taken_at)),
      messages: waiting.map(waitingMessage),
      occasions: this.#occasions.read(address),
    };
  }

  #firstOwed(address: string, isDown: boolean): Instant | null {
    return integer(this.#db.get(SELECT_FIRST_OWED, { address, isDown: Number(isDown) })?.at);
  }

  #firstBeside(address: string, isDown: boolean): Instant | null {
    const found = this.#db.get(SELECT_FIRST_BESIDE, {
      address,
      isDown: Number(isDown),
      message: null,
    });
    return integer(found?.at);
  }
}

function waitingMessage(row: Row): WaitingMessage {
  return {
    id: Number(row.id),
    kind: row.kind as LetterKind,
    isFrozen: row.is_frozen === 1,
    nextTryAt: Number(row.next_try_at),
  };
}

function lastLetter(row: Row): LastLetter {
  return { takenAt: Number(row.taken_at), isGoodNews: row.is_good_news === 1 };
}
