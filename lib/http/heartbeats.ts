/**
 * Heartbeats over HTTP: `POST /api/apps/`, one or an array.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { AppError, type Detail } from "../errors.ts";
import { type Heartbeat, parseSignal, type Signal } from "../heartbeat.ts";
import type { Store } from "../store.ts";
import type { Access } from "./access.ts";
import type { BodyReader } from "./body.ts";
import { type SenderReader, userAgent } from "./sender.ts";

/** The most heartbeats in one request: one transaction of some 20 ms. */
export const HEARTBEATS_LIMIT = 1_000;

/** The most faults that one answer names. */
const DETAILS_LIMIT = 100;

/** What the route works with. */
export interface HeartbeatParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly access: Access;
  readonly sender: SenderReader;
  readonly bodies: BodyReader;
}

/** Takes the heartbeats of a request that came from `peer`. */
type HeartbeatTaker = (request: Request, peer: string) => Promise<Response>;

/** Takes heartbeats. */
export function postHeartbeats(
  { store, clock, access, sender, bodies }: HeartbeatParts,
): HeartbeatTaker {
  return async (request, peer) => {
    await access.permit(request, "heartbeat");
    const body = await bodies.json(request);
    const origin = {
      at: clock.now(),
      address: sender.address(request, peer),
      userAgent: userAgent(request),
    };
    if (Array.isArray(body)) return Response.json(await recordMany(body, origin, store));
    const signal = parseSignal(body);
    if (isRefused(signal)) throw invalid(signal);
    try {
      const [receipt] = await store.record([heartbeat(signal, origin)]);
      const answer = { app_id: signal.appId, status: receipt?.status };
      return Response.json(signal.isTruncated ? { ...answer, truncated: true } : answer);
    } catch (error) {
      throw withoutIndex(error);
    }
  };
}

/** What all heartbeats of a request have in common. */
type Origin = Pick<Heartbeat, "at" | "address" | "userAgent">;

async function recordMany(
  body: readonly unknown[],
  origin: Origin,
  store: Store,
): Promise<object> {
  const signals = parseMany(body);
  await store.record(signals.map((signal) => heartbeat(signal, origin)));
  const truncated = signals.flatMap(({ isTruncated }, index) => isTruncated ? [index] : []);
  return { accepted: signals.length, ...(truncated.length > 0 ? { truncated } : {}) };
}

/** All of them, or everything that is wrong with them. */
function parseMany(body: readonly unknown[]): readonly Signal[] {
  if (body.length === 0 || body.length > HEARTBEATS_LIMIT) {
    const message = `Expected 1 to ${HEARTBEATS_LIMIT} heartbeats, not ${body.length}`;
    throw invalid([{ path: "", message }]);
  }
  const signals: Signal[] = [];
  const details: Detail[] = [];
  for (const [index, value] of body.entries()) {
    const signal = parseSignal(value);
    if (!isRefused(signal)) signals.push(signal);
    else if (details.length < DETAILS_LIMIT) details.push(...signal.map(within(index)));
  }
  if (details.length > 0) throw invalid(details);
  return signals;
}

function within(index: number): (detail: Detail) => Detail {
  return ({ path, message }) => ({ path: path === "" ? `${index}` : `${index}.${path}`, message });
}

function isRefused(signal: Signal | readonly Detail[]): signal is readonly Detail[] {
  return Array.isArray(signal);
}

function heartbeat(
  { appId, kind, message }: Signal,
  { at, address, userAgent }: Origin,
): Heartbeat {
  return { appId, kind, message, at, address, userAgent };
}

function invalid(details: readonly Detail[]): AppError {
  const what = details.length === 1 ? "heartbeat" : "heartbeats";
  return new AppError("invalid", `Cannot store ${what}: ${details[0]?.message}`, { details });
}

/** The store names heartbeats by their index; a single one has none. */
function withoutIndex(error: unknown): unknown {
  if (!(error instanceof AppError) || error.details.length === 0) return error;
  const details = error.details.map(({ path, message }) => ({
    path: path.replace(/^0\./, ""),
    message,
  }));
  return new AppError(error.code, error.message, { details, cause: error });
}
