/**
 * What all pages have in common: the head, the way to the others, and what is
 * wrong with the service itself.
 *
 * @module
 */

import type { Child } from "hono/jsx";
import type { Instant } from "../clock.ts";
import type { Language } from "../language.ts";
import type { Visitor } from "../session.ts";
import { ASSETS } from "./assets.ts";
import type { Element } from "./element.ts";
import { Hidden } from "./field.tsx";
import { KEY_FIELD } from "./entrance.ts";
import { LIVE_WORDS } from "./live_words.ts";
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
  /** Whether it is asked for anew where no script runs. */
  readonly isLive: boolean;
  /** Its path, and as of when it shows things; null for a page that shows none that change. */
  readonly state: { readonly path: string; readonly asOf: Instant } | null;
  readonly alarms: readonly Alarm[];
}

/** A whole page. */
export function page(frame: Frame, content: Child): string {
  const { speech, title, guest, isLive, state } = frame;
  const { words, language, now } = speech;
  const live = state === null ? {} : {
    "data-page": state.path,
    "data-now": String(now),
    "data-ago": words.overview.ago("{}"),
    // What everyone may see is asked for, and told to nobody.
    ...(guest === null ? {} : { "data-live": "/events" }),
  };
  const whole = (
    <html lang={language} {...live}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex,nofollow" />
        {isLive
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
        <NotLive language={language} />
        <div id="alarms" data-part>
          {frame.alarms.map((alarm) => <Warning alarm={alarm} guest={guest} />)}
        </div>
        <main id="content" tabindex={-1}>{content}</main>
        <footer>
          {state === null ? null : <AsOf at={state.asOf} speech={speech} />}
          <p>{words.frame.zone(speech.calendar.zone)}</p>
        </footer>
      </body>
    </html>
  );
  return `<!DOCTYPE html>${whole}`;
}

/** Where the script says that the page is not live, and with what. */
function NotLive({ language }: { readonly language: Language }): Element {
  const { gone, over, logIn, missing, renewed, title } = LIVE_WORDS[language];
  const words = {
    "data-gone": gone,
    "data-over": over,
    "data-login": logIn,
    "data-missing": missing,
    "data-renewed": renewed,
    "data-title": title,
  };
  return <div id="not-live" role="status" {...words}></div>;
}

function AsOf({ at, speech }: { readonly at: Instant; readonly speech: Speech }): Element {
  return (
    <p id="as-of" data-part>
      {`${LIVE_WORDS[speech.language].asOf} `}
      <time datetime={new Date(at).toISOString()}>{speech.seconds(at)}</time>
    </p>
  );
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
  return <Hidden name={KEY_FIELD} value={value} />;
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
