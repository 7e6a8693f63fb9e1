/**
 * The registry over HTTP: changing it. Each write leaves a line in the log.
 *
 * @module
 */

import type { App } from "../app.ts";
import { eraseForgotten } from "../erasing.ts";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import { type AppSettings, NO_SETTINGS, parseSettings } from "../registry.ts";
import { parseSnooze } from "../snooze.ts";
import type { Changed } from "../store.ts";
import type { Bearer } from "./access.ts";
import { appIdOf, appJson, type AppParts, unknownApp } from "./apps.ts";
import type { BodyReader } from "./body.ts";
import { precondition, tagHeaders } from "./preconditions.ts";
import type { Exchange, Handler } from "./routes.ts";
import type { SenderReader } from "./sender.ts";

/** What the routes work with. */
export interface RegistryParts extends AppParts {
  readonly bodies: BodyReader;
  readonly log: Log;
  readonly sender: SenderReader;
}

/** Registers an app, or replaces all its settings. */
export function putApp(parts: RegistryParts): Handler {
  const { store, clock, defaults } = parts;
  return async (exchange) => {
    const by = await parts.access.permit(exchange.req.raw, "write");
    const id = appIdOf(exchange);
    const settings = { ...NO_SETTINGS, ...await readSettings(exchange, parts) };
    const now = clock.now();
    const { before, after } = await store.register(id, settings, now, precondition(exchange));
    tell(parts, exchange, {
      event: before === null ? "app registered" : "app changed",
      by,
      before,
      after,
    });
    const status = before === null ? 201 : 200;
    return exchange.json(appJson(after, now, defaults), status, tagHeaders(after));
  };
}

/** Changes some of an app's settings. */
export function patchApp(parts: RegistryParts): Handler {
  return hand(parts, "app changed", async (id, exchange) => {
    const settings = await readSettings(exchange, parts);
    return await parts.store.change(id, settings, parts.clock.now(), precondition(exchange));
  });
}

/** Stops judging an app. */
export function pauseApp(parts: RegistryParts): Handler {
  return hand(parts, "app paused", (id, exchange) => {
    return parts.store.pause(id, parts.clock.now(), precondition(exchange));
  });
}

/** Has an app judged again. */
export function resumeApp(parts: RegistryParts): Handler {
  return hand(parts, "app resumed", (id, exchange) => {
    return parts.store.resume(id, parts.clock.now(), precondition(exchange));
  });
}

/** Wants no more reminders of the app's open incident. */
export function acknowledgeApp(parts: RegistryParts): Handler {
  return hand(parts, "incident acknowledged", (id, exchange) => {
    return parts.store.acknowledge(id, parts.clock.now(), null, precondition(exchange));
  });
}

/** Wants no alarm of the app for a while. */
export function snoozeApp(parts: RegistryParts): Handler {
  return hand(parts, "app snoozed", async (id, exchange) => {
    const span = parseSnooze(await parts.bodies.json(exchange.req.raw));
    if (span !== null && typeof span !== "number") {
      const message = `Cannot snooze app: ${span[0]?.message}`;
      throw new AppError("invalid", message, { details: span });
    }
    const now = parts.clock.now();
    const until = span === null ? null : now + span;
    return await parts.store.snooze(id, until, now, precondition(exchange));
  });
}

/** Forgets an app with all its history; answered when it is gone. */
export function deleteApp(parts: RegistryParts): Handler {
  const { store, clock } = parts;
  return async (exchange) => {
    const by = await parts.access.permit(exchange.req.raw, "write");
    const id = appIdOf(exchange);
    const isKnown = await store.forget(id, clock.now(), precondition(exchange));
    if (!isKnown) throw unknownApp(id);
    parts.log.info("app forgotten", { ...whoDid(parts, exchange, by), app_id: id });
    await eraseForgotten(store);
    return new Response(null, { status: 204 });
  };
}

/** A handler for what changes one app that is known. */
function hand(
  parts: RegistryParts,
  event: string,
  work: (id: string, exchange: Exchange) => Promise<Changed | null>,
): Handler {
  return async (exchange) => {
    const by = await parts.access.permit(exchange.req.raw, "write");
    const id = appIdOf(exchange);
    const changed = await work(id, exchange);
    if (changed === null) throw unknownApp(id);
    tell(parts, exchange, { event, by, ...changed });
    const shown = appJson(changed.after, parts.store.judgedBy(), parts.defaults);
    return exchange.json(shown, 200, tagHeaders(changed.after));
  };
}

async function readSettings(
  exchange: Exchange,
  { bodies }: RegistryParts,
): Promise<Partial<AppSettings>> {
  const settings = parseSettings(await bodies.json(exchange.req.raw));
  if (!Array.isArray(settings)) return settings as Partial<AppSettings>;
  throw new AppError("invalid", `Cannot change app: ${settings[0]?.message}`, {
    details: settings,
  });
}

/** What was done, by whom, from what to what. */
function tell(
  parts: RegistryParts,
  exchange: Exchange,
  { event, by, before, after }: {
    readonly event: string;
    readonly by: Bearer;
    readonly before: App | null;
    readonly after: App;
  },
): void {
  const who = whoDid(parts, exchange, by);
  parts.log.info(event, { ...who, app_id: after.id, changes: changes(before, after) });
}

/** Who did something and from where, for the log. */
export function whoDid(
  { sender }: { readonly sender: SenderReader },
  exchange: Exchange,
  by: Bearer,
): object {
  return { by, from: sender.address(exchange.req.raw, exchange.env.peer) };
}

/** Each setting that is another now, as [from, to]; durations in milliseconds. */
function changes(before: App | null, after: App): Readonly<Record<string, readonly unknown[]>> {
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ["name", before?.name ?? null, after.name],
    ["note", before?.note ?? null, after.note],
    ["tags", before?.tags ?? [], after.tags],
    ["period_ms", before?.period ?? null, after.period],
    ["grace_ms", before?.grace ?? null, after.grace],
    ["state", before?.state.kind ?? null, after.state.kind],
  ];
  const different = pairs.filter(([, from, to]) => JSON.stringify(from) !== JSON.stringify(to));
  return Object.fromEntries(different.map(([name, from, to]) => [name, [from, to]]));
}
