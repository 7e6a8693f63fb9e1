/**
 * The host that a request asks for.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import { excerpt } from "../printable.ts";

/** The longest host with its port, in characters (RFC 1035: a name has 253). */
const HOST_LENGTH = 260;

/** A name or an address, and a port if need be. URLs take more than that: a password, a path. */
const HOST = /^(?:\[[0-9a-f:.]+\]|[^\s\p{Cc}/?#@\\[\]:]+)(?::\d{0,5})?$/iu;

/** How much of a wrong one an answer repeats, in code points. */
const EXCERPT_LENGTH = 60;

/**
 * Refuses a request for a host that there cannot be (RFC 9112 §3.2). Without
 * any it is taken: old clients send none, and it costs nothing.
 *
 * @throws {AppError} `invalid`.
 */
export function checkHost({ headers, url }: Request): void {
  const host = headers.get("Host") ?? "";
  const isSane = host === "" || (host.length <= HOST_LENGTH && HOST.test(host));
  if (isSane && URL.canParse(url)) return;
  throw new AppError(
    "invalid",
    `Cannot answer for the host "${
      excerpt(host, EXCERPT_LENGTH)
    }": expected a name or an address, ` +
      'and a port if need be, like "alive.example.com:8000"',
  );
}
