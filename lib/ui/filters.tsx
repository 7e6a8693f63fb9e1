/**
 * Which apps the overview is to show, and the addresses of its pages.
 *
 * @module
 */

import type { Element } from "./element.ts";
import { type OverviewQuery, type Place, STATUSES } from "./overview_view.ts";
import type { Speech } from "./speech.ts";

/** The form. */
export function Filters(
  { query, speech: { words } }: { readonly query: OverviewQuery; readonly speech: Speech },
): Element {
  const { overview } = words;
  const isFiltered = query.text !== null || query.status !== null || query.tag !== null;
  return (
    <form class="filters" role="search">
      <div class="grow">
        <label for="search">{overview.search}</label>
        <input
          id="search"
          name="q"
          type="search"
          value={query.text ?? ""}
          placeholder={overview.searchHint}
        />
      </div>
      <div>
        <label for="status">{overview.statusFilter}</label>
        <select id="status" name="status">
          <option value="">{overview.anyStatus}</option>
          {STATUSES.map((status) => (
            <option value={status} selected={query.status === status}>
              {words.status[status]}
            </option>
          ))}
        </select>
      </div>
      <div>
        <label for="tag">{overview.tagFilter}</label>
        <input id="tag" name="tag" value={query.tag ?? ""} size={12} />
      </div>
      <button type="submit" class="second">{overview.find}</button>
      {isFiltered ? <a href="/">{overview.clear}</a> : null}
    </form>
  );
}

/** The path of a page of the list. */
export function pathTo({ text, status, tag }: OverviewQuery, place: Place | null): string {
  const query = new URLSearchParams();
  if (text !== null) query.set("q", text);
  if (status !== null) query.set("status", status);
  if (tag !== null) query.set("tag", tag);
  if (place !== null) query.set("after", `${place.status}.${place.after ?? ""}`);
  return query.size === 0 ? "/" : `/?${query}`;
}
