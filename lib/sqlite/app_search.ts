/**
 * Finding apps by text that a person types. What is the same as what is for
 * the core to say, and SQL cannot tell: so the texts of thousands of apps are
 * taken as one, which takes as long as to have SQL look at them.
 *
 * @module
 */

import type { StateKind } from "../flip.ts";
import { searchable } from "../search_text.ts";
import type { AppOrder, AppQuery } from "../store.ts";
import { PRECEDENCE } from "./app_row.ts";
import type { Database } from "./database.ts";

/** Between the texts of apps: a control character is in none of them. */
const BETWEEN = "\x1e";

/** Where an app stands in a list. */
export type Place = string | number;

/** What tells its place in each order. */
export const PLACES: Readonly<Record<AppOrder, string>> = { id: "app_id", precedence: PRECEDENCE };

/** The statements that read texts. */
interface Texts {
  readonly all: string;
  /** The same, of apps in a state other than up. */
  readonly inState: string;
}

/** The statements of each order. Indexes: as those of app_lists.ts. */
export const TEXTS: Readonly<Record<AppOrder, Texts>> = {
  id: texts(PLACES.id),
  precedence: texts(PLACES.precedence),
};

/** The ids, names and tags of apps, each as one text; tags are JSON lists, and what is not looked for is NULL. */
function texts(place: string): Texts {
  const select = `
    SELECT
      group_concat(app_id, '${BETWEEN}') AS ids,
      group_concat(${place}, '${BETWEEN}') AS places,
      group_concat(IIF(:hasText, COALESCE(name, ''), NULL), '${BETWEEN}') AS names,
      group_concat(IIF(:hasTag, tags, NULL), '${BETWEEN}') AS tags
    FROM apps
  `;
  const range = `${place} > :after AND ${place} <= :end`;
  return {
    all: `${select} WHERE ${range}`,
    inState: `${select} WHERE state = :state AND state <> 'up' AND ${range}`,
  };
}

/** Among which apps is looked: behind one, and up to another. */
interface Range {
  readonly order: AppOrder;
  readonly state: StateKind | null;
  readonly after: Place;
  readonly end: Place;
}

/** An app that was found. */
interface Found {
  readonly id: string;
  readonly place: Place;
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

/** The apps that have the text in their id or name, and the tag, in order. */
export function findApps(
  db: Database,
  { order, state, after, end }: Range,
  { text, tag }: Wanted,
): readonly Found[] {
  const range = { after, end, hasText: text === "" ? 0 : 1, hasTag: tag === "" ? 0 : 1 };
  const row = state === null
    ? db.get(TEXTS[order].all, range)
    : db.get(TEXTS[order].inState, { ...range, state });
  const of = (column: "ids" | "names" | "tags") => searchable(String(row?.[column] ?? ""));
  const named = text === "" ? null : placesOf(text, [of("ids"), of("names")]);
  const tagged = tag === "" ? null : placesOf(tag, [of("tags")], (tags) => {
    return (JSON.parse(tags) as readonly string[]).includes(tag);
  });
  if (named?.size === 0 || tagged?.size === 0) return [];
  const places = String(row?.places).split(BETWEEN);
  const found = String(row?.ids).split(BETWEEN)
    .map((id, index) => ({ id, place: order === "id" ? id : Number(places[index]) }))
    .filter((_, index) => (named?.has(index) ?? true) && (tagged?.has(index) ?? true));
  // SQLite puts them together in no order that it would answer for.
  return found.sort((one, other) => one.place < other.place ? -1 : 1);
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
