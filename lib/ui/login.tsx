/**
 * The page that lets people in: by a token, or by the link with a code that
 * the first start prints. GET uses no code up, for browsers fetch ahead.
 *
 * @module
 */

import type { Duration } from "../clock.ts";
import type { Element } from "./element.ts";
import { Hidden } from "./field.tsx";
import { FORM_WORDS } from "./form_words.ts";
import { hiddenFields, type KeptForm, TOKEN_FIELD } from "./kept_form.ts";
import type { Speech } from "./speech.ts";

/** What the page shows. */
export interface LoginView {
  /** The code of the link, or null where a token is to be typed. */
  readonly code: string | null;
  /** Where to go then: a path of ours. */
  readonly to: string;
  /** What was sent by who had to log in first, to be shown again then; null for nothing. */
  readonly kept: KeptForm | null;
  readonly trouble: Trouble | null;
}

/** Why nobody was let in, or has to come in once more. */
type Trouble =
  | { readonly kind: "refused" }
  | { readonly kind: "wait"; readonly wait: Duration }
  /** A form was sent; "reader" by who may only read. */
  | { readonly kind: "over" | "reader" };

/** A form with one field. */
export function LoginPage(
  { view, speech }: { readonly view: LoginView; readonly speech: Speech },
): Element {
  const { login } = speech.words;
  return (
    <div class="card narrow">
      <h1>{login.title}</h1>
      {view.trouble === null
        ? null
        : <Trouble view={view} trouble={view.trouble} speech={speech} />}
      <form method="post" action="/login">
        <Hidden name="to" value={view.to} />
        {view.kept === null
          ? null
          : hiddenFields(view.kept).map(([name, value]) => <Hidden name={name} value={value} />)}
        {view.code === null
          ? (
            <div>
              <label for="token">{login.token}</label>
              <input
                id="token"
                name={TOKEN_FIELD}
                type="password"
                required
                autocomplete="current-password"
                autofocus
              />
            </div>
          )
          : <Hidden name={TOKEN_FIELD} value={view.code} />}
        <button type="submit">{login.button}</button>
      </form>
      <p class="quiet small">{view.code === null ? login.hint : login.codeHint}</p>
    </div>
  );
}

function Trouble(
  { view, trouble, speech }: {
    readonly view: LoginView;
    readonly trouble: Trouble;
    readonly speech: Speech;
  },
): Element {
  return <p class="down" role="alert">{troubleText(view, trouble, speech)}</p>;
}

function troubleText(
  { kept }: LoginView,
  trouble: Trouble,
  { words: { login }, language, span }: Speech,
): string {
  const words = FORM_WORDS[language];
  switch (trouble.kind) {
    case "refused":
      return login.refused;
    case "wait":
      return login.wait(span(trouble.wait));
    case "over":
      return kept === null ? words.overAndLost : words.over;
    case "reader":
      return kept === null ? words.overAndLost : words.reader;
  }
}

/** The path to go to after a login: one of ours, whatever the link said. */
export function ownPath(given: string | null): string {
  // "//host" and "/\\host" lead elsewhere.
  return given !== null && /^\/(?![/\\])[\x21-\x7e]{0,2000}$/.test(given) ? given : "/";
}
