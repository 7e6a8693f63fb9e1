/**
 * The overview: at a glance, how things are.
 *
 * @module
 */

import { counted } from "../language.ts";
import { AppRow } from "./app_row.tsx";
import type { Element } from "./element.ts";
import { Filters, pathTo } from "./filters.tsx";
import { allOf, headlineText, toneOf, wellOf } from "./headline.ts";
import { Legend } from "./legend.tsx";
import { type OverviewView, STATUSES } from "./overview_view.ts";
import type { SnippetFacts } from "./snippets.ts";
import { Snippets } from "./snippets.tsx";
import type { Speech } from "./speech.ts";
import { SharesNote } from "./uptime.tsx";

interface Props {
  readonly view: OverviewView;
  readonly speech: Speech;
}

/** What the page says first, and what stands in the browser's tab. */
export function headline({ tally }: OverviewView, speech: Speech): string {
  const { words: { overview }, span, now } = speech;
  const { apps: counts, downSince } = tally;
  const [all, well] = [allOf(counts), wellOf(counts)];
  if (all === 0) return overview.empty;
  return headlineText(counts, speech, {
    down: overview.down(counts.down, span(now - (downSince ?? now))),
    well: well === all ? overview.allWell(well) : overview.watchedWell(well),
  });
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
  const isEmpty = allOf(view.tally.apps) === 0;
  return (
    <>
      {notice === null ? null : <p class="card" role="status">{notice}</p>}
      <div id="headline" data-part class={`headline ${toneOf(view.tally.apps)}`}>
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
      <div id="legend" data-part>
        <Legend pieces={view.rows.flatMap(({ pieces }) => pieces)} speech={speech} />
        <SharesNote uptimes={view.rows.map(({ uptime }) => uptime)} speech={speech} />
      </div>
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
