/**
 * Whether each letter names what counts as sent by it.
 *
 * @module
 */

import type { Database, Row } from "./database.ts";

/** Letters that are looked at in one step. */
const STEP = 100;

/** Those of versions before named a hundred apps, and only counted the rest. */
const SELECT_LETTERS = `
  SELECT id, text
  FROM messages
  WHERE state = 'sent' AND kind = 'news' AND id > MAX(:after, COALESCE(
    (SELECT CAST(value AS INTEGER) FROM memory WHERE key = 'letters name all after'), 0
  ))
  ORDER BY id
  LIMIT :limit
`;

/** Index: debts_by_message. */
const SELECT_APPS = `
  SELECT DISTINCT app_id
  FROM debts
  LEFT JOIN flips ON flips.id = debts.flip
  LEFT JOIN put_offs ON put_offs.id = debts.put_off
  JOIN apps ON apps.id = COALESCE(flips.app, put_offs.app)
  WHERE debts.message = :id AND debts.state = 'sent'
`;

/** What stands in a letter to be read, and is none of the text. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/** What may be an `app_id`. */
const WORDS = /[A-Za-z0-9][A-Za-z0-9._-]*/g;

/** What counts as sent and is not in its letter, in words: up to `limit` of them. */
export function unnamed(db: Database, limit: number): readonly string[] {
  const found: string[] = [];
  for (let after = 0; found.length < limit;) {
    const letters = db.all(SELECT_LETTERS, { after, limit: STEP });
    found.push(...letters.flatMap((letter) => unnamedIn(db, letter)));
    const last = letters.at(-1);
    if (last === undefined) break;
    after = Number(last.id);
  }
  return found.slice(0, limit);
}

function unnamedIn(db: Database, { id, text }: Row): readonly string[] {
  const words = new Set(String(text).replaceAll(INVISIBLE, "").match(WORDS));
  const apps = db.all(SELECT_APPS, { id: Number(id) }).map((row) => String(row.app_id));
  return apps.filter((appId) => !words.has(appId)).map((appId) => {
    return `message ${id} does not name app ${appId}`;
  });
}
