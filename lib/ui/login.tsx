/**
 * The page that lets people in: by a token, or by the link with a code that
 * the first start prints. GET uses no code up, for browsers fetch ahead.
 *
 * @module
 */

import type { Duration } from "../clock.ts";
import type { Element } from "./element.ts";
import type { Speech } from "./speech.ts";

/** What the page shows. */
export interface LoginView {
  /** The code of the link, or null where a token is to be typed. */
  readonly code: string | null;
  /** Where to go then: a path of ours. */
  readonly to: string;
  readonly trouble: Trouble | null;
}

/** Why the try before did not let anyone in. */
type Trouble =
  | { readonly kind: "refused" }
  | { readonly kind: "wait"; readonly wait: Duration };

/** A form with one field. */
export function LoginPage(
  { view, speech }: { readonly view: LoginView; readonly speech: Speech },
): Element {
  const { login } = speech.words;
  return (
    <div class="card narrow">
      <h1>{login.title}</h1>
      {view.trouble === null ? null : <Trouble trouble={view.trouble} speech={speech} />}
      <form method="post" action="/login">
        <input type="hidden" name="to" value={view.to} />
        {view.code === null
          ? (
            <div>
              <label for="token">{login.token}</label>
              <input
                id="token"
                name="token"
                type="password"
                required
                autocomplete="current-password"
                autofocus
              />
            </div>
          )
          : <input type="hidden" name="token" value={view.code} />}
        <button type="submit">{login.button}</button>
      </form>
      <p class="quiet small">{view.code === null ? login.hint : login.codeHint}</p>
    </div>
  );
}

function Trouble(
  { trouble, speech }: { readonly trouble: Trouble; readonly speech: Speech },
): Element {
  const { login } = speech.words;
  const text = trouble.kind === "refused" ? login.refused : login.wait(speech.span(trouble.wait));
  return <p class="down" role="alert">{text}</p>;
}

/** The path to go to after a login: one of ours, whatever the link said. */
export function ownPath(given: string | null): string {
  // "//host" and "/\\host" lead elsewhere.
  return given !== null && /^\/(?![/\\])[\x21-\x7e]{0,500}$/.test(given) ? given : "/";
}
