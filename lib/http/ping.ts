/**
 * Heartbeats in the Healthchecks wire format, for who can only ask a URL:
 * another stillalive's WATCHDOG_URL, a job with `wget`.
 *
 *   GET /ping/shop-backup        it is alive
 *   GET /ping/shop-backup/fail   it has failed (start and log likewise)
 *
 * What is sent along as a body is the message.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import { HEARTBEAT_KINDS, type HeartbeatKind } from "../heartbeat.ts";
import { keptMessage } from "../message.ts";
import { appIdOf } from "./apps.ts";
import type { HeartbeatParts } from "./heartbeats.ts";
import type { Exchange, Handler } from "./routes.ts";
import { userAgent } from "./sender.ts";

/** Takes one heartbeat. */
export function ping({ store, clock, access, sender, bodies }: HeartbeatParts): Handler {
  return async (exchange) => {
    const request = exchange.req.raw;
    await access.permit(request, "heartbeat");
    const appId = appIdOf(exchange);
    const kind = kindOf(exchange);
    const text = await bodies.text(request);
    await store.record([{
      appId,
      kind,
      message: text === "" ? null : keptMessage(text).message,
      at: clock.now(),
      address: sender.address(request, exchange.env.peer),
      userAgent: userAgent(request),
    }]);
    return exchange.text("OK");
  };
}

function kindOf(exchange: Exchange): HeartbeatKind {
  const given = exchange.req.param("kind") ?? "success";
  const kind = HEARTBEAT_KINDS.find((each) => each === given);
  if (kind !== undefined) return kind;
  throw new AppError(
    "not_found",
    `Cannot take this: expected one of ${HEARTBEAT_KINDS.join(", ")}`,
  );
}
