/**
 * The way to a mail server: the address of its that answers a call.
 *
 * Not left to the system's own choice among several addresses: where one of
 * them is dead, TLS on the next never begins (Deno 2.6). Nor to nodemailer,
 * which asks name servers of its own: names that only this machine knows, like
 * `localhost`, take it a time-out.
 *
 * @module
 */

import dns from "node:dns";
import net from "node:net";
import tls from "node:tls";
import type { SmtpConfig } from "../config.ts";
import type { Limits } from "./limits.ts";
import { type Break, step } from "./step.ts";
import { trust } from "./trust.ts";

/** The most addresses that are called in one try: a name server that knows more turns their order. */
const MOST_ADDRESSES = 8;

/** A connection that was made, with TLS where it comes first, or what kept it from being made. */
export type Reached = { readonly kind: "reached"; readonly socket: net.Socket } | Break;

/** What is needed to reach a server. */
export interface Way {
  readonly config: SmtpConfig;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/** Calls a server by its name. */
export async function reach(way: Way): Promise<Reached> {
  const addresses: string[] = [];
  const limit = way.limits.lookUp;
  const wait = { state: "no answer from a name server", limit, hint: "unknown host" } as const;
  const broken = await step(wait, way.signal, ({ done }) => {
    dns.lookup(way.config.host, { all: true }, (error, found) => {
      if (error === null) addresses.push(...found.map(({ address }) => address));
      done(error);
    });
  });
  return broken ?? await reachOneOf(addresses.slice(0, MOST_ADDRESSES), way);
}

/**
 * Calls addresses one after the other until one answers. What is told, if none
 * does, is of the first: the system puts those first that it has a route to.
 */
export async function reachOneOf(addresses: readonly string[], way: Way): Promise<Reached> {
  let first: Break | null = null;
  for (const [index, address] of addresses.entries()) {
    const isLast = index === addresses.length - 1;
    const reached = await call(address, { way, isLast });
    if (reached.kind === "reached") return await secured(reached.socket, way);
    if (reached.kind === "abort") return reached;
    first ??= reached;
  }
  return first ?? { kind: "error", error: new Error("its name stands for no address") };
}

async function call(
  address: string,
  { way: { config, limits, signal }, isLast }: { readonly way: Way; readonly isLast: boolean },
): Promise<Reached> {
  const { host, port, security, authorities } = config;
  const place = { host: address, port };
  const servername = net.isIP(host) === 0 ? { servername: host } : {};
  const socket = security === "tls"
    ? tls.connect({ ...place, ...servername, ...trust(authorities) })
    : net.connect(place);
  // One that fails when nobody waits for it any more must not bring us down.
  socket.on("error", () => {});
  const limit = isLast ? limits.lastCall : limits.call;
  const wait = { state: "no answer", limit, hint: "unreachable" } as const;
  const broken = await step(wait, signal, ({ done, watch }) => {
    watch(socket, "close");
    socket.once("connect", () => done());
  });
  if (broken === null) return { kind: "reached", socket };
  socket.destroy();
  return broken;
}

/** A server whose system has answered may be slow itself: TLS begins when it takes the call. */
async function secured(socket: net.Socket, { config, limits, signal }: Way): Promise<Reached> {
  if (config.security !== "tls") return { kind: "reached", socket };
  const wait = { state: "no TLS", limit: limits.greeting, hint: null };
  const broken = await step(wait, signal, ({ done, watch }) => {
    watch(socket, "close");
    socket.once("secureConnect", () => done());
  });
  if (broken === null) return { kind: "reached", socket };
  socket.destroy();
  return broken;
}
