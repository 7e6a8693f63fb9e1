/**
 * Acknowledging an incident from a letter: `/ack/<incident>.<signature>`.
 *
 * No login: the signature is the right. GET changes nothing, for mail
 * programs and scanners open every link; only the button acts.
 *
 * @module
 */

import { readAcknowledgement } from "../acknowledgement.ts";
import type { Clock } from "../clock.ts";
import type { Language } from "../language.ts";
import type { Log } from "../log.ts";
import type { Incident, Store } from "../store.ts";
import { acknowledgePage } from "./acknowledge_page.ts";
import type { Exchange, Handler } from "./routes.ts";
import type { SenderReader } from "./sender.ts";

/** What the routes work with. */
export interface AcknowledgeParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly sender: SenderReader;
  readonly language: Language;
  /** An IANA name. */
  readonly timeZone: string;
  /** What the links in letters are signed with, as it is now. */
  readonly acknowledgeKey: () => string;
}

/** Shows an incident, and a button where it can be acknowledged. */
export function getAcknowledge(parts: AcknowledgeParts): Handler {
  return async (exchange) => page(await find(numberOf(exchange, parts), parts.store), parts);
}

/** Acknowledges an incident, and shows how it is then. Again, it changes nothing. */
export function postAcknowledge(parts: AcknowledgeParts): Handler {
  const { store, clock, log, sender } = parts;
  return async (exchange) => {
    const number = numberOf(exchange, parts);
    const incident = await find(number, store);
    if (number === null || incident === null || !isOpen(incident)) return page(incident, parts);
    const { id } = incident.app;
    await store.acknowledge(id, clock.now(), number);
    const from = sender.address(exchange.req.raw, exchange.env.peer);
    log.info("incident acknowledged", { by: "letter", from, app_id: id, incident: number });
    return page(await find(number, store), parts);
  };
}

/** The incident's number; null for a link that is not ours. */
function numberOf(exchange: Exchange, { acknowledgeKey }: AcknowledgeParts): number | null {
  return readAcknowledgement(exchange.req.param("token") ?? "", acknowledgeKey());
}

async function find(number: number | null, store: Store): Promise<Incident | null> {
  return number === null ? null : await store.incident(number);
}

/** Whether the button does something. */
function isOpen({ endedAt, acknowledgedAt }: Incident): boolean {
  return endedAt === null && acknowledgedAt === null;
}

function page(
  incident: Incident | null,
  { clock, language, timeZone }: AcknowledgeParts,
): Response {
  const nonce = crypto.randomUUID();
  const style = { language, timeZone, now: clock.now(), nonce };
  return new Response(acknowledgePage(incident, style), {
    status: incident === null ? 404 : 200,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": `default-src 'none'; style-src 'nonce-${nonce}'; ` +
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      "Cache-Control": "no-store",
      // The link is a key: it must not travel on to wherever a reader goes next, nor be indexed.
      "Referrer-Policy": "no-referrer",
      "X-Robots-Tag": "noindex, nofollow",
      "X-Content-Type-Options": "nosniff",
    },
  });
}
