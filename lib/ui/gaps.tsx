/**
 * The page of gaps: when we could not listen, and why.
 *
 * @module
 */

import type { Hono } from "hono";
import { DAY, type Duration, SECOND } from "../clock.ts";
import { numeral } from "../language.ts";
import type { Store, StoredGap } from "../store.ts";
import type { Desk } from "./desk.tsx";
import type { Element } from "./element.ts";
import { GAPS_WORDS } from "./gaps_words.ts";
import { type GapsView, gapsView, LATELY } from "./gaps_view.ts";
import { Moment } from "./moment.tsx";
import { type Env, route } from "./routing.ts";
import type { Speech } from "./speech.ts";
import { TableHead } from "./table.tsx";

/** A row of the ledger, and the page's address within bounds: no number is longer. */
const ROW_ID = /^\d{1,15}$/;

interface Props {
  readonly view: GapsView;
  readonly speech: Speech;
}

/** Adds the page. */
export function addGaps(site: Hono<Env>, desk: Desk, { store }: { readonly store: Store }): void {
  route(site, "/gaps", {
    GET: desk.seen(async (visit) => {
      const { exchange, speech } = visit;
      const given = exchange.req.query("before") ?? "";
      const before = ROW_ID.test(given) ? Number(given) : null;
      const view = await gapsView(store, { before, now: speech.now });
      return await desk.show(visit, {
        title: speech.words.frame.gaps,
        place: "/gaps",
        isLive: true,
        content: <GapsPage view={view} speech={speech} />,
      });
    }),
  });
}

/** The whole content. */
export function GapsPage({ view, speech }: Props): Element {
  const words = GAPS_WORDS[speech.language];
  return (
    <>
      <div id="headline" data-part class="headline">
        <h1>{speech.words.frame.gaps}</h1>
        <p>{words.meaning}</p>
        {view.deafSince === null ? null : (
          <p class="strong unknown" role="status">
            {words.deaf(speech.calendar.instant(view.deafSince))}
          </p>
        )}
        {(view.gaps.length === 0 && view.before === null) || isFirst(view)
          ? null
          : <p class="strong" role="status">{lately(view, speech)}</p>}
      </div>
      <div id="gaps" data-part>
        <Ledger view={view} speech={speech} />
      </div>
    </>
  );
}

/** Whether there is no gap lately but the one that goes on, so that nothing is to be said of it yet. */
function isFirst({ deafSince, lately }: GapsView): boolean {
  return deafSince !== null && lately.gaps === 0;
}

function lately({ lately: { gaps, total } }: GapsView, speech: Speech): string {
  const words = GAPS_WORDS[speech.language];
  const days = LATELY / DAY;
  return gaps === 0 ? words.noneLately(days) : words.lately(lengthText(total, speech), days, gaps);
}

function Ledger({ view, speech }: Props): Element {
  const words = GAPS_WORDS[speech.language];
  const { gaps, before, next } = view;
  if (gaps.length === 0) {
    return (
      <>
        {before === null && view.deafSince !== null
          ? null
          : <p class="card">{before === null ? words.empty : words.noMore}</p>}
        <Ways view={view} speech={speech} />
      </>
    );
  }
  return (
    <>
      <table class="table">
        <TableHead names={[words.from, words.to, words.length, words.cause, words.moved]} />
        <tbody>{gaps.map((gap) => <GapRow gap={gap} speech={speech} />)}</tbody>
      </table>
      {before === null && next === null ? null : <Ways view={view} speech={speech} />}
    </>
  );
}

function GapRow(
  { gap, speech }: { readonly gap: StoredGap; readonly speech: Speech },
): Element {
  const words = GAPS_WORDS[speech.language];
  const { from, to, cause, moved } = gap;
  return (
    <tr>
      <th scope="row" data-label={words.from}>
        <Moment at={from} speech={speech} />
      </th>
      <td data-label={words.to}>
        <Moment at={to} speech={speech} />
      </td>
      <td data-label={words.length}>
        {from === to ? words.unmeasured : lengthText(to - from, speech)}
      </td>
      <td data-label={words.cause}>{speech.words.gapCause[cause]}</td>
      <td data-label={words.moved}>{numeral(speech.language, moved)}</td>
    </tr>
  );
}

/** To the other pages of the ledger. */
function Ways({ view: { before, next }, speech }: Props): Element {
  const words = GAPS_WORDS[speech.language];
  return (
    <p class="more">
      {before === null ? null : <a href="/gaps">{words.newest}</a>}
      {next === null ? null : <a rel="next" href={`/gaps?before=${next}`}>{words.older}</a>}
    </p>
  );
}

/** What is too short for its unit is said in words: `0 s` would be none. */
function lengthText(length: Duration, speech: Speech): string {
  return length < SECOND ? GAPS_WORDS[speech.language].brief : speech.span(length);
}
