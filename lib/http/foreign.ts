/**
 * Heartbeats that nobody meant to send: any page in the web can have a
 * visitor's browser ask for an address, and browsers ask for some in advance.
 *
 * Only what a browser says itself is held against it, in headers that no page
 * can set (Fetch Metadata, W3C). A page of the same site is its owner's own.
 *
 * @module
 */

import { AppError } from "../errors.ts";

/** How every browser that has these headers begins to name itself. */
const BROWSER = "Mozilla/";

/** Headers that say that nobody has asked for it yet. */
const IN_ADVANCE = ["Sec-Purpose", "Purpose", "X-Moz"] as const;

/** A heartbeat that a browser says nobody meant to send. */
export class ForeignError extends AppError {
  readonly reason: "cross_site" | "prefetch";

  constructor(reason: ForeignError["reason"]) {
    super(
      "forbidden",
      reason === "prefetch"
        ? "Cannot take a heartbeat that a browser sends in advance"
        : "Cannot take a heartbeat from a page of another site",
    );
    this.reason = reason;
  }
}

/** Whether a browser may have sent it, by its `User-Agent`: to look at more each time costs heartbeats. */
export function mayBeBrowser(userAgent: string | null): boolean {
  return userAgent?.startsWith(BROWSER) ?? false;
}

/** @throws {ForeignError} */
export function refuseForeign({ headers }: Request): void {
  const isEarly = IN_ADVANCE.some((name) => headers.get(name)?.toLowerCase().includes("prefetch"));
  if (isEarly) throw new ForeignError("prefetch");
  if (headers.get("Sec-Fetch-Site") === "cross-site") throw new ForeignError("cross_site");
}
