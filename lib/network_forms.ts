/**
 * The forms of what settings name on the network: hosts, addresses, URLs.
 *
 * @module
 */

import { isIP } from "node:net";
import type { Form } from "./forms.ts";

/** The longest e-mail address, in characters (RFC 5321: a path of 256 with its brackets). */
const ADDRESS_LENGTH = 254;

/** The longest part of it before the `@`, in characters (RFC 5321). */
const LOCAL_PART_LENGTH = 64;

/** The longest host name, in characters (RFC 1035). */
const HOST_LENGTH = 253;

/** The longest URL, in characters: browsers and proxies take that much. */
const URL_LENGTH = 2_048;

/** Letters, digits and inner hyphens of any script; the underscore stands in names of container networks. */
const HOST_LABEL = /^(?!-)[\p{L}\p{M}\p{N}_-]{1,63}(?<!-)$/u;

/** What needs no quotes before the `@`, of any script. */
const LOCAL_WORD = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+$/u;

/** The name or IP address of a host. */
export const HOST: Form<string> = {
  expected: 'a host name or an IP address, like "localhost" or "0.0.0.0"',
  read: (text) => isIP(text) !== 0 || isHostName(text) ? text : null,
};

/** One e-mail address, without a person's name. Its domain is read in small letters. */
export const ADDRESS: Form<string> = {
  expected: 'an address like "admin@example.com"',
  read: (text) => {
    const at = text.lastIndexOf("@");
    const local = text.slice(0, Math.max(at, 0));
    const domain = text.slice(at + 1).toLowerCase();
    const isSane = text.length <= ADDRESS_LENGTH && local.length <= LOCAL_PART_LENGTH &&
      local.split(".").every((word) => LOCAL_WORD.test(word)) && isHostName(domain);
    return isSane ? `${local}@${domain}` : null;
  },
};

/** A URL that can be asked. */
export const WEB_URL: Form<string> = {
  expected: 'a URL like "https://example.com/ping"',
  read: (text) => webUrl(text)?.href ?? null,
};

/**
 * Where the pages are. Paths are put behind it, so it has no query; and it
 * goes into letters, so it has no password. A trailing slash is cut.
 */
export const BASE_URL: Form<string> = {
  expected: 'a URL like "https://alive.example.com", without query, fragment, user or password',
  read: (text) => {
    const url = webUrl(text);
    if (url === null || /[?#]/.test(text) || url.username !== "" || url.password !== "") {
      return null;
    }
    return url.href.replace(/\/+$/, "");
  },
};

/** A zone that `Intl` knows. An offset such as `+03:00` is no zone: it keeps no summer time. */
export const TIME_ZONE: Form<string> = {
  expected: 'a time zone like "Europe/Moscow"',
  read: (text) => {
    if (!/^[A-Za-z]/.test(text)) return null;
    try {
      new Intl.DateTimeFormat("en", { timeZone: text });
      return text;
    } catch {
      // Intl has no other way to say that it does not know a zone.
      return null;
    }
  },
};

/** An IP address or a block of them. */
export const IP_BLOCK: Form<string> = {
  expected: 'an IP address or a CIDR block, like "10.0.0.1" or "10.0.0.0/8"',
  read: (text) => {
    const [address = "", bits, ...rest] = text.split("/");
    // A zone ("fe80::1%eth0") names an interface, which a forwarded address does not have.
    const version = address.includes("%") ? 0 : isIP(address);
    if (version === 0 || rest.length > 0) return null;
    if (bits === undefined) return text;
    const isPrefix = /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
    return isPrefix ? text : null;
  },
};

function isHostName(text: string): boolean {
  const labels = text.split(".");
  // A last label of digits is an IP address, or rather a failed one.
  return text.length <= HOST_LENGTH && labels.every((label) => HOST_LABEL.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? "") && URL.canParse(`http://${text}`);
}

function webUrl(text: string): URL | null {
  // The parser would drop spaces and control characters; we would rather hear of them.
  const isWhole = /^https?:\/\/[^\s\p{Cc}]+$/iu.test(text);
  return isWhole && text.length <= URL_LENGTH && URL.canParse(text) ? new URL(text) : null;
}
