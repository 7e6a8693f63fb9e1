/**
 * How the settings have us mail: by what server, under what ids, and in what
 * style letters are written.
 *
 * @module
 */

import { acknowledgePath } from "./lib/acknowledgement.ts";
import type { Config, SmtpConfig } from "./lib/config.ts";
import type { LetterStyle } from "./lib/letter.ts";
import type { Mailer } from "./lib/outbox.ts";

/** The mailer, or null while mail is not set up: somebody to send to, and from whom. */
export function mailerOf({ smtp, adminEmails }: Config): Mailer | null {
  return smtp === null || adminEmails.length === 0 ? null : mailerBy(smtp);
}

/** The mailer for a server. */
export function mailerBy(smtp: SmtpConfig): Mailer {
  return {
    async connect(signal) {
      // Loaded with the first mail: nodemailer takes 12 ms, which no heartbeat should wait for.
      const { smtpMailer } = await import("./lib/smtp/mailer.ts");
      return await smtpMailer(smtp).connect(signal);
    },
  };
}

/** A new `Message-ID`, in the sender's domain (RFC 5322 §3.6.4). */
export function messageIdOf(smtp: SmtpConfig | null): string {
  return `<${crypto.randomUUID()}@${smtp?.name ?? "localhost"}>`;
}

/** How letters are written, but for the instant. */
export function letterStyle({ language, timeZone, baseUrl }: Config): Omit<LetterStyle, "now"> {
  return { language, timeZone, baseUrl, acknowledgeUrl: null };
}

/** Where an incident is acknowledged; null without a place, or without reminders to be spared. */
export function acknowledgeUrl(
  { baseUrl, timing }: Config,
  key: string,
): ((incident: number) => string) | null {
  if (baseUrl === null || timing.remindEvery === null) return null;
  return (incident) => `${baseUrl}${acknowledgePath(incident, key)}`;
}
