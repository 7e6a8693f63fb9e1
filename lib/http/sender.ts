/**
 * Who sent a request.
 *
 * A header that a proxy does not write comes through from the client as it is.
 * So one is believed of a trusted proxy alone, and only what that proxy wrote
 * itself; `X-Forwarded-For` before `Forwarded` before `X-Real-IP`, for nearly
 * all proxies write the first. Where a second one names somebody else, one of
 * the two was made up, and nobody can tell which: then the proxy is all that is
 * known.
 *
 * @module
 */

import { storable } from "../message.ts";
import { AddressBook, peerAddress, PRIVATE } from "./addresses.ts";
import { hostsOf, isForwarded, schemeOf, type Step, waysOf } from "./forwarded.ts";

/** How much of a `User-Agent` is kept, in characters. */
const USER_AGENT_LENGTH = 200;

/** One in so many heartbeats is looked at for a proxy that nobody told us of: each would cost them. */
const LOOK_AT_ONE_IN = 64;

/** Finds out a request's sender. */
export interface SenderReader {
  /** The sender's address: the peer's, or what proxies that are trusted say of it. */
  address(request: Request, peer: string): string;
  /** Whether it came by https, as far as proxies that are trusted say. */
  isSecure(request: Request, peer: string): boolean;
  /** The hosts by which it may have been asked for: its own, and what proxies that are trusted say. */
  hosts(request: Request, peer: string): readonly string[];
  /** Looks whether it came by a proxy that nobody told us of. */
  look(request: Request, peer: string): void;
  /** Such a proxy's address, if there was one. */
  readonly strangeProxy: string | null;
}

/** What a reader is made of. */
export interface SenderOptions {
  /** IP addresses and CIDR blocks whose headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Told once, with the address of a proxy nearby that is not among them. */
  readonly onStrangeProxy?: (address: string) => void;
}

/** A reader that believes these proxies. */
export function senderReader(
  { trustedProxies, onStrangeProxy = () => {} }: SenderOptions,
): SenderReader {
  const trusted = new AddressBook(trustedProxies);
  let strangeProxy: string | null = null;
  let asked = 0;

  function look(request: Request, peer: string): void {
    if (strangeProxy !== null || !isForwarded(request)) return;
    const address = peerAddress(peer);
    // Who is far away can write what it likes.
    if (trusted.has(address) || !PRIVATE.has(address)) return;
    strangeProxy = address;
    onStrangeProxy(address);
  }

  return {
    address(request, peer) {
      const address = peerAddress(peer);
      if (trusted.has(address)) return senderBehind(address, request, trusted)?.address ?? address;
      if (strangeProxy === null && asked++ % LOOK_AT_ONE_IN === 0) look(request, peer);
      return address;
    },

    isSecure(request, peer) {
      const address = peerAddress(peer);
      if (!trusted.has(address)) return false;
      // Of several proxies the last one wrote the last word, and that one is trusted.
      const scheme = schemeOf(request) ?? senderBehind(address, request, trusted)?.scheme;
      return scheme === "https";
    },

    hosts(request, peer) {
      const own = request.headers.get("Host");
      const told = trusted.has(peerAddress(peer)) ? hostsOf(request) : [];
      return own === null ? told : [own, ...told];
    },

    look,

    get strangeProxy() {
      return strangeProxy;
    },
  };
}

/** What is known of whoever is behind a trusted proxy; null if nothing is. */
function senderBehind(proxy: string, request: Request, trusted: AddressBook): Step | null {
  const [first, ...others] = waysOf(request).map((way) => farthest(way, trusted));
  if (first === undefined) return null;
  const isClear = others.every((other) =>
    other === null || other.address === first?.address || trusted.has(other.address ?? proxy)
  );
  return isClear ? first : null;
}

/** The step that names the sender: the first one from the right that names no proxy of ours. */
function farthest(way: readonly Step[], trusted: AddressBook): Step | null {
  let sender: Step | null = null;
  for (const step of way) {
    if (step.address === null) break;
    sender = step;
    if (!trusted.has(step.address)) break;
  }
  return sender;
}

/** The program that sent a request, by its own word. */
export function userAgent(request: Request): string | null {
  const said = request.headers.get("User-Agent");
  return said === null ? null : storable(said.slice(0, USER_AGENT_LENGTH));
}
