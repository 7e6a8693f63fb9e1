/**
 * The routes of an app's page.
 *
 * @module
 */

import type { Hono } from "hono";
import { addAppButtons } from "./app_buttons.tsx";
import { addAppForms } from "./app_forms.ts";
import { type AppParts, AppSheet } from "./app_sheet.tsx";
import type { Desk, Visit } from "./desk.tsx";
import { type Env, route } from "./routing.ts";

/** Adds them. */
export function addApp(site: Hono<Env>, desk: Desk, parts: AppParts): void {
  const sheet = new AppSheet(desk, parts);

  /** Leaves a line in the log of who did something, as one by the API does. */
  const note = (event: string, { exchange, guest }: Visit, id: string) => {
    const from = parts.sender.address(exchange.req.raw, exchange.env.peer);
    parts.log.info(event, { by: guest.visitor, from, app_id: id });
  };

  route(site, "/apps/:id", { GET: desk.seen((visit) => sheet.show(visit)) });
  addAppForms(site, desk, { parts, sheet, note });
  addAppButtons(site, desk, { parts, sheet, note });
}
