/**
 * The routes of maintenance: showing windows, making and ending them. Each
 * write leaves a line in the log, as one by the API does.
 *
 * @module
 */

import type { Hono } from "hono";
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import { windowJson } from "../maintenance_json.ts";
import type { Store } from "../store.ts";
import type { Desk, Visit } from "./desk.tsx";
import type { EntranceParts } from "./entrance.ts";
import { BLANK, draftOf, readDraft } from "./maintenance_draft.ts";
import { MaintenancePage } from "./maintenance.tsx";
import { type WindowForm, windowLines } from "./maintenance_view.ts";
import { type Env, type Exchange, route } from "./routing.ts";

/** What the routes work with. */
interface Parts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly sender: EntranceParts["sender"];
  /** The zone of the times that are typed. */
  readonly timeZone: string;
}

const EMPTY_FORM: WindowForm = { draft: BLANK, faults: [], refusal: null };

/** Adds the page and what its forms do. */
export function addMaintenance(site: Hono<Env>, desk: Desk, parts: Parts): void {
  const { store, clock, log, timeZone } = parts;
  const show = async (visit: Visit, form: WindowForm, status: 200 | 400 | 429 | 503) => {
    const { speech, guest } = visit;
    const lines = await windowLines(store, speech.now);
    const formKey = guest.visitor === "admin" ? guest.key : null;
    return await desk.show(visit, {
      title: speech.words.frame.maintenance,
      place: "/maintenance",
      // A page that changes by itself reloads where no script runs: what is being typed would be lost.
      isLive: false,
      content: <MaintenancePage lines={lines} form={form} formKey={formKey} speech={speech} />,
    }, status);
  };

  route(site, "/maintenance", {
    GET: desk.seen((visit) => show(visit, EMPTY_FORM, 200)),
    POST: desk.acted(async (visit, fields) => {
      const draft = draftOf(fields);
      const now = clock.now();
      const read = readDraft(draft, { timeZone, now });
      if ("faults" in read) {
        return await show(visit, { draft, faults: read.faults, refusal: null }, 400);
      }
      try {
        const added = windowJson(await store.addMaintenance(read.window, now));
        log.info("maintenance added", { ...who(visit.exchange, parts), window: added });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const isTooMany = error.code === "too_many";
        const refusal = isTooMany ? "too many" : "unavailable";
        return await show(visit, { draft, faults: [], refusal }, isTooMany ? 429 : 503);
      }
      return visit.exchange.redirect("/maintenance", 303);
    }),
  });
  route(site, "/maintenance/:id/end", {
    POST: desk.acted(async ({ exchange }) => {
      const given = exchange.req.param("id") ?? "";
      const id = /^[1-9]\d{0,14}$/.test(given) ? Number(given) : 0;
      // One that is over already is as its admin wants it.
      const isEnded = await store.removeMaintenance(id, clock.now());
      if (isEnded) log.info("maintenance removed", { ...who(exchange, parts), id });
      return exchange.redirect("/maintenance", 303);
    }),
  });
}

/** Who did it and from where, for the log. */
function who(exchange: Exchange, { sender }: Parts): object {
  return { by: "admin", from: sender.address(exchange.req.raw, exchange.env.peer) };
}
