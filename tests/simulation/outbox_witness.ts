/** Reads what is to be mailed. */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Instant } from "../../lib/clock.ts";

/** A message, with what it settles. */
export interface MessageRow {
  readonly state: string;
  readonly kind: string;
  /** Its text stands, for a try ended without an answer or with the process. */
  readonly isFrozen: number;
  /** Debts of falls in it. */
  readonly downs: number;
  /** Since when the oldest of its debts has been owed, and the oldest of a fall. */
  readonly firstFrom: Instant | null;
  readonly firstDownFrom: Instant | null;
  /** The ids of its debts, with commas between; null for none. */
  readonly debts: string | null;
  /** The ids of the apps whose news is in it and waits. */
  readonly apps: string | null;
  /** The ids of the flips of those that are sent. */
  readonly flips: string | null;
  /** The ids of the falls of which its address could not be told for 3 days. */
  readonly failed: string | null;
}

/** What an address is owed that is in no message, and of no app that another letter is yet to tell of. */
export interface OwedRow {
  readonly address: string;
  readonly firstFrom: Instant;
  /** The same of falls; null if it is owed none. */
  readonly firstDownFrom: Instant | null;
  /** Until when the last of it is held back. */
  readonly lastFrom: Instant;
  /** A message to it waits that can be written anew. */
  readonly isHeld: number;
}

const appOf = (debt: string): string =>
  `COALESCE(
  (SELECT app FROM flips WHERE flips.id = ${debt}.flip),
  (SELECT app FROM put_offs WHERE put_offs.id = ${debt}.put_off)
)`;

const SELECT_MESSAGE = `
  SELECT messages.state, messages.kind, is_frozen AS isFrozen,
    SUM(is_down) AS downs, MIN(owed_from) AS firstFrom,
    MIN(CASE WHEN is_down = 1 THEN owed_from END) AS firstDownFrom,
    GROUP_CONCAT(debts.id) AS debts,
    (
      SELECT GROUP_CONCAT(${appOf("its")})
      FROM debts AS its
      WHERE its.message = messages.id AND its.state = 'waiting'
    ) AS apps,
    GROUP_CONCAT(CASE WHEN debts.state = 'sent' THEN debts.flip END) AS flips,
    (
      SELECT GROUP_CONCAT(flip)
      FROM debts AS each
      WHERE each.address = messages.address AND each.state = 'failed' AND is_down = 1
    ) AS failed
  FROM messages
  LEFT JOIN debts ON debts.message = messages.id
  WHERE message_id = :messageId
  GROUP BY messages.id
`;

/** Whether another letter has yet to tell the same address of the same app. */
const IS_ELSEWHERE = `EXISTS (
  SELECT 1
  FROM debts AS other
  JOIN messages ON messages.id = other.message
  WHERE other.address = debts.address AND other.state = 'waiting' AND is_frozen = 0
    AND ${appOf("other")} = ${appOf("debts")}
)`;

const COUNT_OWED = `
  SELECT COUNT(*) AS debts
  FROM debts
  WHERE address = :address AND state = 'waiting' AND message IS NULL AND owed_from <= :now
    AND NOT ${IS_ELSEWHERE}
`;

const SELECT_OWED = `
  SELECT address, MIN(owed_from) AS firstFrom, MAX(owed_from) AS lastFrom,
    MIN(CASE WHEN is_down = 1 THEN owed_from END) AS firstDownFrom, EXISTS (
    SELECT 1
    FROM messages
    WHERE messages.address = debts.address AND state = 'waiting' AND is_frozen = 0 AND kind = 'news'
  ) AS isHeld
  FROM debts
  WHERE state = 'waiting' AND message IS NULL AND NOT ${IS_ELSEWHERE}
  GROUP BY address
`;

const SELECT_UNKNOWN = `
  SELECT 1
  FROM apps
  WHERE app_id = :appId AND state = 'up' AND put_off IS NOT NULL
`;

/** Looks at the outbox, whenever it is asked. */
export class OutboxWitness {
  readonly #message: StatementSync;
  readonly #owed: StatementSync;
  readonly #owedAll: StatementSync;
  readonly #unknown: StatementSync;

  constructor(db: DatabaseSync) {
    this.#message = db.prepare(SELECT_MESSAGE);
    this.#owed = db.prepare(COUNT_OWED);
    this.#owedAll = db.prepare(SELECT_OWED);
    this.#unknown = db.prepare(SELECT_UNKNOWN);
  }

  /** A message as it stands, or null if it is not on disk. */
  message(messageId: string): MessageRow | null {
    return (this.#message.get({ messageId }) as unknown as MessageRow | undefined) ?? null;
  }

  /** How many debts to an address could be told now and are in no message. */
  owed(address: string, now: Instant): number {
    return Number(this.#owed.get({ address, now })?.debts);
  }

  /** What each address is owed that is in no message. */
  owedAll(): readonly OwedRow[] {
    return this.#owedAll.all() as unknown as readonly OwedRow[];
  }

  /** Whether people are to be told of an app that nobody knows how it is. */
  isUnknown(appId: string): boolean {
    return this.#unknown.get({ appId }) !== undefined;
  }
}
