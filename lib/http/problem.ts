/**
 * Errors as `application/problem+json` (RFC 9457).
 *
 * @module
 */

import { type Duration, SECOND } from "../clock.ts";
import type { AppError, Detail, ErrorCode } from "../errors.ts";

/** When to try again what could not be stored, in seconds: a full disk is not emptied sooner. */
const RETRY_AFTER_SECONDS = 5;

/** What a code is called in HTTP. */
const RESPONSES: Readonly<Record<ErrorCode, { readonly status: number; readonly title: string }>> =
  {
    invalid: { status: 400, title: "Bad request" },
    unauthorized: { status: 401, title: "Unauthorized" },
    wrong_token: { status: 401, title: "Unauthorized" },
    forbidden: { status: 403, title: "Forbidden" },
    not_found: { status: 404, title: "Not found" },
    stale: { status: 412, title: "Precondition failed" },
    timeout: { status: 408, title: "Request timeout" },
    too_large: { status: 413, title: "Content too large" },
    too_many: { status: 429, title: "Too many" },
    unavailable: { status: 503, title: "Service unavailable" },
    unusable: { status: 500, title: "Internal error" },
  };

/** The members of an answer, beside `type`. */
interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail?: string;
  readonly errors: readonly Detail[];
}

/** The answer to a caller's fault. */
export function problem(error: AppError): Response {
  const { status, title } = RESPONSES[error.code];
  const headers = new Headers();
  if (status === 401) headers.set("WWW-Authenticate", "Bearer");
  if (error.code === "unavailable") headers.set("Retry-After", String(RETRY_AFTER_SECONDS));
  return respond({ status, title, detail: error.message, errors: error.details }, headers);
}

/**
 * The answer to a wrong token of who has sent many.
 *
 * @param wait none is named to a heartbeat: a job that waits for so long does nothing else meanwhile.
 */
export function tooManyGuesses(error: AppError, wait: Duration | null): Response {
  const headers = new Headers();
  if (wait !== null) headers.set("Retry-After", String(Math.ceil(wait / SECOND)));
  const detail = `${error.message}. Too many wrong ones have come from your address`;
  return respond({ status: 429, title: "Too many", detail, errors: [] }, headers);
}

/**
 * The answer to an array of which a part was taken: the rest never will be, so
 * that nothing asks for it to be sent again.
 */
export function partlyTaken(
  taken: { readonly accepted: number },
  details: readonly Detail[],
): Response {
  const all = taken.accepted + details.length;
  const detail = `Cannot store ${details.length} of ${all} heartbeats: ${details[0]?.message}`;
  const problem = { status: 422, title: "Unprocessable content", detail, errors: details };
  return respond({ ...problem, ...taken }, new Headers());
}

/** The answer to a fault of our own: what it was stands in the log. */
export function internalError(): Response {
  return respond({ status: 500, title: "Internal error", errors: [] }, new Headers());
}

/** The answer to a method that a route does not have. */
export function methodNotAllowed(method: string, allowed: readonly string[]): Response {
  const allow = allowed.join(", ");
  const detail = `Cannot ${method} this: it takes ${allow}`;
  const body = { status: 405, title: "Method not allowed", detail, errors: [] };
  return respond(body, new Headers({ Allow: allow }));
}

function respond(body: Problem, headers: Headers): Response {
  headers.set("Content-Type", "application/problem+json");
  return new Response(JSON.stringify({ type: "about:blank", ...body }), {
    status: body.status,
    headers,
  });
}
