/**
 * The overview: at a glance, how things are.
 *
 * @module
 */

import { counted } from "../language.ts";
import { AppRow } from "./app_row.tsx";
import type { Element } from "./element.ts";
import { Filters, pathTo } from "./filters.tsx";
import { type OverviewView, STATUSES } from "./overview_view.ts";
import type { SnippetFacts } from "./snippets.ts";
import { Snippets } from "./snippets.tsx";
import type { Speech } from "./speech.ts";

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
  { view, notice, speech, facts }: Props & {
    /** What led here; null for nothing. */
    readonly notice: string | null;
    readonly facts: SnippetFacts;
  },
): Element {
  const { overview } = speech.words;
  const isEmpty = total(view) === 0;
  const tone = view.tally.apps.down > 0 ? "bad" : "good";
  return (
    <>
      {notice === null ? null : <p class="card" role="status">{notice}</p>}
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
            {view.rows.map((row) => <AppRow row={row} span={view.span} speech={speech} />)}
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
