/**
 * Who sent a request.
 *
 * @module
 */

import { BlockList, isIP } from "node:net";
import { storable } from "../message.ts";

/** How much of a `User-Agent` is kept, in characters. */
const USER_AGENT_LENGTH = 200;

/** How much of an `X-Forwarded-For` is read, in addresses: chains of proxies are short. */
const FORWARDED_LIMIT = 20;

/** Finds out a request's sender. */
export interface SenderReader {
  /** The sender's address: the peer's, or what proxies that are trusted say of it. */
  address(request: Request, peer: string): string;
  /** Whether it came by https, as far as proxies that are trusted say. */
  isSecure(request: Request, peer: string): boolean;
}

/** @param trustedProxies IP addresses and CIDR blocks whose `X-Forwarded-For` is believed. */
export function senderReader(trustedProxies: readonly string[]): SenderReader {
  const trusted = new BlockList();
  for (const proxy of trustedProxies) {
    const [address = "", bits] = proxy.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  const isTrusted = (address: string): boolean =>
    trustedProxies.length > 0 && isIP(address) !== 0 &&
    trusted.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");

  return {
    address(request, peer) {
      if (!isTrusted(peer)) return peer;
      // From the right: each proxy appends whom it heard; the first one that is no proxy of ours
      // is the sender. What stands left of it anyone can have written.
      const chain = (request.headers.get("X-Forwarded-For") ?? "").split(",").slice(
        -FORWARDED_LIMIT,
      );
      let sender = peer;
      for (const item of chain.reverse()) {
        const address = item.trim();
        if (isIP(address) === 0) break;
        sender = address;
        if (!isTrusted(address)) break;
      }
      return sender;
    },

    isSecure(request, peer) {
      // Of several proxies the last one wrote the last word, and that one is trusted.
      const said = request.headers.get("X-Forwarded-Proto")?.split(",").at(-1)?.trim();
      return isTrusted(peer) && said?.toLowerCase() === "https";
    },
  };
}

/** The program that sent a request, by its own word. */
export function userAgent(request: Request): string | null {
  const said = request.headers.get("User-Agent");
  return said === null ? null : storable(said.slice(0, USER_AGENT_LENGTH));
}
