/**
 * The routes of maintenance: showing windows, making and ending them. Each
 * write leaves a line in the log, as one by the API does.
 *
 * @module
 */

import type { Hono } from "hono";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { windowJson } from "../maintenance_json.ts";
import type { Store } from "../store.ts";
import { button, said, SAID_AGAIN } from "./form_desk.ts";
import { DEED_WORDS } from "./deed_words.ts";
import type { Desk, PageStatus, Visit } from "./desk.tsx";
import type { EntranceParts } from "./entrance.ts";
import { FORM_WORDS } from "./form_words.ts";
import { BLANK, draftOf, readDraft } from "./maintenance_draft.ts";
import { MaintenancePage } from "./maintenance.tsx";
import { type WindowForm, windowLines } from "./maintenance_view.ts";
import { type Env, type Exchange, route } from "./routing.ts";
import { SentForms } from "./sent_forms.ts";
import type { Speech } from "./speech.ts";

/** What the routes work with. */
interface Parts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly sender: EntranceParts["sender"];
  /** The zone of the times that are typed. */
  readonly timeZone: string;
}

const EMPTY_FORM: WindowForm = { draft: BLANK, faults: [], refusal: null, undone: null };

/** Adds the page and what its forms do. */
export function addMaintenance(site: Hono<Env>, desk: Desk, parts: Parts): void {
  const { store, clock, log, timeZone } = parts;
  const sent = new SentForms<void>();
  const show = async (visit: Visit, form: WindowForm, status: PageStatus) => {
    const { speech, guest } = visit;
    const lines = await windowLines(store, speech.now);
    const props = {
      lines,
      form,
      formKey: guest.visitor === "admin" ? guest.key : null,
      notice: noticeOf(visit.exchange.req.query("said"), speech),
      speech,
    };
    return await desk.show(visit, {
      title: speech.words.frame.maintenance,
      place: "/maintenance",
      at: "/maintenance",
      isLive: false,
      content: <MaintenancePage {...props} />,
    }, status);
  };
  const page = () => "/maintenance";

  route(site, "/maintenance", {
    GET: desk.seen((visit) => show(visit, EMPTY_FORM, 200)),
    POST: desk.forms.taken({
      page,
      act: async (visit, fields) => {
        const draft = draftOf(fields);
        const now = clock.now();
        const read = readDraft(draft, { timeZone, now });
        if ("faults" in read) {
          return await show(visit, { ...EMPTY_FORM, draft, faults: read.faults }, 400);
        }
        const { isRepeated } = await sent.take(fields, async () => {
          const added = windowJson(await store.addMaintenance(read.window, now));
          log.info("maintenance added", { ...who(visit.exchange, parts), window: added });
        });
        return said(visit.exchange, "/maintenance", isRepeated ? "made-already" : "made");
      },
      refill: (visit, fields, undone) => {
        const form = { ...EMPTY_FORM, draft: draftOf(fields) };
        if (undone.kind === "again") return show(visit, { ...form, undone }, 403);
        const status = desk.statusOf(undone.error);
        if (status === 429) return show(visit, { ...form, refusal: "too many" }, status);
        if (status === 503) return show(visit, { ...form, refusal: "unavailable" }, status);
        return show(visit, { ...form, undone }, status);
      },
    }),
  });
  desk.forms.add(
    site,
    "/maintenance/:id/end",
    button(page, async ({ exchange }) => {
      const given = exchange.req.param("id") ?? "";
      const id = /^[1-9]\d{0,14}$/.test(given) ? Number(given) : 0;
      // One that is over already is as its admin wants it.
      const isEnded = await store.removeMaintenance(id, clock.now());
      if (isEnded) log.info("maintenance removed", { ...who(exchange, parts), id });
      return said(exchange, "/maintenance", isEnded ? "ended" : "ended-already");
    }),
  );
}

/** What a form came to, in words; null where a query names nothing. */
function noticeOf(said: string | undefined, { language }: Speech): string | null {
  const words = DEED_WORDS[language];
  switch (said) {
    case "made":
      return words.windowMade;
    case "made-already":
      return words.windowMadeAlready;
    case "ended":
      return words.windowEnded;
    case "ended-already":
      return words.windowEndedAlready;
    case SAID_AGAIN:
      return FORM_WORDS[language].pressAgain;
    default:
      return null;
  }
}

/** Who did it and from where, for the log. */
function who(exchange: Exchange, { sender }: Parts): object {
  return { by: "admin", from: sender.address(exchange.req.raw, exchange.env.peer) };
}
