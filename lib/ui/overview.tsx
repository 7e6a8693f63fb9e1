/**
 * The overview: at a glance, how things are.
 *
 * @module
 */

import type { Status } from "../app.ts";
import { counted } from "../language.ts";
import { excerpt, printable } from "../printable.ts";
import { NAME_LENGTH } from "../registry.ts";
import type { Element } from "./element.ts";
import {
  type OverviewQuery,
  type OverviewView,
  type Place,
  type Row,
  STATUSES,
} from "./overview_view.ts";
import type { SnippetFacts } from "./snippets.ts";
import { Snippets } from "./snippets.tsx";
import type { Speech } from "./speech.ts";
import { Strip, stripParts } from "./strip.tsx";

/** How much of a message a row shows, in code points: it has one line. */
const MESSAGE_LENGTH = 200;

interface Props {
  readonly view: OverviewView;
  readonly speech: Speech;
}

/** What the page says first, and what stands in the browser's tab. */
export function headline(view: OverviewView, { words, span, now }: Speech): string {
  const { apps: counts, downSince } = view.tally;
  const all = total(view);
  if (all === 0) return words.overview.empty;
  if (counts.down > 0) return words.overview.down(counts.down, span(now - (downSince ?? now)));
  return words.overview.allWell(all);
}

/** The whole content. */
export function OverviewPage(
  { view, speech, facts }: Props & { readonly facts: SnippetFacts },
): Element {
  const { overview } = speech.words;
  const isEmpty = total(view) === 0;
  const tone = view.tally.apps.down > 0 ? "bad" : "good";
  return (
    <>
      <div id="headline" data-part class={`headline ${tone}`}>
        <h1>{headline(view, speech)}</h1>
        <Counts view={view} speech={speech} />
      </div>
      {isEmpty ? null : <Filters query={view.query} speech={speech} />}
      {isEmpty
        ? <Welcome facts={facts} speech={speech} />
        : view.rows.length === 0
        ? <p id="apps" data-part class="card">{overview.nothingFound}</p>
        : (
          <ul id="apps" data-part class="apps">
            {view.rows.map((row) => <AppRow row={row} view={view} speech={speech} />)}
          </ul>
        )}
      <p class="more">
        {view.query.after === null ? null : <a href={pathTo(view.query, null)}>{overview.first}</a>}
        {view.next === null
          ? null
          : <a rel="next" href={pathTo(view.query, view.next)}>{overview.more}</a>}
      </p>
    </>
  );
}

/** For who has no app yet: the first heartbeat, after which the page shows it by itself. */
function Welcome(
  { facts, speech }: { readonly facts: SnippetFacts; readonly speech: Speech },
): Element {
  const { overview } = speech.words;
  return (
    <section id="apps" data-part>
      <p>{overview.welcome}</p>
      <Snippets facts={facts} speech={speech} />
      <p class="quiet">{overview.waiting}</p>
    </section>
  );
}

function total({ tally }: OverviewView): number {
  return STATUSES.reduce((sum, status) => sum + tally.apps[status], 0);
}

/** How many there are of each, those that there are. */
function Counts({ view: { tally, query }, speech: { words, language } }: Props): Element {
  const counts = STATUSES.filter((status) => tally.apps[status] > 0);
  return (
    <ul class="counts">
      {counts.map((status) => (
        <li>
          <a class={status} href={pathTo({ ...query, status }, null)}>
            {counted(language, tally.apps[status], { other: words.status[status] })}
          </a>
        </li>
      ))}
    </ul>
  );
}

function Filters(
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
          maxlength={NAME_LENGTH}
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

function AppRow(
  { row, view, speech }: Props & { readonly row: Row },
): Element {
  const { words } = speech;
  const { app, status, pieces, beats } = row;
  const label = words.overview.strip(stripParts(pieces, speech));
  return (
    <li id={`app-${app.id}`}>
      <span class="name">
        <a href={`/apps/${app.id}`}>
          <bdi>{nameOf(app)}</bdi>
        </a>
        {nameOf(app) === app.id ? null : <span class="quiet small">{` ${app.id}`}</span>}
      </span>
      <StatusLabel status={status} speech={speech} />
      <span class="heard quiet small">
        <Ago at={app.lastHeartbeat?.at ?? null} speech={speech} />
      </span>
      <span class="said quiet small">
        <bdi>{excerpt(app.lastHeartbeat?.message ?? "", MESSAGE_LENGTH)}</bdi>
      </span>
      <span class="past">
        <Strip pieces={pieces} span={view.span} beats={beats} label={label} />
        <span class="share small" title={words.overview.uptime}>
          {row.uptime === null ? "–" : speech.percent(row.uptime)}
        </span>
      </span>
    </li>
  );
}

/** How an app stands: in a word, a shape and a colour. */
export function StatusLabel(
  { status, speech }: { readonly status: Status; readonly speech: Speech },
): Element {
  return <span class={`status ${status}`}>{speech.words.status[status]}</span>;
}

/** How long ago something was; the script counts on. */
export function Ago(
  { at, speech }: { readonly at: number | null; readonly speech: Speech },
): Element {
  const { words, now, span } = speech;
  if (at === null) return <>{words.overview.never}</>;
  return (
    <time datetime={new Date(at).toISOString()} data-at={String(at)}>
      {words.overview.ago(span(now - at))}
    </time>
  );
}

/** What an app is called. */
export function nameOf({ id, name }: Pick<Row["app"], "id" | "name">): string {
  return name === null || name.trim() === "" ? printable(id) : excerpt(name, NAME_LENGTH);
}

/** The path of a page of the list. */
function pathTo({ text, status, tag }: OverviewQuery, place: Place | null): string {
  const query = new URLSearchParams();
  if (text !== null) query.set("q", text);
  if (status !== null) query.set("status", status);
  if (tag !== null) query.set("tag", tag);
  if (place !== null) query.set("after", `${place.status}.${place.after ?? ""}`);
  return query.size === 0 ? "/" : `/?${query}`;
}
