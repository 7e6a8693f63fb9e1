/**
 * The buttons on an app's page, and the page that forgets it.
 *
 * @module
 */

import type { Hono } from "hono";
import { eraseForgotten } from "../erasing.ts";
import { AppError } from "../errors.ts";
import { parseSnooze } from "../snooze.ts";
import type { Look } from "../store.ts";
import { button, said } from "./form_desk.ts";
import { ForgetPage } from "./app_actions.tsx";
import { type Deed, shownIn, type Verdict, verdictOn } from "./app_deeds.ts";
import { type AppParts, type AppSheet, idOf, noticeOf, unknownApp } from "./app_sheet.tsx";
import type { Desk, Visit } from "./desk.tsx";
import { type Env, type Exchange, route } from "./routing.ts";
import { nameOf } from "./standing.tsx";

/** What the buttons work with. */
interface ButtonParts {
  readonly parts: AppParts;
  readonly sheet: AppSheet;
  /** Leaves a line in the log of what was done to an app, by whom. */
  readonly note: (event: string, visit: Visit, id: string) => void;
}

/** A button's work: with the look, all or nothing. False or null for an app that is unknown. */
type Work = (id: string, look: Look) => Promise<unknown>;

/** Adds them. */
export function addAppButtons(site: Hono<Env>, desk: Desk, buttons: ButtonParts): void {
  const { parts: { store, clock }, note } = buttons;
  const page = (exchange: Exchange) => `/apps/${idOf(exchange)}`;

  const add = (deed: "pause" | "resume" | "acknowledge", event: string, work: Work) => {
    const act = async (visit: Visit, fields: URLSearchParams) => {
      const verdict = await tried(deed, { visit, fields, work }, buttons);
      if (verdict.isDone) note(event, visit, idOf(visit.exchange));
      return said(visit.exchange, page(visit.exchange), verdict.said);
    };
    desk.forms.add(site, `/apps/:id/${deed}`, button(page, act));
  };
  add("pause", "app paused", (id, look) => store.pause(id, clock.now(), look));
  add("resume", "app resumed", (id, look) => store.resume(id, clock.now(), look));
  add("acknowledge", "incident acknowledged", (id, look) => {
    return store.acknowledge(id, clock.now(), null, look);
  });
  const snooze = async (visit: Visit, fields: URLSearchParams) => {
    const span = fields.get("for") || null;
    const length = parseSnooze({ for: span });
    if (length !== null && typeof length !== "number") {
      throw new AppError("invalid", length[0]?.message ?? "");
    }
    const now = clock.now();
    const until = length === null ? null : now + length;
    const work: Work = (id, look) => store.snooze(id, until, now, look);
    const deed = until === null ? "unsnooze" : "snooze";
    const verdict = await tried(deed, { visit, fields, work }, buttons);
    if (verdict.isDone) note("app snoozed", visit, idOf(visit.exchange));
    // What was chosen is still chosen where nothing came of it.
    const more = verdict.isDone || span === null ? {} : { for: span };
    return said(visit.exchange, page(visit.exchange), verdict.said, more as Record<string, string>);
  };
  desk.forms.add(site, "/apps/:id/snooze", button(page, snooze));
  addForget(site, desk, buttons);
}

function addForget(site: Hono<Env>, desk: Desk, buttons: ButtonParts): void {
  const { parts: { store, clock }, sheet, note } = buttons;
  const page = (exchange: Exchange) => `/apps/${idOf(exchange)}/forget`;
  const act = async (visit: Visit, fields: URLSearchParams) => {
    const { exchange } = visit;
    const id = idOf(exchange);
    // Somebody was there before, and it is as its admin wants it.
    if (await store.app(id) === null) return exchange.redirect(`/?forgotten-already=${id}`, 303);
    const work: Work = (id, look) => store.forget(id, clock.now(), look);
    const verdict = await tried("forget", { visit, fields, work }, buttons);
    if (!verdict.isDone) return said(exchange, page(exchange), verdict.said);
    note("app forgotten", visit, id);
    await eraseForgotten(store);
    return exchange.redirect(`/?forgotten=${id}`, 303);
  };
  route(site, "/apps/:id/forget", {
    GET: desk.seen(async (visit) => {
      const view = await sheet.read(visit.exchange);
      if (view === null) throw unknownApp();
      const { speech, guest } = visit;
      const notice = noticeOf(visit.exchange.req.query("said"), speech);
      return await desk.show(visit, {
        title: speech.words.app.forgetTitle(nameOf(view.app)),
        place: "/",
        isLive: false,
        content: <ForgetPage view={view} speech={speech} formKey={guest.key} notice={notice} />,
      });
    }),
    POST: desk.forms.taken(button(page, act)),
  });
}

/**
 * Does it, unless the app is not as the page showed it any more: then nothing
 * is changed.
 *
 * @throws {AppError} `not_found`.
 */
async function tried(
  deed: Deed,
  { visit, fields, work }: {
    readonly visit: Visit;
    readonly fields: URLSearchParams;
    readonly work: Work;
  },
  { parts: { clock } }: ButtonParts,
): Promise<Verdict> {
  let verdict = null as Verdict | null;
  const look: Look = (known) => {
    verdict = verdictOn(deed, known, shownIn(fields), clock.now());
    if (!verdict.isDone) throw new AppError("stale", "Cannot do this: the app is another by now");
  };
  try {
    const done = await work(idOf(visit.exchange), look);
    if (done === null || done === false) throw unknownApp();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "stale") throw error;
  }
  if (verdict === null) throw unknownApp();
  return verdict;
}
