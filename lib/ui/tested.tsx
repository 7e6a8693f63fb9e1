/**
 * What came of the last test letters.
 *
 * @module
 */

import { hintText } from "../hint.ts";
import { printable } from "../printable.ts";
import type { Tested } from "../test_letter.ts";
import { TestButton } from "./document.tsx";
import type { Element } from "./element.ts";
import type { Guest } from "./entrance.ts";
import { FORM_WORDS } from "./form_words.ts";
import { OUTBOX_WORDS } from "./outbox_words.ts";
import type { Speech } from "./speech.ts";
import type { TestState } from "./test_letters.ts";

/** The whole content. */
export function TestedPage(
  { state, speech, guest, hasMail, isToBePressedAgain }: {
    readonly state: TestState;
    readonly speech: Speech;
    readonly guest: Guest;
    readonly hasMail: boolean;
    /** Whoever pressed the button had to log in again first. */
    readonly isToBePressedAgain: boolean;
  },
): Element {
  const { tested, test, letter } = OUTBOX_WORDS[speech.language];
  return (
    <div id="tested" data-part>
      <h1>{tested.title}</h1>
      {isToBePressedAgain
        ? <p class="card" role="status">{FORM_WORDS[speech.language].pressAgain}</p>
        : null}
      <Report state={state} speech={speech} />
      {hasMail && guest.visitor === "admin"
        ? (
          <div class="more">
            <TestButton formKey={guest.key} label={state.kind === "none" ? test : tested.again} />
          </div>
        )
        : null}
      <p class="more">
        <a href="/outbox">{letter.toOutbox}</a>
      </p>
    </div>
  );
}

function Report(
  { state, speech }: { readonly state: TestState; readonly speech: Speech },
): Element {
  const { tested } = OUTBOX_WORDS[speech.language];
  switch (state.kind) {
    case "none":
      return <p>{tested.none}</p>;
    case "under way":
      return <p role="status">{tested.underWay(speech.calendar.instant(state.since))}</p>;
    case "ended":
      return (
        <>
          <p class="quiet small">{tested.at(speech.calendar.instant(state.at))}</p>
          <ul class="card news" role="status">
            {state.tested.map((each) => <Outcome tested={each} speech={speech} />)}
          </ul>
        </>
      );
  }
}

function Outcome(
  { tested: { address, result }, speech }: { readonly tested: Tested; readonly speech: Speech },
): Element {
  const { tested } = OUTBOX_WORDS[speech.language];
  const isSent = result.outcome === "sent";
  const words = isSent ? result.reply : result.reason;
  const hint = isSent ? null : result.hint;
  return (
    <li>
      <strong class={isSent ? "up" : "down"}>
        {tested.outcome(result.outcome, printable(address))}
      </strong>
      <br />
      <q>
        <bdi>{printable(words)}</bdi>
      </q>
      {hint === null ? null : (
        <>
          <br />
          {hintText(hint, speech.language)}
        </>
      )}
    </li>
  );
}
