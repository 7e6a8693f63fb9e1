/**
 * The forms of an app's settings: saving them, and trying them on the past.
 *
 * @module
 */

import type { Hono } from "hono";
import type { App } from "../app.ts";
import { backtestText } from "../backtest_words.ts";
import { AppError, type Detail } from "../errors.ts";
import { type AppSettings, NO_SETTINGS } from "../registry.ts";
import type { Revision } from "../revision.ts";
import type { ActingForm } from "./form_desk.ts";
import { ANEW_FIELD } from "./app_anew.tsx";
import { type AppDraft, draftIn, reviseBy, wishOf } from "./app_draft.ts";
import { type AppParts, type AppSheet, idOf } from "./app_sheet.tsx";
import type { Desk, Visit } from "./desk.tsx";
import type { Env } from "./routing.ts";

/** Leaves a line in the log of what was done to an app, by whom. */
type Note = (event: string, visit: Visit, id: string) => void;

/** Adds them. */
export function addAppForms(
  site: Hono<Env>,
  desk: Desk,
  { parts, sheet, note }: {
    readonly parts: AppParts;
    readonly sheet: AppSheet;
    readonly note: Note;
  },
): void {
  const { store, clock, defaults, backtests } = parts;
  const form: Pick<ActingForm, "page" | "refill"> = {
    page: (exchange) => `/apps/${idOf(exchange)}`,
    refill: (visit, fields, undone) => {
      const status = undone.kind === "again" ? 403 : desk.statusOf(undone.error);
      return sheet.refill(visit, draftIn(fields), { undone }, status);
    },
  };

  desk.forms.add(site, "/apps/:id/settings", {
    ...form,
    act: async (visit, fields) => {
      const id = idOf(visit.exchange);
      const draft = draftIn(fields);
      const wish = wishOf(draft);
      if (isRefused(wish)) return await sheet.refill(visit, draft, { details: wish }, 400);
      const saved = await save(id, draft, wish, fields.has(ANEW_FIELD));
      if (saved === "forgotten") return await sheet.refill(visit, draft, {}, 409);
      const { revision: { clashes, settings, theirs }, app } = saved;
      if (clashes.length > 0) {
        return await sheet.refill(visit, draft, { clash: { keys: clashes, theirs: app } }, 409);
      }
      if (Object.keys(settings).length > 0) note("app changed", visit, id);
      const stays = theirs.length === 0 ? "" : `&stays=${theirs.join(",")}`;
      return visit.exchange.redirect(`/apps/${id}?saved${stays}#settings`, 303);
    },
  });

  desk.forms.add(site, "/apps/:id/backtest", {
    ...form,
    act: async (visit, fields) => {
      const { exchange, speech: { language } } = visit;
      const draft = draftIn(fields);
      const wish = wishOf({ ...draft, taken: {} });
      if (isRefused(wish)) return await sheet.refill(visit, draft, { details: wish }, 400);
      // What the app has no setting of its own for is as by default.
      const { period, grace } = wish;
      const asked = { period: period ?? defaults.period, grace: grace ?? defaults.grace };
      const found = await backtests.run(idOf(exchange), asked);
      const backtest = found === null ? null : backtestText(found, language);
      return await sheet.refill(visit, draft, { backtest }, 200);
    },
  });

  /** Saves what clashes with nothing that another has changed, or nothing at all. */
  async function save(
    id: string,
    draft: AppDraft,
    wish: Partial<AppSettings>,
    isAnew: boolean,
  ): Promise<Saved | "forgotten"> {
    let saved = null as Saved | null;
    const change = (app: App) => {
      saved = { app, revision: reviseBy(draft, wish, app) };
      return saved.revision.clashes.length > 0 ? {} : saved.revision.settings;
    };
    const now = clock.now();
    if (await store.change(id, change, now) === null) {
      if (!isAnew) return "forgotten";
      const settings = { ...NO_SETTINGS, ...wish };
      // What came in between has made it known again: sent once more, the form changes it.
      const { after } = await store.register(id, settings, now, (known) => {
        if (known !== null) throw new AppError("stale", "Cannot register app: it is there already");
      });
      return { app: after, revision: { settings, theirs: [], clashes: [] } };
    }
    return saved as Saved;
  }
}

/** What became of the settings, and the app that they were wanted for. */
interface Saved {
  readonly app: App;
  readonly revision: Revision;
}

function isRefused(
  wish: Partial<AppSettings> | readonly Detail[],
): wish is readonly Detail[] {
  return Array.isArray(wish);
}
