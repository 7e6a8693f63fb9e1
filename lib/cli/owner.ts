/**
 * How a command talks to the service that owns the database.
 *
 * @module
 */

import { AppError } from "../errors.ts";

/** How long the service may take: as long as a mail server may, in milliseconds. */
const PATIENCE = 330_000;

/** The service, to be asked. */
export interface Owner {
  /**
   * Asks, and resolves with the parsed answer, or null for none.
   *
   * @throws {AppError} `unavailable` if it cannot be reached, `not_found` for
   * what it does not know, `invalid` for any other refusal, in its own words.
   */
  ask(method: string, path: string, body?: unknown): Promise<unknown>;
}

/** @param pass makes a token that opens the service once. */
export function ownerAt(url: string, pass: () => string): Owner {
  return {
    async ask(method, path, body) {
      const response = await send(url, { method, path, body, token: pass() });
      const text = await response.text();
      if (response.ok) return text === "" ? null : JSON.parse(text);
      throw refusal(response.status, text, url);
    },
  };
}

async function send(
  url: string,
  { method, path, body, token }: {
    readonly method: string;
    readonly path: string;
    readonly body: unknown;
    readonly token: string;
  },
): Promise<Response> {
  try {
    return await fetch(`${url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(PATIENCE),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    throw new AppError("unavailable", `Cannot reach the stillalive at ${url}`, { cause });
  }
}

/** What the service says is wrong, in its own words if it has some. */
function refusal(status: number, text: string, url: string): AppError {
  const code = status === 404 ? "not_found" : "invalid";
  try {
    const { detail } = JSON.parse(text);
    if (typeof detail === "string") return new AppError(code, detail);
  } catch {
    // No problem+json: some other program listens there.
  }
  return new AppError("unavailable", `The stillalive at ${url} answered ${status}`);
}
