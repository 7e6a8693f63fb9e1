/**
 * Badges: pictures of how an app stands, for a README or a wall.
 *
 *     /badge/<app_id>/<signature>.svg      a picture
 *     /badge/<app_id>/<signature>.json     what shields.io draws one from
 *
 * No login: the signature is the right. It shows one app's status and nothing
 * else, and it cannot be guessed.
 *
 * @module
 */

import { isSameSecret, sign } from "./token.ts";

/** What a badge can be had as. */
export type BadgeForm = "svg" | "json";

/** The last part of a badge's path: `<signature>.svg`. */
const FILE = /^([A-Za-z0-9_-]{22})\.(svg|json)$/;

/** The path of an app's badge. */
export function badgePath(appId: string, key: string, form: BadgeForm): string {
  return `/badge/${appId}/${signature(appId, key)}.${form}`;
}

/** What a path's last part asks for, or null if it was not signed for this app with this key. */
export function readBadge(file: string, appId: string, key: string): BadgeForm | null {
  const [, signed, form] = FILE.exec(file) ?? [];
  if (signed === undefined || (form !== "svg" && form !== "json")) return null;
  return isSameSecret(signed, signature(appId, key)) ? form : null;
}

function signature(appId: string, key: string): string {
  return sign(`badge of app ${appId}`, key);
}
