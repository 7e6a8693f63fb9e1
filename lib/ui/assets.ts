/**
 * What pages load: one style sheet, one small script and an icon, each under
 * an address that changes with what is in it.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { ICON } from "./icon.ts";
import { SCRIPT } from "./script.ts";
import { STYLESHEET } from "./look.ts";

/** Something that pages load. */
export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly content: string;
}

/** All there are. */
export const ASSETS = {
  stylesheet: asset("style.css", "text/css; charset=utf-8", STYLESHEET),
  script: asset("page.js", "text/javascript; charset=utf-8", SCRIPT),
  icon: asset("icon.svg", "image/svg+xml", ICON),
} as const;

/** The answer that hands one out: under this address it never changes. */
export function assetResponse({ type, content }: Asset): Response {
  return new Response(content, {
    headers: {
      "Content-Type": type,
      "Cache-Control": "public, max-age=31536000, immutable",
      "X-Content-Type-Options": "nosniff",
    },
  });
}

function asset(name: string, type: string, content: string): Asset {
  const mark = createHash("sha256").update(content).digest("hex").slice(0, 12);
  return { path: `/assets/${mark}/${name}`, type, content };
}
