/**
 * One letter: what became of it, what it tells, and how it reads.
 *
 * @module
 */

import type { Child } from "hono/jsx";
import { hintText } from "../hint.ts";
import { excerpt, printable, printableLines } from "../printable.ts";
import type { MessageText, StoredDebt } from "../store.ts";
import type { Element } from "./element.ts";
import { StateLabel, SUBJECT_LENGTH } from "./letter_row.tsx";
import type { LetterView } from "./outbox_view.ts";
import { OUTBOX_WORDS, type OutboxWords } from "./outbox_words.ts";
import { nameOf } from "./standing.tsx";
import type { Speech } from "./speech.ts";

/** How much of a reason is shown, in code points: as much as is kept of a server's words. */
const REASON_LENGTH = 500;

interface Props {
  readonly view: LetterView;
  readonly speech: Speech;
}

/** The whole content. With `isMasked` the text has been shorn of what only admins may have. */
export function LetterPage(
  { view, speech, isMasked }: Props & { readonly isMasked: boolean },
): Element {
  const { letter } = OUTBOX_WORDS[speech.language];
  const { message } = view;
  return (
    <>
      <h1>
        <bdi>{excerpt(message.subject, SUBJECT_LENGTH)}</bdi>
      </h1>
      <Facts view={view} speech={speech} />
      <h2>{letter.news}</h2>
      <News view={view} speech={speech} />
      <h2>{letter.text}</h2>
      <p id="nature" data-part class="quiet small">
        {natureOf(message, letter)} {isMasked ? letter.masked : null}
      </p>
      <pre class="card words" dir="auto">{shown(message.text)}</pre>
      <h2>{letter.html}</h2>
      <iframe class="letter" sandbox="" src={`/outbox/${message.id}/letter`} title={letter.html}>
      </iframe>
      <p class="more">
        <a href="/outbox">{letter.toOutbox}</a>
      </p>
    </>
  );
}

function Facts({ view: { message, hint }, speech }: Props): Element {
  const { letter, kind } = OUTBOX_WORDS[speech.language];
  const time = (at: number | null) => at === null ? null : speech.calendar.instant(at);
  const facts: readonly (readonly [string, Child])[] = [
    [letter.state, <StateLabel state={message.state} speech={speech} />],
    [letter.to, <bdi>{printable(message.address)}</bdi>],
    [letter.kind, kind[message.kind]],
    [letter.tries, String(message.tries)],
    [letter.begun, time(message.begunAt)],
    [letter.written, time(message.writtenAt)],
    [letter.taken, time(message.takenAt)],
    [letter.nextTry, time(message.nextTryAt)],
    [letter.reply, message.reply === null ? null : <bdi>{printable(message.reply)}</bdi>],
    [letter.advice, hint === null ? null : hintText(hint, speech.language)],
    [letter.messageId, <bdi>{printable(message.messageId)}</bdi>],
  ];
  return (
    <dl id="facts" data-part class="facts">
      {facts.filter(([, value]) => value !== null).map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  );
}

function News({ view: { message, unlisted }, speech }: Props): Element {
  const { letter } = OUTBOX_WORDS[speech.language];
  if (message.news.length === 0) return <p id="news" data-part class="quiet">{letter.noNews}</p>;
  return (
    <ul id="news" data-part class="card news">
      {message.news.map((debt) => <Debt debt={debt} speech={speech} />)}
      {unlisted > 0 ? <li class="quiet">{letter.unlisted(unlisted)}</li> : null}
    </ul>
  );
}

function Debt({ debt, speech }: { readonly debt: StoredDebt; readonly speech: Speech }): Element {
  const { appId: id, appName: name, change, at, state, reason } = debt;
  const words = OUTBOX_WORDS[speech.language];
  const became = reason === null
    ? words.debt[state]
    : `${words.debt[state]}: ${words.reasons[reason] ?? excerpt(reason, REASON_LENGTH)}`;
  return (
    <li>
      <a href={`/apps/${id}`}>
        <bdi>{nameOf({ id, name })}</bdi>
      </a>
      {` ${words.letter[change]}, ${speech.calendar.instant(at)} `}
      <span class="quiet small">
        (<bdi>{became}</bdi>)
      </span>
    </li>
  );
}

/** What the text is, by what became of the letter. */
function natureOf({ state, isFrozen }: MessageText, words: OutboxWords["letter"]): string {
  switch (state) {
    case "sent":
      return words.isSent;
    case "trying":
      return words.isUnderWay;
    case "waiting":
      return isFrozen ? words.isFrozen : words.isRewritten;
    case "failed":
    case "suppressed":
      return words.isClosed;
  }
}

/** Its lines stay; nothing else in it is obeyed. */
function shown(text: string): string {
  return printableLines(text);
}
