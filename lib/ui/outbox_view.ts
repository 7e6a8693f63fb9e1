/**
 * What the outbox shows: its letters, newest first, and the news that waits
 * for one.
 *
 * @module
 */

import type { Instant } from "../clock.ts";
import type { Hint } from "../hint.ts";
import type { MailSetup } from "../mail_setup.ts";
import { errands, type Timing } from "../outbox.ts";
import type { MessageState, MessageText, Store, StoredMessage } from "../store.ts";

/** What may become of a letter, in the order in which it does. */
export const STATES = ["waiting", "trying", "sent", "failed", "suppressed"] as const;

/** Letters on a page. */
const PAGE = 50;

/** How much of the news that a letter settles is listed: it may be thousands. */
const NEWS_LIMIT = 200;

/** Which letters are asked for. */
export interface OutboxQuery {
  readonly state: MessageState | null;
  /** Only those before this one, or null for the newest. */
  readonly before: number | null;
}

/** A letter as a row. */
export interface ListedLetter {
  readonly message: StoredMessage;
  /** What to do about the server's words, where it is known. */
  readonly hint: Hint | null;
}

/** News that is in no letter yet. */
export interface OwedNews {
  readonly address: string;
  readonly news: number;
  /** When its letter is first tried; null while nobody can tell. */
  readonly at: Instant | null;
}

/** What the page shows. */
export interface OutboxView {
  readonly query: OutboxQuery;
  readonly rows: readonly ListedLetter[];
  readonly owed: readonly OwedNews[];
  readonly next: number | null;
  /** Whether there is a server to try. */
  readonly hasMail: boolean;
}

/** One letter, as its page shows it. */
export interface LetterView extends ListedLetter {
  readonly message: MessageText;
  /** How much of its news is not listed, for there is too much, or its apps were forgotten. */
  readonly unlisted: number;
}

/** What the views are read from. */
interface Parts {
  readonly store: Store;
  readonly timing: Timing;
  readonly mail: MailSetup;
}

/** Reads a page of letters. */
export async function outboxView(
  { store, timing, mail }: Parts,
  query: OutboxQuery,
): Promise<OutboxView> {
  const [{ messages, owed, next }, outbox] = await Promise.all([
    store.messages({ ...query, limit: PAGE }),
    store.outbox(),
  ]);
  const planned = mail.kind === "missing" ? [] : errands(outbox, timing);
  return {
    query,
    rows: messages.map((message) => ({ message, hint: hintFor(message, mail) })),
    owed: owed.map(({ address, news }) => {
      const errand = planned.find((each) => each.address === address && each.kind === "news");
      return { address, news, at: errand?.at ?? null };
    }),
    next,
    hasMail: mail.kind === "ready",
  };
}

/** Reads one letter; null if there is none. */
export async function letterView({ store, mail }: Parts, id: number): Promise<LetterView | null> {
  const message = await store.message(id, NEWS_LIMIT);
  if (message === null) return null;
  const { debts } = message;
  const all = debts.waiting + debts.sent + debts.suppressed + debts.failed;
  return { message, hint: hintFor(message, mail), unlisted: all - message.news.length };
}

function hintFor({ state, reply }: StoredMessage, mail: MailSetup): Hint | null {
  if (mail.kind === "missing" || reply === null || state === "sent") return null;
  return mail.mailer.hint(reply);
}
