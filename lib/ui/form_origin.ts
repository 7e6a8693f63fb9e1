/**
 * Whether a form was sent from one of our own pages.
 *
 * @module
 */

import { AppError } from "../errors.ts";

/** By what we may have been asked for. */
export interface Asked {
  /** The request's own `Host` first, then what proxies that are trusted say. */
  readonly hosts: readonly string[];
  /** Where a browser sees us, if the settings say it. */
  readonly baseUrl: string | null;
}

/**
 * As browsers tell it: `Sec-Fetch-Site` over https (Fetch Metadata, W3C), and
 * `Origin` wherever there is no such thing. Neither can be set by a page.
 *
 * @throws {AppError} `forbidden` for a form from elsewhere.
 */
export function checkOrigin({ headers }: Request, { hosts, baseUrl }: Asked): void {
  const site = headers.get("Sec-Fetch-Site");
  if (site === "same-origin" || site === "none") return;
  if (site !== null) throw foreign();
  const origin = headers.get("Origin");
  if (origin === null) return;
  if (!URL.canParse(origin)) throw foreign();
  const page = new URL(origin);
  if (baseUrl !== null && new URL(baseUrl).origin === page.origin) return;
  if (!hosts.some((host) => isHostOf(page, host))) throw new OtherHost(origin, hosts[0] ?? "");
}

/** The answer to a form from elsewhere. */
export function foreign(): AppError {
  return new AppError("forbidden", "Cannot do this: the form did not come from a page of ours");
}

/** A form from a page of another host than we were asked for: of another site, or a proxy stands between. */
export class OtherHost extends AppError {
  /** As the browser and the request say it; whoever sends a request can write both. */
  readonly page: string;
  readonly asked: string;

  constructor(page: string, asked: string) {
    super("forbidden", foreign().message);
    this.page = page;
    this.asked = asked;
  }
}

/** The scheme is the page's: a proxy may have taken TLS off. A browser leaves the scheme's own port out. */
function isHostOf(page: URL, host: string): boolean {
  const asked = `${page.protocol}//${host}`;
  return URL.canParse(asked) && new URL(asked).host === page.host;
}
