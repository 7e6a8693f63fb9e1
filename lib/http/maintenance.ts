/**
 * Maintenance windows over HTTP. Each write leaves a line in the log.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { NewWindow } from "../maintenance.ts";
import { parseWindow } from "../maintenance_form.ts";
import { windowJson } from "../maintenance_json.ts";
import { excerpt } from "../printable.ts";
import type { Store } from "../store.ts";
import type { Access } from "./access.ts";
import type { BodyReader } from "./body.ts";
import { whoDid } from "./registry.ts";
import type { Exchange, Handler } from "./routes.ts";
import type { SenderReader } from "./sender.ts";

/** How much of a wrong id an answer repeats, in code points. */
const EXCERPT_LENGTH = 60;

/** What the routes work with. */
export interface MaintenanceParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly bodies: BodyReader;
  readonly access: Access;
  readonly log: Log;
  readonly sender: SenderReader;
  /** The zone of local times that name none. */
  readonly timeZone: string;
}

/** Lists the windows that are not over: they are few enough for one page. */
export function getMaintenance({ store, clock, access }: MaintenanceParts): Handler {
  return async (exchange) => {
    await access.permit(exchange.req.raw, "read");
    const windows = await store.maintenance(clock.now());
    return exchange.json({ maintenance: windows.map(windowJson) });
  };
}

/** Adds a window. */
export function postMaintenance(parts: MaintenanceParts): Handler {
  const { store, clock, access, log } = parts;
  return async (exchange) => {
    const by = await access.permit(exchange.req.raw, "write");
    const window = await readWindow(exchange, parts);
    const added = windowJson(await store.addMaintenance(window, clock.now()));
    log.info("maintenance added", { ...whoDid(parts, exchange, by), window: added });
    return exchange.json(added, 201);
  };
}

/** Removes a window, also while it covers something. */
export function deleteMaintenance(parts: MaintenanceParts): Handler {
  const { store, clock, access, log } = parts;
  return async (exchange) => {
    const by = await access.permit(exchange.req.raw, "write");
    const given = exchange.req.param("id") ?? "";
    // What is no number that a window can have finds none.
    const id = /^[1-9]\d{0,14}$/.test(given) ? Number(given) : 0;
    if (!await store.removeMaintenance(id, clock.now())) {
      const shown = excerpt(given, EXCERPT_LENGTH);
      throw new AppError("not_found", `Cannot find maintenance window "${shown}"`);
    }
    log.info("maintenance removed", { ...whoDid(parts, exchange, by), id });
    return new Response(null, { status: 204 });
  };
}

async function readWindow(
  exchange: Exchange,
  { clock, bodies, timeZone }: MaintenanceParts,
): Promise<NewWindow> {
  const body = await bodies.json(exchange.req.raw);
  const window = parseWindow(body, { timeZone, now: clock.now() });
  if ("scope" in window) return window;
  const why = window[0]?.message;
  throw new AppError("invalid", `Cannot add maintenance window: ${why}`, { details: window });
}
