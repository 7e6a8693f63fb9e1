/**
 * What the outbox tells of its own health.
 *
 * @module
 */

import type { FailedAddress, Health } from "../store.ts";
import { type Database, integer, type Row } from "./database.ts";

/** Index: debts_waiting. */
const SELECT_OWED_SINCE = `
  SELECT MIN(owed_from) AS at
  FROM debts
  WHERE state = 'waiting'
`;

/**
 * Addresses that failed and have taken no letter since, each with what was said
 * of its latest news. Indexes: debts_unnamed, letters_by_address.
 */
const SELECT_FAILED_ADDRESSES = `
  SELECT address, failed_at, reason
  FROM (
    SELECT address, MAX(refused_at) AS failed_at, reason
    FROM debts
    WHERE state = 'failed'
    GROUP BY address
  ) AS failed
  WHERE NOT EXISTS (
    SELECT 1
    FROM messages
    WHERE messages.address = failed.address AND state = 'sent' AND taken_at > failed.failed_at
  )
`;

/** Letters beside the news wait, too. Index: messages_waiting. */
const SELECT_MESSAGE_SINCE = `
  SELECT MIN(begun_at) AS at
  FROM messages
  WHERE state = 'waiting'
`;

const SELECT_SERVER = `
  SELECT failing_since
  FROM mail_server
`;

/** Reads what tells whether mail goes out. */
export class HealthTable {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The outbox's part of the health. */
  ofOutbox(): Pick<Health, "waitingSince" | "failedAddresses"> {
    const waiting = [
      integer(this.#db.get(SELECT_OWED_SINCE)?.at),
      integer(this.#db.get(SELECT_MESSAGE_SINCE)?.at),
      integer(this.#db.get(SELECT_SERVER)?.failing_since),
    ].filter((at) => at !== null);
    return {
      waitingSince: waiting.length === 0 ? null : Math.min(...waiting),
      failedAddresses: this.#db.all(SELECT_FAILED_ADDRESSES).map(failedAddress),
    };
  }
}

function failedAddress({ address, failed_at: since, reason }: Row): FailedAddress {
  return { address: String(address), since: Number(since), reason: String(reason) };
}
