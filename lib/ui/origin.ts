/**
 * Where apps reach this service, for what is to be copied.
 *
 * @module
 */

import type { EntranceParts } from "./entrance.ts";
import type { Exchange } from "./routing.ts";
import type { SnippetFacts } from "./snippets.ts";

/** What tells it. */
export interface OriginParts {
  readonly baseUrl: string | null;
  readonly heartbeatToken: string | null;
  readonly sender: EntranceParts["sender"];
}

/** What snippets for an app are made of: the address of the settings, else the one that the browser came by. */
export function factsOf(
  exchange: Exchange,
  { baseUrl, heartbeatToken, sender }: OriginParts,
  appId: string,
): SnippetFacts {
  const isSecure = sender.isSecure(exchange.req.raw, exchange.env.peer);
  const [, told = ""] = sender.hosts(exchange.req.raw, exchange.env.peer);
  // What a trusted proxy was asked for goes before what it asks us for.
  const asked = URL.canParse(`http://${told}`) ? `http://${told}` : exchange.req.url;
  const own = `${isSecure ? "https" : "http"}://${new URL(asked).host}`;
  return { origin: baseUrl ?? own, appId, hasToken: heartbeatToken !== null };
}
