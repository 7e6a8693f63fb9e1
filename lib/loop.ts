/**
 * The event loop.
 *
 * @module
 */

import { setImmediate } from "node:timers";

/**
 * Resolves once the event loop has looked at its sockets: what had come by
 * then has been read, and whoever waits behind a long piece of work was served.
 */
export function drained(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
