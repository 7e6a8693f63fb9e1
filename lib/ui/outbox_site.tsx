/**
 * The routes of the outbox: its letters, and what is tried by hand.
 *
 * @module
 */

import type { Hono } from "hono";
import { withoutAcknowledgements } from "../acknowledgement.ts";
import { type Duration, SECOND } from "../clock.ts";
import { AppError } from "../errors.ts";
import { excerpt } from "../printable.ts";
import type { Watch } from "../watch.ts";
import { button, SAID_AGAIN } from "./form_desk.ts";
import type { Desk, DeskParts, Visit } from "./desk.tsx";
import { LetterPage } from "./letter.tsx";
import { SUBJECT_LENGTH } from "./letter_row.tsx";
import { OutboxPage, type Retried } from "./outbox.tsx";
import {
  type LetterView,
  letterView,
  type OutboxQuery,
  outboxView,
  STATES,
} from "./outbox_view.ts";
import { OUTBOX_WORDS } from "./outbox_words.ts";
import { type Env, type Exchange, route } from "./routing.ts";
import { TestLetters } from "./test_letters.ts";
import { TestedPage } from "./tested.tsx";

/** How long a page waits for tries by hand: a server may take minutes, and they go on without it. */
const PATIENCE: Duration = 30 * SECOND;

/** A letter is looked at as it was sent: with its own styles, and nothing else of its own. */
const LETTER_HEADERS = {
  "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox; " +
    "frame-ancestors 'self'",
  "Cache-Control": "no-store",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Robots-Tag": "noindex, nofollow",
} as const;

/** What the routes work with. */
export interface OutboxParts extends DeskParts {
  readonly watch: Watch;
  /** Ends what is tried by hand. */
  readonly signal: AbortSignal;
}

/** Adds the pages. */
export function addOutbox(site: Hono<Env>, desk: Desk, parts: OutboxParts): void {
  addTries(site, desk, parts);
  route(site, "/outbox", {
    GET: desk.seen(async (visit) => {
      const query = visit.exchange.req.query();
      const view = await outboxView(parts, readQuery(query));
      const { speech, guest } = visit;
      const { title } = OUTBOX_WORDS[speech.language];
      const retried = readRetried(query);
      const content = <OutboxPage view={view} speech={speech} guest={guest} retried={retried} />;
      return await desk.show(visit, { title, place: "/outbox", isLive: true, content });
    }),
  });
  route(site, "/outbox/:id{[0-9]+}", {
    GET: desk.seen(async (visit) => {
      const view = await letterOf(visit, parts);
      const { message } = view;
      const isMasked = visit.guest.visitor !== "admin";
      return await desk.show(visit, {
        title: excerpt(message.subject, SUBJECT_LENGTH),
        place: "/outbox",
        // Nobody is disturbed in reading what will not change: a script puts in its place what has.
        isLive: message.state === "waiting" || message.state === "trying",
        content: <LetterPage view={view} speech={visit.speech} isMasked={isMasked} />,
      });
    }),
  });
  route(site, "/outbox/:id{[0-9]+}/letter", {
    GET: desk.seen(async (visit) => {
      const { message: { html } } = await letterOf(visit, parts);
      return visit.exchange.html(html, 200, LETTER_HEADERS);
    }),
  });
}

/** What is tried by hand, and what came of it. */
function addTries(site: Hono<Env>, desk: Desk, parts: OutboxParts): void {
  const { watch, mail } = parts;
  const letters = new TestLetters(parts);
  desk.forms.add(
    site,
    "/outbox/retry",
    button(() => "/outbox", async ({ exchange }) => {
      const { sent, waiting, trying } = await watch.deliver({
        isRetryNow: true,
        patience: PATIENCE,
      });
      const came = trying > 0
        ? { tried: "longer" }
        : { sent: String(sent), waiting: String(waiting) };
      return exchange.redirect(`/outbox?${new URLSearchParams(came)}`, 303);
    }),
  );
  route(site, "/outbox/test", {
    GET: desk.seen(async (visit) => {
      const { speech, guest } = visit;
      const { title } = OUTBOX_WORDS[speech.language].tested;
      const { state } = letters;
      const view = { state, hasMail: mail.kind === "ready" };
      const isAgain = visit.exchange.req.query("said") === SAID_AGAIN;
      const content = (
        <TestedPage {...view} speech={speech} guest={guest} isToBePressedAgain={isAgain} />
      );
      return await desk.show(visit, { title, place: "/outbox", isLive: true, content });
    }),
    POST: desk.forms.taken(button(() => "/outbox/test", async ({ exchange }) => {
      await letters.send();
      return exchange.redirect("/outbox/test", 303);
    })),
  });
}

/**
 * The letter that a path names. A link that acknowledges is a right of its own,
 * which whoever may only read must not get out of an admin's letter.
 *
 * @throws {AppError} `not_found`.
 */
async function letterOf({ exchange, guest }: Visit, parts: OutboxParts): Promise<LetterView> {
  const id = readId(exchange);
  const view = id === null ? null : await letterView(parts, id);
  if (view === null) throw new AppError("not_found", "Cannot find this letter: there is none");
  if (guest.visitor === "admin") return view;
  const { message } = view;
  const [text, html] = [message.text, message.html].map(withoutAcknowledgements);
  return { ...view, message: { ...message, text: text ?? "", html: html ?? "" } };
}

function readId(exchange: Exchange): number | null {
  return wholeNumber(exchange.req.param("id"));
}

/** What is wrong in a query is as if it were not there: a person sees that, and goes on. */
function readQuery({ state, before }: Readonly<Record<string, string>>): OutboxQuery {
  return { state: STATES.find((each) => each === state) ?? null, before: wholeNumber(before) };
}

function readRetried(query: Readonly<Record<string, string>>): Retried | null {
  if (query.tried === "longer") return { kind: "under way" };
  if (query.said === SAID_AGAIN) return { kind: "again" };
  const [sent, waiting] = [wholeNumber(query.sent), wholeNumber(query.waiting)];
  return sent === null || waiting === null ? null : { kind: "ended", sent, waiting };
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
