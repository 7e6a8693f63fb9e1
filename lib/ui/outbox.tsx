/**
 * The outbox: what became of each letter, in the server's own words.
 *
 * @module
 */

import { printable } from "../printable.ts";
import { FormKey, TestButton } from "./document.tsx";
import type { Element } from "./element.ts";
import type { Guest } from "./entrance.ts";
import { FORM_WORDS } from "./form_words.ts";
import { LetterRow } from "./letter_row.tsx";
import { type OutboxQuery, type OutboxView, STATES } from "./outbox_view.ts";
import { OUTBOX_WORDS } from "./outbox_words.ts";
import type { Speech } from "./speech.ts";

/** What came of trying again by hand. */
export type Retried =
  | { readonly kind: "ended"; readonly sent: number; readonly waiting: number }
  /** The mail server takes longer than anybody waits for a page. */
  | { readonly kind: "under way" }
  /** Nothing: whoever pressed the button had to log in again first. */
  | { readonly kind: "again" };

interface Props {
  readonly view: OutboxView;
  readonly speech: Speech;
}

/** The whole content. */
export function OutboxPage(
  { view, speech, guest, retried }: Props & {
    readonly guest: Guest;
    readonly retried: Retried | null;
  },
): Element {
  const words = OUTBOX_WORDS[speech.language];
  const { query, rows, hasMail } = view;
  const nothing = query.state === null && query.before === null ? words.empty : words.nothingFound;
  return (
    <>
      <h1 class="headline">{words.title}</h1>
      {retried === null ? null : <Notice retried={retried} speech={speech} />}
      {hasMail && guest.visitor === "admin"
        ? <Buttons formKey={guest.key} speech={speech} />
        : null}
      <Owed view={view} speech={speech} />
      <h2>{words.lettersTitle}</h2>
      <States query={query} speech={speech} />
      {rows.length === 0
        ? <p id="letters" data-part class="card">{nothing}</p>
        : (
          <ul id="letters" data-part class="apps letters">
            {rows.map((row) => <LetterRow row={row} speech={speech} />)}
          </ul>
        )}
      <p class="more">
        {query.before === null
          ? null
          : <a href={pathTo({ ...query, before: null })}>{words.newest}</a>}
        {view.next === null
          ? null
          : <a rel="next" href={pathTo({ ...query, before: view.next })}>{words.more}</a>}
      </p>
    </>
  );
}

function Notice(
  { retried, speech }: { readonly retried: Retried; readonly speech: Speech },
): Element {
  return <p class="card" role="status">{retriedText(retried, speech)}</p>;
}

function retriedText(retried: Retried, { language }: Speech): string {
  const words = OUTBOX_WORDS[language];
  switch (retried.kind) {
    case "under way":
      return words.stillTrying;
    case "again":
      return FORM_WORDS[language].pressAgain;
    case "ended": {
      const { sent, waiting } = retried;
      return sent + waiting === 0 ? words.nothingDue : words.retried(sent, waiting);
    }
  }
}

function Buttons(
  { formKey, speech }: { readonly formKey: string; readonly speech: Speech },
): Element {
  const words = OUTBOX_WORDS[speech.language];
  return (
    <div class="filters">
      <form method="post" action="/outbox/retry">
        <FormKey value={formKey} />
        <button type="submit">{words.retry}</button>
      </form>
      <TestButton formKey={formKey} label={words.test} />
    </div>
  );
}

/** News that is in no letter yet, by address. */
function Owed({ view: { owed, hasMail }, speech }: Props): Element {
  const words = OUTBOX_WORDS[speech.language];
  if (owed.length === 0) return <div id="owed" data-part></div>;
  return (
    <div id="owed" data-part>
      <h2>{words.owedTitle}</h2>
      <ul class="card news">
        {owed.map(({ address, news, at }) => (
          <li>
            <bdi>{printable(address)}</bdi>
            {`: ${words.news(news)}`}
            <span class="quiet small">
              {` (${
                !hasMail || at === null
                  ? words.needsMail
                  : at <= speech.now
                  ? words.goesOutNow
                  : words.goesOut(speech.span(at - speech.now))
              })`}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function States(
  { query, speech }: { readonly query: OutboxQuery; readonly speech: Speech },
): Element {
  const words = OUTBOX_WORDS[speech.language];
  return (
    <nav aria-label={words.stateFilter}>
      {[null, ...STATES].map((state) => (
        <a
          href={pathTo({ state, before: null })}
          {...(query.state === state ? { "aria-current": "page" } : {})}
        >
          {state === null ? words.anyState : words.state[state]}
        </a>
      ))}
    </nav>
  );
}

/** The path of a page of the outbox. */
function pathTo({ state, before }: OutboxQuery): string {
  const query = new URLSearchParams();
  if (state !== null) query.set("state", state);
  if (before !== null) query.set("before", String(before));
  return query.size === 0 ? "/outbox" : `/outbox?${query}`;
}
