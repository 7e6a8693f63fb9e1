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

/** Between the texts of apps: a control character is in none of them. */
const BETWEEN = "\x1e";

/** The ids, names and tags of apps, each as one text; tags are JSON lists, and what is not looked for is NULL. */
const SELECT_TEXTS = `
  SELECT
    group_concat(app_id, '\x1e') AS ids,
    group_concat(IIF(:hasText, COALESCE(name, ''), NULL), '\x1e') AS names,
    group_concat(IIF(:hasTag, tags, NULL), '\x1e') AS tags
  FROM apps
  WHERE app_id > :after AND app_id <= :end
`;

/** The same, of apps in a state other than up. Index: apps_by_state. */
const SELECT_TEXTS_IN_STATE = `
  SELECT
    group_concat(app_id, '\x1e') AS ids,
    group_concat(IIF(:hasText, COALESCE(name, ''), NULL), '\x1e') AS names,
    group_concat(IIF(:hasTag, tags, NULL), '\x1e') AS tags
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
  { text, tag }: Wanted,
): readonly string[] {
  const range = { after, end, hasText: text === "" ? 0 : 1, hasTag: tag === "" ? 0 : 1 };
  const row = state === null
    ? db.get(SELECT_TEXTS, range)
    : db.get(SELECT_TEXTS_IN_STATE, { ...range, state });
  const of = (column: "ids" | "names" | "tags") => searchable(String(row?.[column] ?? ""));
  const named = text === "" ? null : placesOf(text, [of("ids"), of("names")]);
  const tagged = tag === "" ? null : placesOf(tag, [of("tags")], (tags) => {
    return (JSON.parse(tags) as readonly string[]).includes(tag);
  });
  if (named?.size === 0 || tagged?.size === 0) return [];
  // SQLite puts them together in no order that it would answer for.
  return String(row?.ids).split(BETWEEN).filter((_, place) => {
    return (named?.has(place) ?? true) && (tagged?.has(place) ?? true);
  }).sort();
}

/** The places at which the text is, in any of the lists. */
function placesOf(
  text: string,
  lists: readonly string[],
  isSo: (each: string) => boolean = () => true,
): Set<number> {
  const places = new Set<number>();
  for (const list of lists) {
    // Of most that is all to be looked at.
    if (!list.includes(text)) continue;
    for (const [place, each] of list.split(BETWEEN).entries()) {
      if (each.includes(text) && isSo(each)) places.add(place);
    }
  }
  return places;
}
