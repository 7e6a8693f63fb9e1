/**
 * How a command talks to the service that owns the database.
 *
 * @module
 */

import { AppError, type Detail, type ErrorCode } from "../errors.ts";
import { excerpt } from "../printable.ts";

/** How long the service may take, in milliseconds: a million apps that fall at once take it some of that. */
const PATIENCE = 330_000;

/** The most faults of one answer that are told: as many as the service names. */
const DETAILS_LIMIT = 100;

/** How much of a sentence of the service is told, in code points: all of what it writes. */
const SENTENCE_LENGTH = 1_000;

/** What an answer's status means for whoever asked; another is none of stillalive's. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  400: "invalid",
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  408: "timeout",
  412: "stale",
  413: "too_large",
  429: "too_many",
  503: "unavailable",
};

/** The service, to be asked. */
export interface Owner {
  /**
   * Asks, and resolves with the parsed answer, or null for none.
   *
   * @throws {AppError} `unavailable` if it cannot be reached or is another
   * program; else what it says is wrong, in its own words.
   */
  ask(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<unknown>;
}

/** @param pass makes a token that opens the service once. */
export function ownerAt(url: string, pass: () => string): Owner {
  return {
    async ask(method, path, body, headers = {}) {
      const { isOk, status, text } = await send(url, {
        method,
        path,
        body,
        headers: { ...headers, Authorization: `Bearer ${pass()}` },
      });
      if (isOk && text === "") return null;
      const answer = parsed(text);
      if (isOk && answer !== null) return answer;
      throw refusal(status, answer) ?? stranger(url, status);
    },
  };
}

/** An answer, read whole. */
interface Answer {
  readonly isOk: boolean;
  readonly status: number;
  readonly text: string;
}

async function send(
  url: string,
  { method, path, body, headers }: {
    readonly method: string;
    readonly path: string;
    readonly body: unknown;
    readonly headers: Readonly<Record<string, string>>;
  },
): Promise<Answer> {
  // Straight there: a proxy of the environment does not reach this machine, and must not see the pass.
  const { hostname, port } = new URL(url);
  const address = { hostname: hostname.replace(/^\[|\]$/g, ""), port: Number(port) };
  using client = Deno.createHttpClient({ proxy: { transport: "tcp", ...address } });
  try {
    const response = await fetch(`${url}${path}`, {
      client,
      method,
      headers,
      signal: AbortSignal.timeout(PATIENCE),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { isOk: response.ok, status: response.status, text: await response.text() };
  } catch (cause) {
    const why = "it does not answer; if it is not running, start stillalive";
    throw new AppError("unavailable", `Cannot ask the service at "${url}": ${why}`, { cause });
  }
}

function parsed(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    // What is no JSON is none of stillalive's: told by its status.
    return null;
  }
}

/** What the service says is wrong, or null if these are not its words. */
function refusal(status: number, answer: object | null): AppError | null {
  const { detail, errors } = (answer ?? {}) as Readonly<Record<string, unknown>>;
  const code = CODES[status];
  if (code === undefined || typeof detail !== "string") return null;
  const details = (Array.isArray(errors) ? errors : [])
    .slice(0, DETAILS_LIMIT)
    .flatMap(detailOf)
    // The sentence may be the first fault itself.
    .filter(({ message }) => !detail.includes(message));
  return new AppError(code, excerpt(detail, SENTENCE_LENGTH), { details });
}

function detailOf(each: unknown): readonly Detail[] {
  const { path, message } = (each ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof path !== "string" || typeof message !== "string") return [];
  return [{ path, message: excerpt(message, SENTENCE_LENGTH) }];
}

function stranger(url: string, status: number): AppError {
  const why = `it answered ${status} and no reason; look into its log, or start stillalive again`;
  return new AppError("unavailable", `Cannot ask the service at "${url}": ${why}`);
}
