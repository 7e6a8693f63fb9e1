/**
 * The door as a port of this machine: `Deno.serve`, and what it takes to keep
 * it open.
 *
 * It cannot end single connections, but all of them at once, with the listener
 * itself. So another listener begins beside it, on the same port, before it
 * ends: nobody is refused meanwhile.
 *
 * @module
 */

import { type Clock, type Duration, SECOND } from "./lib/clock.ts";
import type { Opening, Sight, Thrift } from "./lib/door.ts";
import type { Parting } from "./lib/doorkeeper.ts";
import { AppError } from "./lib/errors.ts";
import { drained } from "./lib/loop.ts";
import { Descriptors } from "./descriptors.ts";
import type { Gate, GateParts } from "./engine.ts";
import { Knock, near } from "./knock.ts";

/** How many servers that were found shut are kept, with their connections. */
const KEPT = 8;

/** How long we wait for a moment in which nobody is being answered. */
const QUIET_PATIENCE: Duration = 2 * SECOND;

/** The same while room is dire: of 200 requests a second it takes some milliseconds. */
const URGENT_PATIENCE: Duration = SECOND / 4;

/** Turns of the loop after the last answer until it has left for the network, and nobody new came. */
const QUIET_TURNS = 3;

/** How often a port is tried again that is not free yet, a turn of the loop apart. */
const TRIES = 50;

/** Where to listen. */
interface Place {
  readonly host: string;
  readonly port: number;
}

/** A server, and what ends all of its connections at once. */
interface Opened {
  readonly server: Deno.HttpServer<Deno.NetAddr>;
  readonly ending: AbortController;
}

/**
 * Opens the door.
 *
 * @throws {AppError} `unusable` where nobody may listen, or another program does.
 */
export function openListener({ host, port }: Place, parts: GateParts): Listener {
  try {
    // One that allows others beside it would be let in beside another program's.
    if (port !== 0) Deno.listen({ hostname: host, port }).close();
    return new Listener({ host, port }, parts);
  } catch (error) {
    const why = error instanceof Deno.errors.AddrInUse
      ? "another program listens there; stop that one, or choose another PORT"
      : (error as Error).message;
    throw new AppError("unusable", `Cannot listen on "${host}:${port}": ${why}`, { cause: error });
  }
}

/** See the module. */
export class Listener implements Gate {
  /** Where it can be reached from this machine. */
  readonly url: string;
  readonly #parts: GateParts;
  readonly #clock: Clock;
  readonly #knock: Knock;
  readonly #descriptors = new Descriptors();
  readonly #address: Deno.NetAddr;
  #opened: Opened;
  /** What was found shut, with the connections that it has. */
  readonly #kept = new Set<Opened>();
  /** What no longer listens, and answers to the end whom it has let in. */
  readonly #leaving = new Set<Promise<void>>();
  #thrift: Thrift = "nothing";
  /** Deno has told that it does not listen any more. */
  #isShut = false;
  #isClosing = false;

  constructor(place: Place, parts: GateParts) {
    this.#parts = parts;
    this.#clock = parts.clock;
    this.#knock = new Knock(parts.clock);
    this.#opened = this.#serve(place.host, place.port);
    this.#address = this.#opened.server.addr;
    const host = near(this.#address.hostname);
    this.url = `http://${host.includes(":") ? `[${host}]` : host}:${this.#address.port}`;
  }

  measure(most: number): number {
    return this.#descriptors.measure(most);
  }

  async look(room: number): Promise<Sight> {
    const found = this.#descriptors.look(room);
    const passage = this.#isShut
      ? { kind: "shut", reason: "it does not listen any more" } as const
      : await this.#knock.at(this.#address);
    return { passage, room: found };
  }

  spare(thrift: Thrift): void {
    this.#thrift = thrift;
  }

  async letGo(isUrgent: boolean): Promise<Parting> {
    if (!isUrgent && !(await this.#isQuiet("nobody", QUIET_PATIENCE))) return "nobody left";
    const before = [...this.#kept, this.#opened];
    try {
      this.#listen();
    } catch {
      // Not every system has two listen beside each other; and there may be no descriptor for it.
      await this.open("clear");
      return "some cut off";
    }
    // Once more, for whoever came since may be on either side. What is on its way to the old one
    // at the very end is lost: one connection in 3,000, where 200 come a second and one let go each.
    const isQuiet = await this.#isQuiet("nobody", isUrgent ? URGENT_PATIENCE : QUIET_PATIENCE);
    if (!isQuiet && !isUrgent && before.length <= KEPT) {
      // Both go on to listen: nobody is cut off, and the next try may find a quiet moment.
      for (const each of before) this.#kept.add(each);
      return "nobody left";
    }
    // Who stops listening cannot be ended later, and a body that does not come would hold its
    // descriptor for as long as its client likes (tried on 2.6.8 and 2.9.6).
    const isWaited = !isQuiet && await this.#isQuiet("senders", QUIET_PATIENCE);
    for (const each of before) {
      if (isQuiet || isWaited) each.ending.abort();
      else this.#leave(each);
    }
    this.#kept.clear();
    return isWaited ? "some cut off" : "all left";
  }

  async open(how: Opening["kind"]): Promise<void> {
    if (how === "reopen" && this.#kept.size < KEPT) this.#kept.add(this.#opened);
    else this.#opened.ending.abort();
    if (how === "clear") {
      for (const { ending } of this.#kept) ending.abort();
      this.#kept.clear();
    }
    for (let left = TRIES; left > 0 && !this.#isClosing; left--) {
      await drained();
      try {
        return this.#listen();
      } catch {
        // Told by the next look, which finds it shut.
      }
    }
  }

  async close(): Promise<void> {
    const left = this.#isClosing ? [] : [...this.#kept, this.#opened];
    this.#isClosing = true;
    this.#descriptors[Symbol.dispose]();
    for (const each of left) this.#leave(each);
    await Promise.all(this.#leaving);
  }

  #listen(): void {
    this.#opened = this.#serve(this.#address.hostname, this.#address.port);
    this.#isShut = false;
  }

  #serve(hostname: string, port: number): Opened {
    const ending = new AbortController();
    // Compressed, pages are a tenth of their size; what is as small as the answer to a heartbeat
    // is left as it is. Deno 2.6 compresses unasked, 2.9 does not.
    const options = { hostname, port, automaticCompression: true, onListen: () => {} };
    const server = Deno.serve(
      { ...options, reusePort: true, signal: ending.signal },
      (request, { remoteAddr }) => {
        if (this.#knock.isFrom(remoteAddr)) return this.#knock.answer();
        const { hostname, port } = remoteAddr;
        this.#parts.arrivals.met(hostname, port);
        const answer = this.#parts.handle(request, hostname);
        return this.#thrift === "nothing" ? answer : this.#short(answer);
      },
    );
    const opened = { server, ending };
    // Out of descriptors, Deno 2.9 tells at once that it has ended; 2.6 never does.
    server.finished.catch(() => this.#shut(opened));
    return opened;
  }

  #shut(opened: Opened): void {
    if (opened !== this.#opened || this.#isClosing || opened.ending.signal.aborted) return;
    this.#isShut = true;
    this.#parts.onShut();
  }

  /** Has it stop listening, and answer to the end whom it has let in. */
  #leave({ server }: Opened): void {
    // One that stopped by itself says so once more.
    const leaving = server.shutdown().catch(() => {}).finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }

  /**
   * Waits for a moment in which nobody is being answered, or only those who have
   * not sent all of their body; false if there is none.
   */
  async #isQuiet(but: "nobody" | "senders", patience: Duration): Promise<boolean> {
    const { traffic } = this.#parts;
    const until = this.#clock.elapsed() + patience;
    for (let turns = 0; turns < QUIET_TURNS;) {
      if (this.#clock.elapsed() >= until) return false;
      await drained();
      const left = traffic.underWay - (but === "senders" ? traffic.awaited() : 0);
      turns = left <= 0 ? turns + 1 : 0;
    }
    return true;
  }

  /** An answer after which its connection ends. */
  async #short(answer: Response | Promise<Response>): Promise<Response> {
    const response = await answer;
    if (response.headers.get("Content-Type") !== "text/event-stream") {
      response.headers.set("Connection", "close");
      return response;
    }
    if (this.#thrift !== "streams") return response;
    await response.body?.cancel();
    return new Response(null, { status: 503, headers: { "Retry-After": "5" } });
  }
}
