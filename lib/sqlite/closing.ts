/**
 * Messages that end without having been taken.
 *
 * @module
 */

import type { Database } from "./database.ts";

const CLOSE_MESSAGE = `
  UPDATE messages
  SET state = :state, next_try_at = NULL, reply = COALESCE(:reply, reply)
  WHERE id = :id
`;

/** What a closed message would have named waits for another letter. */
const UNNAME = `
  UPDATE debts
  SET named_by = NULL
  WHERE named_by = :id
`;

const SELECT_EMPTY = `
  SELECT id
  FROM messages
  WHERE state = 'waiting' AND kind = 'news'
    AND NOT EXISTS (SELECT 1 FROM debts WHERE message = messages.id AND state = 'waiting')
`;

/** Ends a message. */
export function closeMessage(
  db: Database,
  id: number,
  { state, reply }: { readonly state: "failed" | "suppressed"; readonly reply: string | null },
): void {
  db.run(CLOSE_MESSAGE, { id, state, reply });
  db.run(UNNAME, { id });
}

/** Ends the messages that have nothing to tell any more. */
export function closeEmpty(db: Database): void {
  for (const { id } of db.all(SELECT_EMPTY)) {
    closeMessage(db, Number(id), { state: "suppressed", reply: null });
  }
}
