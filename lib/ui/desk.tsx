/**
 * What every page goes over: who asks, in which language, and what the answer
 * carries beside the page.
 *
 * @module
 */

import type { Child } from "hono/jsx";
import type { Instant } from "../clock.ts";
import { AppError, type ErrorCode } from "../errors.ts";
import type { Language } from "../language.ts";
import { excerpt } from "../printable.ts";
import { type Frame, page } from "./document.tsx";
import { Entrance, type EntranceParts, type Guest } from "./entrance.ts";
import { FormDesk } from "./form_desk.ts";
import { OtherHost } from "./form_origin.ts";
import { LoginPage, type LoginView, ownPath } from "./login.tsx";
import type { Exchange, Handler } from "./routing.ts";
import { preferred, type Speech, speech } from "./speech.ts";
import { type TroubleParts, troubles } from "./trouble.ts";
import type { FaultWords, Words } from "./words.ts";

/** What pages work with. */
export interface DeskParts extends EntranceParts, Omit<TroubleParts, "sender"> {
  readonly language: Language;
  /** An IANA name. */
  readonly timeZone: string;
}

/** Somebody who asks for a page. */
export interface Visit {
  readonly exchange: Exchange;
  readonly guest: Guest;
  readonly speech: Speech;
}

/** A page without its frame. */
export interface Sheet {
  readonly title: string;
  readonly place: string;
  /** Whether it is asked for anew where no script runs: what is being typed then would be lost. */
  readonly isLive: boolean;
  /** As of when it shows things, if that is not now. */
  readonly asOf?: Instant;
  /** The path of the page that it is, where it answers a form. */
  readonly at?: string;
  readonly content: Child;
}

/** The codes that pages are answered with. */
export type PageStatus = 200 | 400 | 403 | 404 | 408 | 409 | 413 | 429 | 500 | 503;

/** How much of a host is shown that somebody sent, in code points. */
const HOST_LENGTH = 80;

/** Nothing is loaded from elsewhere, and nothing runs but the one script. */
const HEADERS = {
  "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; " +
    "img-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; " +
    "frame-ancestors 'none'; base-uri 'none'",
  "Cache-Control": "no-store",
  "Referrer-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "X-Robots-Tag": "noindex, nofollow",
  "Cross-Origin-Opener-Policy": "same-origin",
} as const;

const STATUS_CODES: Readonly<Record<ErrorCode, Exclude<PageStatus, 200>>> = {
  invalid: 400,
  unauthorized: 403,
  wrong_token: 403,
  forbidden: 403,
  not_found: 404,
  stale: 409,
  timeout: 408,
  too_large: 413,
  too_many: 429,
  unavailable: 503,
  unusable: 500,
};

/** Hands pages out. */
export class Desk {
  readonly entrance: Entrance;
  readonly #parts: DeskParts;
  /** For what changes something. */
  readonly forms: FormDesk;

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.entrance = new Entrance(parts);
    this.forms = new FormDesk(this, parts.log);
  }

  /** The voice for whoever asks. */
  speech(exchange: Exchange): Speech {
    const { language, timeZone, clock } = this.#parts;
    const asked = exchange.req.header("Accept-Language") ?? null;
    return speech(preferred(asked, language), timeZone, clock.now());
  }

  /** A handler for those who are logged in; all others are sent to do that first. */
  seen(show: (visit: Visit) => Promise<Response>): Handler {
    return async (exchange) => {
      const guest = await this.entrance.guest(exchange);
      if (guest !== null) return await show({ exchange, guest, speech: this.speech(exchange) });
      const { pathname, search } = new URL(exchange.req.url);
      // A cookie that is strictly ours does not come along with a link from elsewhere, as from a
      // letter: asked for once more, by a page of our own, the page comes with it.
      const isFromElsewhere = exchange.req.header("Sec-Fetch-Site") === "cross-site";
      if (isFromElsewhere) return this.#askedAgain(exchange, pathname + search);
      return exchange.redirect(`/login?${new URLSearchParams({ to: pathname + search })}`, 303);
    };
  }

  /** The answer with the page that lets people in. */
  logIn(exchange: Exchange, view: LoginView, status: 200 | 403 | 429): Response {
    const speech = this.speech(exchange);
    const content = <LoginPage view={view} speech={speech} />;
    return this.showAnyone(exchange, { title: speech.words.login.title, content, status });
  }

  /** The code of a page that tells of what went wrong. */
  statusOf(error: unknown): Exclude<PageStatus, 200> {
    return error instanceof AppError ? STATUS_CODES[error.code] : 500;
  }

  /** The answer with a page for a guest. */
  async show(
    { exchange, guest, speech }: Visit,
    sheet: Sheet,
    status: PageStatus = 200,
  ): Promise<Response> {
    const { pathname, search } = new URL(exchange.req.url);
    const path = exchange.req.method === "POST" ? sheet.at ?? sheet.place : pathname + search;
    const state = { path, asOf: sheet.asOf ?? this.#parts.store.judgedBy() };
    const frame = { ...sheet, state, speech, guest, alarms: await troubles(this.#parts, speech) };
    return this.#answer(exchange, frame, sheet.content, status);
  }

  /** The answer with a page that is for everyone. */
  showAnyone(
    exchange: Exchange,
    { title, content, status = 200, state = null }: {
      readonly title: string;
      readonly content: Child;
      readonly status?: PageStatus;
      /** Null for a page that shows nothing that changes. */
      readonly state?: Frame["state"];
    },
  ): Response {
    const speech = this.speech(exchange);
    const isLive = state !== null;
    const frame = { speech, title, guest: null, place: "", isLive, state, alarms: [] };
    return this.#answer(exchange, frame, content, status);
  }

  /** The answer to what went wrong. */
  fault(exchange: Exchange, error: unknown): Response {
    if (!(error instanceof AppError)) this.#parts.log.error("request failed", { error });
    const status = this.statusOf(error);
    const { words } = this.speech(exchange);
    const { title, advice } = error instanceof OtherHost
      ? words.fault.otherHost(excerpt(error.page, HOST_LENGTH), excerpt(error.asked, HOST_LENGTH))
      : faultWords(words.fault, status);
    const content = (
      <div class="card narrow">
        <h1>{title}</h1>
        <p>{advice}</p>
        {error instanceof AppError ? <p lang="en" class="quiet small">{error.message}</p> : null}
        <p>
          <a href="/">{words.fault.back}</a>
        </p>
      </div>
    );
    return this.showAnyone(exchange, { title, content, status });
  }

  #askedAgain(exchange: Exchange, path: string): Response {
    const text = (
      <html>
        <head>
          <meta http-equiv="refresh" content={`0;url=${ownPath(path)}`} />
          <title>stillalive</title>
        </head>
        <body></body>
      </html>
    );
    return exchange.html(`<!DOCTYPE html>${text}`, 200, HEADERS);
  }

  #answer(
    exchange: Exchange,
    frame: Frame,
    content: Child,
    status: PageStatus = 200,
  ): Response {
    return exchange.html(page(frame, content), status, HEADERS);
  }
}

function faultWords(words: Words["fault"], status: PageStatus): FaultWords {
  switch (status) {
    case 404:
      return words.notFound;
    case 403:
      return words.forbidden;
    case 503:
      return words.unavailable;
    case 500:
      return words.internal;
    default:
      return words.refused;
  }
}
