/**
 * Knocking at our own door, as a client does: only what gets that far tells
 * that clients do.
 *
 * @module
 */

import { type Clock, type Duration, SECOND, within } from "./lib/clock.ts";
import type { Passage } from "./lib/door.ts";
import { drained, TURNS_OF_A_QUEUE } from "./lib/loop.ts";
import { isOutOfDescriptors } from "./descriptors.ts";

/** How soon we must be let in. */
const PATIENCE: Duration = 2 * SECOND;

/** Whoever ends a connection first has to remember it for a minute: that is to be the server. */
const REQUEST = new TextEncoder().encode(
  "GET / HTTP/1.1\r\nHost: stillalive\r\nConnection: close\r\n\r\n",
);

/** A connection of our own that is to be let in. */
interface Ours {
  readonly address: Deno.NetAddr;
  readonly letIn: () => void;
}

/** Knocks, one time after the other. */
export class Knock {
  readonly #clock: Clock;
  #ours: Ours | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether a request that came from there is ours. Asked for each: next to nothing for nearly all. */
  isFrom({ hostname, port }: Deno.NetAddr): boolean {
    if (this.#ours === null) return false;
    const { address } = this.#ours;
    return port === address.port && hostname === address.hostname;
  }

  /** Answers it. */
  answer(): Response {
    this.#ours?.letIn();
    return new Response(null, { status: 204 });
  }

  /** Knocks, and tells what came of it. */
  async at(address: Deno.NetAddr): Promise<Passage> {
    const giveUp = Promise.withResolvers<null>();
    let isKnown = false;
    const coming = this.#knock(address, giveUp.promise).finally(() => isKnown = true);
    const passage = await within(this.#clock, PATIENCE, coming);
    if (passage !== null) return passage;
    // A loop that stood still finds the time over before it finds who has come in, us last of all.
    for (let turn = 0; turn < TURNS_OF_A_QUEUE && !isKnown; turn++) await drained();
    giveUp.resolve(null);
    const reason = `not let in for ${PATIENCE / SECOND} s`;
    return await Promise.race([coming, giveUp.promise]) ?? { kind: "unanswered", reason };
  }

  /** Null if that was given up first. */
  async #knock({ hostname, port }: Deno.NetAddr, givenUp: Promise<null>): Promise<Passage | null> {
    try {
      using connection = await Deno.connect({ hostname: near(hostname), port });
      const { promise: letIn, resolve } = Promise.withResolvers<Passage>();
      this.#ours = { address: connection.localAddr, letIn: () => resolve({ kind: "open" }) };
      await connection.write(REQUEST);
      return await Promise.race([letIn, strangerAt(connection), givenUp]);
    } catch (error) {
      const isCertain = error instanceof Deno.errors.ConnectionRefused || isOutOfDescriptors(error);
      return { kind: isCertain ? "shut" : "unanswered", reason: (error as Error).message };
    } finally {
      this.#ours = null;
    }
  }
}

/** How an address that is listened on is reached from this machine. */
export function near(hostname: string): string {
  if (hostname === "0.0.0.0") return "127.0.0.1";
  return hostname === "::" ? "::1" : hostname;
}

/** Resolves if somebody else is there, who answers or hangs up before we were let in. */
function strangerAt(connection: Deno.TcpConn): Promise<Passage> {
  const heard = connection.read(new Uint8Array(1));
  const stranger = heard.then((): Passage => {
    return { kind: "shut", reason: "another program listens there" };
  });
  // It is closed when the race is over.
  stranger.catch(() => {});
  return stranger;
}
