/**
 * Sessions: who is logged in to the pages, and for how long.
 *
 *  log in            renewed           renewed
 *     |---- a day ------|---- a day -----|------ ... 30 days without a visit: over
 *     secret 1          secret 2         secret 3
 *
 * A browser keeps a secret, the storage its hash and that of the token which
 * opened the session: when that token opens nothing any more, nor does this.
 *
 * @module
 */

import { DAY, type Duration, type Instant, MINUTE } from "./clock.ts";
import { hashToken } from "./token.ts";

/** How long a session lasts that nobody uses. */
export const SESSION_LENGTH: Duration = 30 * DAY;

/** How old its secret gets before it is changed. */
const RENEW_AFTER: Duration = DAY;

/** How long a changed secret is still good: pages that were under way then still come with it. */
export const LAST_USE: Duration = MINUTE;

/** A session as it is kept. */
export interface Session {
  readonly hash: string;
  /** The hash of the token that opened it. */
  readonly openedBy: string;
  readonly renewedAt: Instant;
  readonly expiresAt: Instant;
}

/** Who may see the pages: `admin` may change things as well. */
export type Visitor = "admin" | "reader";

/** Who is let in to the pages, by what. */
export interface Doors {
  /** The hash by which a session is to be opened, for a token or a code; null for what opens nothing. */
  enter(secret: string): Promise<string | null>;
  /** Who is let in by what has this hash, at this moment. */
  visitor(hash: string): Promise<Visitor | null>;
}

/** A session with this secret, from `now` on. */
export function session(secret: string, openedBy: string, now: Instant): Session {
  return { hash: hashToken(secret), openedBy, renewedAt: now, expiresAt: now + SESSION_LENGTH };
}

/** Whether it is time for a new secret. */
export function isToBeRenewed({ renewedAt, expiresAt }: Session, now: Instant): boolean {
  // One that was changed already has little time left.
  return now - renewedAt >= RENEW_AFTER && expiresAt - now > LAST_USE;
}

/** What a form must carry to be one of this session's own: nobody else can know it. */
export function formKey(secret: string): string {
  return hashToken(`form ${secret}`);
}
