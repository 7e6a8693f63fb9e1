/**
 * What proxies say of a request in its headers.
 *
 *  X-Forwarded-For: 6.6.6.6, 203.0.113.5:51234         each appends whom it heard
 *  Forwarded: for=6.6.6.6, for="[2001:db8::7]:443";proto=https;host=alive.example.com   (RFC 7239)
 *  X-Real-IP: 203.0.113.5                              one alone, set anew by the proxy
 *
 * They are read from the right, for there stands what our own proxy wrote; what
 * stands left of that anyone can have written. So no quotation mark that
 * somebody leaves open on the left can swallow it.
 *
 * @module
 */

import { readAddress } from "./addresses.ts";

/** How much of a header is read, in items: chains of proxies are short. */
const ITEMS_LIMIT = 20;

/** How much of one item is read, in characters: an address, a scheme and a host name. */
const ITEM_LENGTH = 400;

/** One step of a request's way: what a proxy says of whoever it heard. */
export interface Step {
  /** Null where the proxy does not say, or in no way that we know. */
  readonly address: string | null;
  /** `https`, in small letters. */
  readonly scheme: string | null;
  /** What was asked for there, as in a `Host`. */
  readonly host: string | null;
}

/** A pair of an item: `for="[2001:db8::7]:443"`. */
const PAIR = /^\s*(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"\\]*))\s*$/;

/** The ways by which proxies tell of the sender that are there, each from the last step back. */
export function waysOf({ headers }: Request): readonly (readonly Step[])[] {
  const chain = headers.get("X-Forwarded-For");
  const forwarded = headers.get("Forwarded");
  const real = headers.get("X-Real-IP");
  return [
    ...(chain === null ? [] : [fromTheRight(chain).map(step)]),
    ...(forwarded === null ? [] : [fromTheRight(forwarded).map(element)]),
    ...(real === null ? [] : [[step(real)]]),
  ];
}

/** Whether there is any. */
export function isForwarded({ headers }: Request): boolean {
  return headers.has("X-Forwarded-For") || headers.has("Forwarded") || headers.has("X-Real-IP");
}

/** The scheme that the last proxy names, or null. */
export function schemeOf({ headers }: Request): string | null {
  const [said] = fromTheRight(headers.get("X-Forwarded-Proto") ?? "");
  return said?.toLowerCase() || null;
}

/** The hosts that proxies were asked for. */
export function hostsOf({ headers }: Request): readonly string[] {
  const elements = fromTheRight(headers.get("Forwarded") ?? "").map(element);
  return [
    ...fromTheRight(headers.get("X-Forwarded-Host") ?? ""),
    ...elements.flatMap(({ host }) => host === null ? [] : [host]),
  ].filter((host) => host !== "");
}

/** The last items of a list, the very last one first. What is too long for one is as if it were empty. */
function fromTheRight(list: string): readonly string[] {
  const items: string[] = [];
  for (let end = list.length; end >= 0 && items.length < ITEMS_LIMIT;) {
    const comma = end === 0 ? -1 : list.lastIndexOf(",", end - 1);
    const item = end - comma > ITEM_LENGTH ? "" : list.slice(comma + 1, end);
    items.push(item.trim());
    end = comma;
  }
  return items;
}

function step(item: string): Step {
  return { address: readAddress(item), scheme: null, host: null };
}

/** An element of `Forwarded`; one that is not written as it should be says nothing. */
function element(item: string): Step {
  const said = new Map<string, string>();
  for (const part of item.split(";")) {
    const [whole, name = "", quoted, plain] = PAIR.exec(part) ?? [];
    if (whole === undefined || said.has(name.toLowerCase())) return NOTHING;
    said.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, "$1") ?? plain ?? "");
  }
  return {
    address: readAddress(said.get("for") ?? ""),
    scheme: said.get("proto")?.toLowerCase() ?? null,
    host: said.get("host") ?? null,
  };
}

const NOTHING: Step = { address: null, scheme: null, host: null };
