/**
 * Finding apps by text that a person types. What is the same as what is for
 * the core to say, and SQL cannot tell: so the texts of thousands of apps are
 * taken as one, which takes as long as to have SQL look at them.
 *
 * @module
 */

import type { StateKind } from "../flip.ts";
import { searchable } from "../search_text.ts";
import type { AppQuery } from "../store.ts";
import type { Database } from "./database.ts";

/** Between apps, and between the texts of one: in none of them is a control character. */
const RECORD = "\x1e";
const FIELD = "\x1f";

/**
 * The texts of apps, as `id FIELD name FIELD tags` each; tags are a JSON list,
 * and what is not looked for is left out.
 */
const SELECT_TEXTS = `
  SELECT group_concat(
    app_id || char(31) || IIF(:hasText, COALESCE(name, ''), '') || char(31) || IIF(:hasTag, tags, ''),
    char(30)
  ) AS texts
  FROM apps
  WHERE app_id > :after AND app_id <= :end
`;

/** The same, of apps in a state other than up. Index: apps_by_state. */
const SELECT_TEXTS_IN_STATE = `
  SELECT group_concat(
    app_id || char(31) || IIF(:hasText, COALESCE(name, ''), '') || char(31) || IIF(:hasTag, tags, ''),
    char(30)
  ) AS texts
  FROM apps
  WHERE state = :state AND state <> 'up' AND app_id > :after AND app_id <= :end
`;

/** Among which apps is looked: behind one, and up to another. */
interface Range {
  readonly state: StateKind | null;
  readonly after: string;
  readonly end: string;
}

/** What is looked for, as texts are compared; "" for nothing. */
export interface Wanted {
  readonly text: string;
  readonly tag: string;
}

/** What a query looks for; null if for nothing. */
export function wantedBy(query: Pick<AppQuery, "text" | "tag">): Wanted | null {
  const [text, tag] = [searchable(query.text ?? ""), searchable(query.tag ?? "")];
  return text === "" && tag === "" ? null : { text, tag };
}

/** The ids of the apps that have the text in their id or name, and the tag, in order. */
export function findApps(
  db: Database,
  { state, after, end }: Range,
  wanted: Wanted,
): readonly string[] {
  const has = { hasText: wanted.text === "" ? 0 : 1, hasTag: wanted.tag === "" ? 0 : 1 };
  const range = { after, end, ...has };
  const row = state === null
    ? db.get(SELECT_TEXTS, range)
    : db.get(SELECT_TEXTS_IN_STATE, { ...range, state });
  const texts = String(row?.texts ?? "");
  const compared = searchable(texts);
  // Where it is nowhere, none has it.
  if (!compared.includes(wanted.text) || !compared.includes(wanted.tag)) return [];
  const records = compared.split(RECORD);
  const found = texts.split(RECORD).filter((_, index) => isFound(records[index] ?? "", wanted));
  // SQLite puts them together in no order that it would answer for.
  return found.map((record) => record.slice(0, record.indexOf(FIELD))).sort();
}

function isFound(record: string, { text, tag }: Wanted): boolean {
  // Of most that is all to be looked at.
  if (!record.includes(text) || !record.includes(tag)) return false;
  const [id = "", name = "", tags = ""] = record.split(FIELD);
  if (!id.includes(text) && !name.includes(text)) return false;
  return tag === "" || (JSON.parse(tags) as readonly string[]).includes(tag);
}
