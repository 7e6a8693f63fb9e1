/**
 * The watchdog: another monitor's address, asked while all is well, so that it
 * tells when this one dies.
 *
 * @module
 */

import { type Duration, SECOND } from "../clock.ts";

/**
 * How long it may take to answer: a name server that is dead alone takes 10 s,
 * and it is asked again within a minute. Whoever is given up too early is told
 * nothing, and takes us for dead.
 */
const PATIENCE: Duration = 30 * SECOND;

/** Asks; returns null when it answered that it heard us, else what happened instead. */
export async function askWatchdog(url: string, signal: AbortSignal): Promise<string | null> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]),
      redirect: "follow",
    });
    // Read, or the connection is kept for a body that nobody wants.
    await response.body?.cancel();
    return response.ok ? null : `answered ${response.status}`;
  } catch (error) {
    return reasonOf(error, url);
  }
}

/** What happened, without the address or one it led to: whoever knows that can pass for us. */
function reasonOf(error: unknown, url: string): string {
  const { cause = error } = error instanceof Error ? error : {};
  const reason = cause instanceof Error ? cause.message : String(cause);
  return reason.replaceAll(url, "…").replaceAll(/https?:\/\/[^\s)]*/g, "…");
}
