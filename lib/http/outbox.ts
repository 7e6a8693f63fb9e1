/**
 * The outbox over HTTP: what became of each letter, and trying again at once.
 *
 * @module
 */

import { type Duration, SECOND } from "../clock.ts";
import type { Store, StoredMessage } from "../store.ts";
import type { Delivered, Watch } from "../watch.ts";
import type { Access } from "./access.ts";
import { cursorTo, instantText, invalidQuery, readCursor, readLimit, rowId } from "./pages.ts";
import type { Handler } from "./routes.ts";

/** How long an answer waits for tries: a server may take minutes, and they go on without it. */
const PATIENCE: Duration = 30 * SECOND;

const STATES = ["waiting", "trying", "sent", "failed", "suppressed"] as const;

/** What the routes work with. */
export interface OutboxParts {
  readonly store: Store;
  readonly watch: Watch;
  readonly access: Access;
}

/** Lists messages, newest first, and how much news waits that is in none yet. */
export function getOutbox({ store, access }: OutboxParts): Handler {
  return async (exchange) => {
    await access.permit(exchange.req.raw, "read");
    const { limit, state, cursor } = exchange.req.query();
    const wanted = state === undefined ? null : STATES.find((each) => each === state);
    if (wanted === undefined) throw invalidQuery("state", state, `one of ${STATES.join(", ")}`);
    const page = await store.messages({
      limit: readLimit(limit),
      state: wanted,
      before: cursor === undefined ? null : readCursor(cursor, rowId),
    });
    return exchange.json({
      messages: page.messages.map(messageJson),
      owed: page.owed,
      next: page.next === null ? null : cursorTo(page.next),
    });
  };
}

/** Tries all that waits, whatever the retry clocks say. */
export function postRetry({ watch, access }: OutboxParts): Handler {
  return async (exchange) => {
    await access.permit(exchange.req.raw, "write");
    return exchange.json(await retried(watch));
  };
}

/** Tries all that waits, and says what came of it, as far as that is known soon. */
export function retried(watch: Watch): Promise<Delivered> {
  return watch.deliver({ isRetryNow: true, patience: PATIENCE });
}

function messageJson(message: StoredMessage): object {
  return {
    id: message.id,
    message_id: message.messageId,
    kind: message.kind,
    to: message.address,
    state: message.state,
    subject: message.subject,
    tries: message.tries,
    next_try_at: instantText(message.nextTryAt),
    taken_at: instantText(message.takenAt),
    reply: message.reply,
    debts: message.debts,
  };
}
