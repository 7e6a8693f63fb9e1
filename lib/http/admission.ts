/**
 * Answers to apps that are unknown and may not register themselves.
 *
 * @module
 */

import type { Detail, ErrorCode } from "../errors.ts";
import type { NotAdmitted, Recorded } from "../store.ts";
import { type Refused, SignalError } from "./refusals.ts";

/** What it is in general. */
const CODES: Readonly<Record<NotAdmitted["why"], ErrorCode>> = {
  unknown_app: "not_found",
  too_many_apps: "too_many",
};

/** Whether a heartbeat was not stored for that. */
export function isStranger(recorded: Recorded): recorded is NotAdmitted {
  return "why" in recorded;
}

/** What is said of each that was not, by its place; without one where there was no array. */
export function strangerDetails(
  recorded: readonly Recorded[],
  firstPlace: 0 | null,
): readonly Detail[] {
  return recorded.flatMap((each, index) => {
    const path = firstPlace === null ? "app_id" : `${firstPlace + index}.app_id`;
    return isStranger(each) ? [{ path, message: each.message }] : [];
  });
}

/** Why they were refused, for the log. */
export function refusedStrangers(strangers: readonly NotAdmitted[]): readonly Refused[] {
  return strangers.slice(0, 1).map(({ why }) => ({ reason: why, appIds: [] }));
}

/** The answer where nothing was stored. */
export function notAdmitted(
  strangers: readonly NotAdmitted[],
  details: readonly Detail[],
): SignalError {
  const [first] = strangers;
  const code = first === undefined ? "not_found" : CODES[first.why];
  const message = `Cannot store heartbeat: ${first?.message ?? "unknown app"}`;
  return new SignalError(code, message, { details, refused: refusedStrangers(strangers) });
}
