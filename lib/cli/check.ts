/**
 * The `check` command, through the owner of the database.
 *
 * @module
 */

import { AppError } from "../errors.ts";

/** What a check came to. */
export interface Checked {
  /** Apps that were found silent. */
  readonly down: number;
  /** Letters that a server took. */
  readonly sent: number;
  /** Letters that were tried and not taken. */
  readonly waiting: number;
}

/** How long the owner may take: as long as a mail server may, in milliseconds. */
const PATIENCE = 150_000;

/**
 * Has the owner at `url` look and deliver now.
 *
 * @throws {AppError} `unavailable` if it does not do so.
 */
export async function checkThroughOwner(url: string, token: string): Promise<Checked> {
  let response: Response;
  try {
    response = await fetch(`${url}/api/check`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch (cause) {
    throw new AppError("unavailable", `Cannot reach the stillalive at ${url}`, { cause });
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw new AppError("unavailable", `The stillalive at ${url} answered ${response.status}`);
  }
  return await response.json();
}

/** What a check came to, in a sentence. */
export function checkedText({ down, sent, waiting }: Checked): string {
  const letters = waiting === 0
    ? `${sent} sent`
    : `${sent} sent, ${waiting} not taken, see the log`;
  return `Checked: ${down} newly down; letters: ${letters}`;
}
