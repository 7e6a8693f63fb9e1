/**
 * Messages put into words: what an address is to be told goes into a row, so
 * that a crash cannot make two texts of one message.
 *
 * @module
 */

import type { LetterFacts } from "../letter.ts";
import type { Errand } from "../outbox.ts";
import type { Begin } from "../store.ts";
import type { Database } from "./database.ts";
import type { OccasionTable } from "./occasions.ts";
import { type HeardDebt, Owed } from "./owed.ts";

const INSERT_MESSAGE = `
  INSERT INTO messages
    (address, kind, message_id, state, tries, composed_at, subject, text, html, answers,
     is_good_news, told_up_to, begun_at)
  VALUES
    (:address, :kind, :messageId, 'trying', 1, :now, :subject, :text, :html, :answers,
     :isGoodNews, :upTo, :now)
`;

const REWRITE_MESSAGE = `
  UPDATE messages
  SET state = 'trying', tries = tries + 1, next_try_at = NULL, composed_at = :now,
      subject = :subject, text = :text, html = :html, answers = :answers,
      is_good_news = :isGoodNews, told_up_to = :upTo
  WHERE id = :id
`;

/** What a message is to tell. */
interface Content {
  readonly facts: LetterFacts;
  /** The `Message-ID`s of the letters it answers. */
  readonly answers: readonly string[];
  /** The last row that it tells of; null where that is no matter. */
  readonly upTo: number | null;
  readonly heard: readonly HeardDebt[];
  /** Makes the message the one that settles what it tells. */
  readonly takeUp: (message: number) => void;
}

/** Writes messages; each call is part of its caller's transaction. */
export class Composer {
  readonly #db: Database;
  readonly #owed: Owed;
  readonly #occasions: OccasionTable;

  constructor(db: Database, occasions: OccasionTable) {
    this.#db = db;
    this.#owed = new Owed(db);
    this.#occasions = occasions;
  }

  /** Writes a message of all there is to tell by now, and returns its id; null for nothing. */
  compose(errand: Errand, { now, messageId, write }: Begin): number | null {
    const { address, kind, message } = errand;
    const content = this.#content(errand, now);
    if (content === null) return null;
    const { facts, answers, upTo } = content;
    const written = { ...write(facts), now, upTo, answers: JSON.stringify(answers) };
    const row = { ...written, isGoodNews: Number(isGoodNews(facts)) };
    let id = message?.id ?? null;
    if (id === null) id = this.#db.run(INSERT_MESSAGE, { ...row, address, kind, messageId }).id;
    else this.#db.run(REWRITE_MESSAGE, { ...row, id });
    content.takeUp(id);
    this.#owed.nameOthers(id, content.heard);
    return id;
  }

  #content({ address, kind, message }: Errand, now: number): Content | null {
    const id = message?.id ?? null;
    if (kind === "news") {
      const owed = this.#owed.read(address, id, now);
      if (owed === null) return null;
      return { ...owed, upTo: null, takeUp: (taker) => this.#owed.takeUp(owed, taker) };
    }
    const failed = this.#owed.failed(id);
    const heard = this.#owed.heard(address, id);
    const told = this.#occasions.facts(kind, address, { now, failed, heard });
    return told === null ? null : { ...told, heard, answers: [], takeUp: () => {} };
  }
}

/** Whether a letter tells of no app that is down: then it holds no alarm up. */
function isGoodNews(facts: LetterFacts): boolean {
  if (facts.kind !== "news") return true;
  return facts.digest.down.length + facts.digest.flapping.length === 0;
}
