/**
 * The event loop.
 *
 * @module
 */

/**
 * How many turns of the loop a request may take from its socket to its answer:
 * accepted, read, parsed, stored with its group, written.
 */
const TURNS = 5;

/**
 * How many turns it takes at most until all are served who may have been waiting
 * when the loop stood still: the kernel keeps 511 connections, of which Deno 2.6
 * accepts ten a turn (tried; 2.9 accepts 128).
 */
export const TURNS_OF_A_QUEUE = 60;

/**
 * Resolves once the event loop has looked at its sockets: what had come by
 * then has been read.
 *
 * By a timer, for on Deno 2.6 one `setImmediate` after the other leaves the
 * sockets unread.
 */
export function drained(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Resolves once whoever waits behind a long piece of work was served. */
export async function served(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await drained();
}
