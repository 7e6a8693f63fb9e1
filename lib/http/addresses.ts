/**
 * Network addresses: in one form each, and which of them are trusted.
 *
 * @module
 */

import { BlockList, isIP } from "node:net";
import { lazily } from "../lazily.ts";

/** The longest that stands for one address, in characters: IPv6 with brackets, zone, port and quotes. */
const ITEM_LENGTH = 100;

/** How an IPv4 address looks from a socket that takes both kinds (RFC 4291 §2.5.5.2). */
const MAPPED = "::ffff:";

/** The bits before the IPv4 address in one of those. */
const MAPPED_BITS = 96;

/** An IPv4 address with a port, or with an obfuscated one (RFC 7239 §6). */
const WITH_PORT = /^([\d.]+):(?:\d{1,5}|_[\w.-]+)$/;

/** An IPv6 address in brackets, with a port or without. */
const IN_BRACKETS = /^\[([^\]]+)\](?::(?:\d{1,5}|_[\w.-]+))?$/;

/** How many addresses are remembered that were looked up: more than there are proxies and apps' machines. */
const FOUND_LIMIT = 1_000;

/** Where no machine of the wide internet is: what comes from there is near to us. */
const PRIVATE_BLOCKS = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "127.0.0.0/8",
  "169.254.0.0/16",
  // Between a provider and its customers; also what some tunnels and clusters take.
  "100.64.0.0/10",
  "::1",
  "fc00::/7",
  "fe80::/10",
];

/**
 * The address that a text stands for, as proxies write it: `203.0.113.5`,
 * `203.0.113.5:51234`, `[2001:db8::7]:443`, `fe80::1%eth0`. Null for what is
 * none (`unknown`, `_hidden`).
 */
export function readAddress(item: string): string | null {
  if (item.length > ITEM_LENGTH) return null;
  const text = item.trim();
  const inside = IN_BRACKETS.exec(text)?.[1];
  if (inside !== undefined) return inside.includes(":") ? plainAddress(inside) : null;
  return plainAddress(WITH_PORT.exec(text)?.[1] ?? text);
}

/**
 * A peer's address, as the system says it. It is on the way of every
 * heartbeat, and the system writes all but one kind in one form.
 */
export function peerAddress(peer: string): string {
  return peer.startsWith(MAPPED) ? plainAddress(peer) ?? peer : peer;
}

/** Addresses and CIDR blocks, to be looked up in. */
export class AddressBook {
  readonly #isEmpty: boolean;
  readonly #blocks: () => BlockList;
  /** What was found: to look one up takes 5 µs, and each heartbeat asks. */
  readonly #found = new Map<string, boolean>();

  constructor(entries: readonly string[]) {
    this.#isEmpty = entries.length === 0;
    this.#blocks = lazily(() => {
      const blocks = new BlockList();
      for (const entry of entries) add(blocks, entry);
      return blocks;
    });
  }

  /** Whether an address, in its one form, is among them. */
  has(address: string): boolean {
    if (this.#isEmpty) return false;
    const known = this.#found.get(address);
    if (known !== undefined) return known;
    const version = isIP(address);
    const found = version !== 0 &&
      this.#blocks().check(address, version === 6 ? "ipv6" : "ipv4");
    if (this.#found.size >= FOUND_LIMIT) this.#found.clear();
    this.#found.set(address, found);
    return found;
  }
}

function add(blocks: BlockList, entry: string): void {
  const [text = "", given] = entry.split("/");
  const address = plainAddress(text) ?? text;
  const isFour = isIP(address) === 4;
  const bits = given === undefined ? null : Number(given);
  if (bits === null) blocks.addAddress(address, isFour ? "ipv4" : "ipv6");
  else if (!isFour) blocks.addSubnet(address, bits, "ipv6");
  // A block of mapped ones is one of IPv4.
  else blocks.addSubnet(address, isIP(text) === 6 ? bits - MAPPED_BITS : bits, "ipv4");
}

/** What is near to us: this machine, its network, a container's. */
export const PRIVATE: AddressBook = new AddressBook(PRIVATE_BLOCKS);

/** An address in its one form: without a zone, and IPv4 as such also where it comes as IPv6. */
function plainAddress(text: string): string | null {
  const bare = text.split("%")[0] ?? "";
  const version = isIP(bare);
  if (version !== 6) return version === 4 && bare === text ? text : null;
  // As WHATWG's URL writes it: in small letters, the longest run of zeros left out.
  const address = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address) ?? [];
  if (high === undefined || low === undefined) return address;
  const [one, other] = [parseInt(high, 16), parseInt(low, 16)];
  return [one >> 8, one & 255, other >> 8, other & 255].join(".");
}
