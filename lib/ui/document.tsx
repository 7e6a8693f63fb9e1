/**
 * What all pages have in common: the head, the way to the others, and what is
 * wrong with the service itself.
 *
 * @module
 */

import type { Child } from "hono/jsx";
import type { Visitor } from "../session.ts";
import { ASSETS } from "./assets.ts";
import type { Element } from "./element.ts";
import { KEY_FIELD } from "./entrance.ts";
import type { Speech } from "./speech.ts";

/** How often a page asks anew where no script runs, in seconds. */
const RELOAD_SECONDS = 30;

/** The pages that every other one leads to. */
const PLACES = [
  ["/", "overview"],
  ["/outbox", "outbox"],
  ["/gaps", "gaps"],
  ["/maintenance", "maintenance"],
  ["/settings", "settings"],
] as const;

/** Something that is wrong with the service itself. */
export interface Alarm {
  readonly text: string;
  /** The words of whoever failed, as they came. */
  readonly quote: string | null;
  /** What to do about it. */
  readonly advice: string | null;
  readonly to: { readonly path: string; readonly label: string } | null;
  /** On the button that sends a test letter; null where one would tell nothing. */
  readonly test: string | null;
}

/** What a page is set in. */
export interface Frame {
  readonly speech: Speech;
  readonly title: string;
  /** Null for a page that everyone may see. */
  readonly guest: { readonly visitor: Visitor; readonly key: string } | null;
  /** Which of the pages it belongs to. */
  readonly place: string;
  /** Whether it changes by itself. */
  readonly isLive: boolean;
  readonly alarms: readonly Alarm[];
}

/** A whole page. */
export function page(frame: Frame, content: Child): string {
  const { speech, title, guest, isLive } = frame;
  const { words, language, now } = speech;
  const live = isLive && guest !== null
    ? { "data-live": "/events", "data-now": String(now), "data-ago": words.overview.ago("{}") }
    : {};
  const whole = (
    <html lang={language} {...live}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex,nofollow" />
        {isLive && guest !== null
          ? (
            <noscript>
              <meta http-equiv="refresh" content={String(RELOAD_SECONDS)} />
            </noscript>
          )
          : null}
        <title>{`${title} – stillalive`}</title>
        <link rel="stylesheet" href={ASSETS.stylesheet.path} />
        <link rel="icon" href={ASSETS.icon.path} type="image/svg+xml" />
        <script src={ASSETS.script.path} defer></script>
      </head>
      <body>
        <a class="skip" href="#content">{words.frame.skip}</a>
        {guest === null ? null : <Header frame={frame} guest={guest} />}
        <p id="told" class="unseen" role="status"></p>
        <p id="cut-off" class="alarm" role="status" hidden>{words.frame.cutOff}</p>
        <p id="crowded" class="alarm" role="status" hidden>{words.frame.crowded}</p>
        <p id="logged-out" class="alarm" role="status" hidden>
          {words.frame.loggedOut} <a href="/login">{words.login.button}</a>
        </p>
        <div id="alarms" data-part>
          {frame.alarms.map((alarm) => <Warning alarm={alarm} guest={guest} />)}
        </div>
        <main id="content" tabindex={-1}>{content}</main>
        <footer>{words.frame.zone(speech.calendar.zone)}</footer>
      </body>
    </html>
  );
  return `<!DOCTYPE html>${whole}`;
}

function Header(
  { frame, guest }: { readonly frame: Frame; readonly guest: NonNullable<Frame["guest"]> },
): Element {
  const { words } = frame.speech;
  return (
    <header>
      <nav aria-label={words.frame.pages}>
        {PLACES.map(([path, name]) => (
          <a href={path} {...(frame.place === path ? { "aria-current": "page" } : {})}>
            {words.frame[name]}
          </a>
        ))}
      </nav>
      <form method="post" action="/logout">
        <FormKey value={guest.key} />
        <button type="submit" class="plain">{words.frame.logOut}</button>
      </form>
    </header>
  );
}

/** Shows a form to be one of ours. */
export function FormKey({ value }: { readonly value: string }): Element {
  return <input type="hidden" name={KEY_FIELD} value={value} />;
}

function Warning(
  { alarm: { text, quote, advice, to, test }, guest }: {
    readonly alarm: Alarm;
    readonly guest: Frame["guest"];
  },
): Element {
  return (
    <div class="alarm">
      <p role="alert">
        <strong>{text}</strong> {quote === null ? null : (
          <q>
            <bdi>{quote}</bdi>
          </q>
        )} {advice ?? ""} {to === null ? null : <a href={to.path}>{to.label}</a>}
      </p>
      {test === null || guest?.visitor !== "admin"
        ? null
        : <TestButton formKey={guest.key} label={test} />}
    </div>
  );
}

/** Sends a test letter. */
export function TestButton(
  { formKey, label }: { readonly formKey: string; readonly label: string },
): Element {
  return (
    <form method="post" action="/outbox/test">
      <FormKey value={formKey} />
      <button type="submit" class="second">{label}</button>
    </form>
  );
}
