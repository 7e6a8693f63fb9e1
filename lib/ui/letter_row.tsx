/**
 * A letter as a row of the outbox.
 *
 * @module
 */

import { hintText } from "../hint.ts";
import { excerpt, printable } from "../printable.ts";
import type { MessageState } from "../store.ts";
import type { Element } from "./element.ts";
import type { ListedLetter } from "./outbox_view.ts";
import { OUTBOX_WORDS } from "./outbox_words.ts";
import type { Speech } from "./speech.ts";

/** How much of a subject a row shows, in code points: ours are shorter. */
export const SUBJECT_LENGTH = 300;

/** Which colour and shape a state has: those of the status that it is most like. */
const LOOKS: Readonly<Record<MessageState, string>> = {
  waiting: "late",
  trying: "late",
  sent: "up",
  failed: "down",
  suppressed: "paused",
};

/** The row. */
export function LetterRow(
  { row: { message, hint }, speech }: { readonly row: ListedLetter; readonly speech: Speech },
): Element {
  const words = OUTBOX_WORDS[speech.language];
  return (
    <li id={`letter-${message.id}`}>
      <span class="name">
        <a href={`/outbox/${message.id}`}>
          <bdi>{excerpt(message.subject, SUBJECT_LENGTH)}</bdi>
        </a>
      </span>
      <StateLabel state={message.state} speech={speech} />
      <span class="said quiet small">
        {`${words.kind[message.kind]} · `}
        <bdi>{printable(message.address)}</bdi>
        {` · ${words.tries(message.tries)}`}
        <br />
        {message.reply === null ? words.noReply : <bdi>{printable(message.reply)}</bdi>}
        {hint === null ? null : (
          <>
            <br />
            {hintText(hint, speech.language)}
          </>
        )}
      </span>
      <span class="heard quiet small">{whenOf(message, speech)}</span>
    </li>
  );
}

/** When it was taken, or is tried again. */
function whenOf(
  { takenAt, nextTryAt }: ListedLetter["message"],
  { language, now, span, calendar }: Speech,
): string {
  const words = OUTBOX_WORDS[language];
  if (takenAt !== null) return calendar.instant(takenAt);
  if (nextTryAt === null) return "";
  return nextTryAt <= now ? words.againNow : words.again(span(nextTryAt - now));
}

/** What became of a letter: in a word, a shape and a colour. */
export function StateLabel(
  { state, speech }: { readonly state: MessageState; readonly speech: Speech },
): Element {
  const { [state]: text } = OUTBOX_WORDS[speech.language].state;
  return <span class={`status ${LOOKS[state]}`}>{text}</span>;
}
