/**
 * The outbox as it is looked at: messages with their debts and the server's
 * words.
 *
 * @module
 */

import type { FlipReason, StateKind } from "../flip.ts";
import type { LetterKind } from "../letter.ts";
import type {
  DebtState,
  MessagePage,
  MessageQuery,
  MessageState,
  MessageText,
  StoredDebt,
  StoredMessage,
} from "../store.ts";
import { type Database, integer, type Row } from "./database.ts";

const SELECT_PAGE = `
  SELECT id, message_id, kind, address, state, subject, tries, next_try_at, taken_at, reply
  FROM messages
  WHERE id < :before AND (:state IS NULL OR state = :state)
  ORDER BY id DESC
  LIMIT :limit
`;

const SELECT_ONE = `
  SELECT
    id, message_id, kind, address, state, subject, tries, next_try_at, taken_at, reply,
    begun_at, composed_at, is_frozen, text, html
  FROM messages
  WHERE id = :id
`;

/** Index: debts_by_message. */
const SELECT_DEBTS = `
  SELECT
    debts.state, debts.reason, apps.app_id, apps.name, COALESCE(flips.at, put_offs.at) AS at,
    flips.to_state, flips.reason AS flip_reason
  FROM debts
  LEFT JOIN flips ON flips.id = debts.flip
  LEFT JOIN put_offs ON put_offs.id = debts.put_off
  JOIN apps ON apps.id = COALESCE(flips.app, put_offs.app)
  WHERE debts.message = :id
  ORDER BY debts.precedence, debts.id
  LIMIT :limit
`;

/** Index: debts_by_message. */
const COUNT_DEBTS = `
  SELECT state, COUNT(*) AS debts
  FROM debts
  WHERE message = :id
  GROUP BY state
`;

/** Index: debts_owed. */
const COUNT_OWED = `
  SELECT COUNT(*) AS news
  FROM debts
  WHERE state = 'waiting' AND message IS NULL AND address = :address
`;

/** Beyond every message: where the first page begins. */
const BEYOND = Number.MAX_SAFE_INTEGER;

/** Reads messages; each call is part of its caller's transaction. */
export class Messages {
  readonly #db: Database;
  readonly #addresses: readonly string[];

  constructor(db: Database, addresses: readonly string[]) {
    this.#db = db;
    this.#addresses = addresses;
  }

  /** See `Store.messages()`. */
  page({ limit, state, before }: MessageQuery): MessagePage {
    const rows = this.#db.all(SELECT_PAGE, { limit: limit + 1, state, before: before ?? BEYOND });
    const messages = rows.slice(0, limit).map((row) => this.#message(row));
    const last = rows.length > limit ? messages.at(-1) : undefined;
    const owed = this.#addresses.map((address) => {
      return { address, news: Number(this.#db.get(COUNT_OWED, { address })?.news) };
    });
    return {
      messages,
      owed: owed.filter(({ news }) => news > 0),
      next: last?.id ?? null,
    };
  }

  /** See `Store.message()`. */
  one(id: number, limit: number): MessageText | null {
    const row = this.#db.get(SELECT_ONE, { id });
    if (row === null) return null;
    const writtenAt = Number(row.composed_at);
    return {
      ...this.#message(row),
      begunAt: integer(row.begun_at) ?? writtenAt,
      writtenAt,
      isFrozen: row.is_frozen === 1,
      text: String(row.text),
      html: String(row.html),
      news: this.#db.all(SELECT_DEBTS, { id, limit }).map(storedDebt),
    };
  }

  #message(each: Row): StoredMessage {
    const row = each as unknown as MessageRow;
    const counts = new Map(
      this.#db.all(COUNT_DEBTS, { id: row.id }).map(({ state, debts }) => [state, Number(debts)]),
    );
    const count = (state: DebtState) => counts.get(state) ?? 0;
    return {
      id: row.id,
      messageId: row.message_id,
      kind: row.kind,
      address: row.address,
      state: row.state,
      subject: row.subject,
      tries: row.tries,
      nextTryAt: integer(row.next_try_at),
      takenAt: integer(row.taken_at),
      reply: row.reply,
      debts: {
        waiting: count("waiting"),
        sent: count("sent"),
        suppressed: count("suppressed"),
        failed: count("failed"),
      },
    };
  }
}

interface MessageRow {
  readonly id: number;
  readonly message_id: string;
  readonly kind: LetterKind;
  readonly address: string;
  readonly state: MessageState;
  readonly subject: string;
  readonly tries: number;
  readonly next_try_at: number | null;
  readonly taken_at: number | null;
  readonly reply: string | null;
}

interface DebtRow {
  readonly state: DebtState;
  readonly reason: string | null;
  readonly app_id: string;
  readonly name: string | null;
  readonly at: number;
  /** Null where it is owed for no flip. */
  readonly to_state: StateKind | null;
  readonly flip_reason: FlipReason | null;
}

function storedDebt(each: Row): StoredDebt {
  const row = each as unknown as DebtRow;
  const { app_id: appId, name: appName, at, state, reason } = row;
  return { appId, appName, change: changeOf(row), at, state, reason };
}

function changeOf({ to_state: to, flip_reason: reason }: DebtRow): StoredDebt["change"] {
  if (to === null) return "unknown";
  if (to !== "down") return "back";
  return reason === "fail" ? "failed" : "silent";
}
