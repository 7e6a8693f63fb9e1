/**
 * Heartbeats over HTTP: `POST /api/apps/`, one or an array.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { Heartbeat, Signal } from "../heartbeat.ts";
import { appsNamedIn } from "../refused.ts";
import type { NotAdmitted, Store } from "../store.ts";
import type { TextQuota } from "../text_quota.ts";
import type { Access } from "./access.ts";
import { isStranger, notAdmitted, refusedStrangers, strangerDetails } from "./admission.ts";
import type { BodyReader } from "./body.ts";
import { mayBeBrowser, refuseForeign } from "./foreign.ts";
import { methodNotAllowed, partlyTaken } from "./problem.ts";
import type { Refusals } from "./refusals.ts";
import { allowedIn, type Handler, type Methods } from "./routes.ts";
import { type SenderReader, userAgent } from "./sender.ts";
import { manySignals, oneSignal } from "./signals.ts";

/** What the routes work with that take heartbeats. */
export interface HeartbeatParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly access: Access;
  readonly sender: SenderReader;
  readonly bodies: BodyReader;
  readonly quota: TextQuota;
  readonly refusals: Refusals;
}

/** Takes the heartbeats of a request that came from `peer`. */
type HeartbeatTaker = (request: Request, peer: string) => Promise<Response>;

/** Takes heartbeats. */
export function postHeartbeats(parts: HeartbeatParts): HeartbeatTaker {
  const { clock, access, sender, bodies, refusals } = parts;
  return async (request, peer) => {
    const address = sender.address(request, peer);
    try {
      const by = await access.permit(request, "heartbeat");
      const agent = userAgent(request);
      if (by === "anyone" && mayBeBrowser(agent)) refuseForeign(request);
      const body = await bodies.heartbeats(request, address);
      const origin = { at: clock.now(), address, userAgent: agent };
      return Array.isArray(body)
        ? await takeMany(manySignals(body), origin, parts)
        : await takeOne(oneSignal(body), origin, parts);
    } catch (error) {
      throw await refusals.noted(error, { request, address, named: null });
    }
  };
}

/** Refuses heartbeats that come by a method which they are not sent by. */
export function refuseMethod(
  { sender, bodies, refusals }: HeartbeatParts,
  methods: Methods,
): Handler {
  return async ({ req: { raw }, env: { peer } }) => {
    const appIds = appsNamedIn(await bodies.beginning(raw));
    await refusals.note([{ reason: "wrong_method", appIds }], sender.address(raw, peer));
    return methodNotAllowed(raw.method, allowedIn(methods));
  };
}

/** What all heartbeats of a request have in common. */
interface Origin extends Pick<Heartbeat, "at" | "userAgent"> {
  readonly address: string;
}

async function takeOne(
  signal: Signal,
  origin: Origin,
  { store, quota }: HeartbeatParts,
): Promise<Response> {
  const { appId, isTruncated } = signal;
  const heartbeats = [heartbeat(signal, origin)];
  const spared = quota.take(heartbeats, origin.address, origin.at);
  const [recorded] = await store.record(heartbeats, spared);
  if (recorded === undefined) throw new TypeError("Cannot answer: nothing was recorded");
  if (isStranger(recorded)) throw notAdmitted([recorded], strangerDetails([recorded], null));
  const answer = { app_id: appId, status: recorded.status };
  return Response.json(isTruncated || recorded.isSpared ? { ...answer, truncated: true } : answer);
}

/** Takes those whose apps are known or may register, whatever stands beside them. */
async function takeMany(
  signals: readonly Signal[],
  origin: Origin,
  { store, quota, refusals }: HeartbeatParts,
): Promise<Response> {
  const heartbeats = signals.map((signal) => heartbeat(signal, origin));
  const spared = quota.take(heartbeats, origin.address, origin.at);
  const recorded = await store.record(heartbeats, spared);
  const truncated: number[] = [];
  const strangers: NotAdmitted[] = [];
  for (let index = 0; index < recorded.length; index++) {
    const each = recorded[index];
    if (each === undefined) continue;
    if (isStranger(each)) strangers.push(each);
    else if (each.isSpared || signals[index]?.isTruncated) truncated.push(index);
  }
  const accepted = recorded.length - strangers.length;
  const answer = { accepted, ...(truncated.length > 0 ? { truncated } : {}) };
  if (strangers.length === 0) return Response.json(answer);
  const details = strangerDetails(recorded, 0);
  if (accepted === 0) throw notAdmitted(strangers, details);
  await refusals.note(refusedStrangers(strangers), origin.address);
  return partlyTaken(answer, details);
}

function heartbeat(
  { appId, kind, message }: Signal,
  { at, address, userAgent }: Origin,
): Heartbeat {
  return { appId, kind, message, at, address, userAgent };
}
