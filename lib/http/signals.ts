/**
 * What a body of heartbeats says: one signal, or an array of them.
 *
 * @module
 */

import { parseAppId } from "../app.ts";
import type { Detail } from "../errors.ts";
import { objectOf } from "../fields.ts";
import { parseSignal, type Signal } from "../heartbeat.ts";
import type { WhyRefused } from "../refused.ts";
import { SignalError } from "./refusals.ts";

/** The most heartbeats in one request: one transaction of some 20 ms. */
export const HEARTBEATS_LIMIT = 1_000;

/** The most faults that one answer names. */
const DETAILS_LIMIT = 100;

/** @throws {SignalError} for what is wrong with it. */
export function oneSignal(body: unknown): Signal {
  const signal = parseSignal(body);
  if (!isRefused(signal)) return signal;
  throw invalid(signal, [{ reason: reasonFor(signal), appIds: namedBy(body) }]);
}

/** All of them. @throws {SignalError} for everything that is wrong with any. */
export function manySignals(body: readonly unknown[]): readonly Signal[] {
  if (body.length === 0 || body.length > HEARTBEATS_LIMIT) {
    const message = `Expected 1 to ${HEARTBEATS_LIMIT} heartbeats, not ${body.length}`;
    const appIds = body.slice(0, HEARTBEATS_LIMIT).flatMap(namedBy);
    throw invalid([{ path: "", message }], [{ reason: "wrong_array", appIds }]);
  }
  const signals: Signal[] = [];
  const details: Detail[] = [];
  for (const [index, value] of body.entries()) {
    const signal = parseSignal(value);
    if (!isRefused(signal)) signals.push(signal);
    else if (details.length < DETAILS_LIMIT) details.push(...signal.map(within(index)));
  }
  if (details.length > 0) throw invalid(details, refusedIn(body));
  return signals;
}

/** Of an array in which some are wrong all are refused, each for its own reason. */
function refusedIn(body: readonly unknown[]): readonly Refused[] {
  return body.map((value) => {
    const signal = parseSignal(value);
    const reason = isRefused(signal) ? reasonFor(signal) : "beside_wrong";
    return { reason, appIds: namedBy(value) };
  });
}

interface Refused {
  readonly reason: WhyRefused;
  readonly appIds: readonly string[];
}

function reasonFor(details: readonly Detail[]): WhyRefused {
  const paths = details.map(({ path }) => path);
  if (paths.includes("kind")) return "wrong_kind";
  return paths.includes("message") ? "wrong_message" : "wrong_app_id";
}

function namedBy(value: unknown): readonly string[] {
  const id = parseAppId(objectOf(value)?.app_id);
  return id === null ? [] : [id];
}

function within(index: number): (detail: Detail) => Detail {
  return ({ path, message }) => ({ path: path === "" ? `${index}` : `${index}.${path}`, message });
}

function isRefused(signal: Signal | readonly Detail[]): signal is readonly Detail[] {
  return Array.isArray(signal);
}

function invalid(details: readonly Detail[], refused: readonly Refused[]): SignalError {
  const what = details.length === 1 ? "heartbeat" : "heartbeats";
  const message = `Cannot store ${what}: ${details[0]?.message}`;
  return new SignalError("invalid", message, { details, refused });
}
