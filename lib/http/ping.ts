/**
 * Heartbeats in the Healthchecks wire format, for who can only ask a URL:
 * another stillalive's WATCHDOG_URL, a job with `wget`.
 *
 *   GET /ping/shop-backup        it is alive
 *   GET /ping/shop-backup/fail   it has failed (start and log likewise)
 *
 * What is sent along as a body is the message. Nothing about it refuses the
 * heartbeat: the request is one by its first line, and what can be read of the
 * rest is kept.
 *
 * @module
 */

import { APP_ID_LENGTH, parseAppId } from "../app.ts";
import { type Duration, HOUR } from "../clock.ts";
import { AppError } from "../errors.ts";
import { HEARTBEAT_KINDS, type HeartbeatKind } from "../heartbeat.ts";
import { type Log, sparingly } from "../log.ts";
import { keptMessage } from "../message.ts";
import { excerpt } from "../printable.ts";
import { isStranger, notAdmitted, strangerDetails } from "./admission.ts";
import { refuseForeign } from "./foreign.ts";
import type { HeartbeatParts } from "./heartbeats.ts";
import { methodNotAllowed } from "./problem.ts";
import { SignalError } from "./refusals.ts";
import type { Exchange, Handler } from "./routes.ts";
import { userAgent } from "./sender.ts";

/** By which it is sent; a body of GET or HEAD does not reach us, for Deno drops it. */
const METHODS: readonly string[] = ["GET", "HEAD", "POST", "PUT"];

/** How often the log tells that texts are lost which are sent by GET. */
const TELL_LOST_EVERY: Duration = HOUR;

/** What the route works with. */
export interface PingParts extends HeartbeatParts {
  readonly log: Log;
}

/** Takes one heartbeat. */
export function ping(parts: PingParts): Handler {
  const { access, sender, refusals, log, clock } = parts;
  const tellLost = sparingly((fields) => log.warn("heartbeat text lost", fields), {
    every: TELL_LOST_EVERY,
    clock,
  });
  return async (exchange) => {
    const request = exchange.req.raw;
    const address = sender.address(request, exchange.env.peer);
    const given = exchange.req.param("app_id") ?? "";
    const named = parseAppId(given);
    try {
      const by = await access.permit(request, "heartbeat");
      if (by === "anyone") refuseForeign(request);
      if (named === null) throw noSuchApp(given);
      if (!METHODS.includes(request.method)) {
        await refusals.note([{ reason: "wrong_method", appIds: [named] }], address);
        return methodNotAllowed(request.method, METHODS);
      }
      const kind = kindOf(exchange, named);
      if (isTextLost(request)) tellLost({ app_id: named, from: address, reason: "sent by GET" });
      return await take({ appId: named, kind }, { exchange, address }, parts);
    } catch (error) {
      throw await refusals.noted(error, {
        request,
        address,
        named: named === null ? [] : [named],
      });
    }
  };
}

async function take(
  signal: { readonly appId: string; readonly kind: HeartbeatKind },
  { exchange, address }: { readonly exchange: Exchange; readonly address: string },
  { store, clock, bodies, quota }: PingParts,
): Promise<Response> {
  const request = exchange.req.raw;
  const { text, isWhole } = await bodies.message(request, address);
  const message = text === "" ? null : keptMessage(text).message;
  const at = clock.now();
  const heartbeats = [{ ...signal, message, at, address, userAgent: userAgent(request) }];
  const [recorded] = await store.record(heartbeats, quota.take(heartbeats, address, at));
  if (recorded !== undefined && isStranger(recorded)) {
    throw notAdmitted([recorded], strangerDetails([recorded], null));
  }
  // What is left of the body is not the next request.
  return exchange.text("OK", 200, isWhole ? {} : { Connection: "close" });
}

/** @throws {SignalError} `not_found` for what is no kind, or is more than one. */
function kindOf(exchange: Exchange, appId: string): HeartbeatKind {
  const given = exchange.req.param("kind") ?? "success";
  const kind = HEARTBEAT_KINDS.find((each) => each === given);
  if (kind !== undefined && exchange.req.param("more") === undefined) return kind;
  const message = `Cannot take this: expected one of ${HEARTBEAT_KINDS.join(", ")}`;
  throw new SignalError("not_found", message, {
    refused: [{ reason: "wrong_kind", appIds: [appId] }],
  });
}

function noSuchApp(given: string): AppError {
  const message = `Cannot find app "${excerpt(given, APP_ID_LENGTH)}"`;
  return new SignalError("not_found", message, {
    refused: [{ reason: "wrong_app_id", appIds: [] }],
  });
}

/** Whether it has a body that Deno has dropped. */
function isTextLost({ method, headers }: Request): boolean {
  if (method !== "GET" && method !== "HEAD") return false;
  return headers.has("Transfer-Encoding") || Number(headers.get("Content-Length") ?? 0) > 0;
}
