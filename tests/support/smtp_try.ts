/**
 * One try at sending, from connecting to closing.
 *
 * @module
 */

import type { SmtpConfig } from "../../lib/config.ts";
import type { Connection, Delivery, Mail } from "../../lib/outbox.ts";
import { LIMITS, type Limits } from "../../lib/smtp/limits.ts";
import { smtpMailer } from "../../lib/smtp/mailer.ts";

/** A letter like any other. */
export const MAIL: Mail = {
  messageId: "<1.alarm@stillalive.example.test>",
  to: "admin@example.test",
  subject: "23 is down",
  text: "23 is down since 07:20.\n",
  html: "<p>23 is down since 07:20.</p>",
  date: Date.UTC(2026, 10, 24, 7, 20, 49),
  answers: [],
};

/** Settings for a server in plain text on this port. */
export function plainConfig(port: number, changes: Partial<SmtpConfig> = {}): SmtpConfig {
  return {
    host: "127.0.0.1",
    port,
    security: "none",
    login: null,
    authorities: null,
    from: "stillalive@example.test",
    name: "stillalive.example.test",
    ...changes,
  };
}

/** What became of a try: a delivery, or why there was none. */
export type Result = Delivery | Exclude<Connection, { outcome: "ready" }>;

/** Tries once. */
export async function tryToSend(
  config: SmtpConfig,
  options: {
    readonly mail?: Mail;
    readonly limits?: Partial<Limits>;
    readonly signal?: AbortSignal;
  } = {},
): Promise<Result> {
  const { mail = MAIL, limits = {}, signal = new AbortController().signal } = options;
  const call = await smtpMailer(config, { ...LIMITS, ...limits }).connect(signal);
  if (call.outcome !== "greeted") return call;
  const connection = await call.logIn();
  if (connection.outcome !== "ready") return connection;
  const delivery = await connection.session.send(mail);
  connection.session.close();
  return delivery;
}
