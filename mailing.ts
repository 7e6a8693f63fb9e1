/**
 * How the settings have us mail: by what server, under what ids, and in what
 * style letters are written.
 *
 * @module
 */

import { acknowledgePath } from "./lib/acknowledgement.ts";
import type { Clock } from "./lib/clock.ts";
import type { Config, SmtpConfig } from "./lib/config.ts";
import { type LetterStyle, testLetter } from "./lib/letter.ts";
import { type MailSetup, missingForMail } from "./lib/mail_setup.ts";
import type { NotedMailer } from "./lib/noted_mailer.ts";
import type { Mailer } from "./lib/outbox.ts";
import { sendTest } from "./lib/test_letter.ts";

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

/** How mail is set up, by the mailer that there is. */
export function mailSetup(config: Config, mailer: NotedMailer | null, clock: Clock): MailSetup {
  if (mailer === null) return { kind: "missing", settings: missingForMail(config) };
  return {
    kind: "ready",
    mailer,
    sendTest: (signal) => {
      const now = clock.now();
      const style = { ...letterStyle(config), now };
      return sendTest({
        mailer,
        clock,
        addresses: config.adminEmails,
        now,
        messageId: () => messageIdOf(config.smtp),
        letterTo: () => testLetter(style, { getsAlarms: true }),
        signal,
      });
    },
  };
}

/** A new `Message-ID`, in the sender's domain (RFC 5322 §3.6.4). */
export function messageIdOf(smtp: SmtpConfig | null): string {
  return `<${crypto.randomUUID()}@${smtp?.name ?? "localhost"}>`;
}

/** How letters are written, but for the instant. */
export function letterStyle(config: Config): Omit<LetterStyle, "now"> {
  const { language, timeZone, baseUrl, timing: { mailInterval } } = config;
  return { language, timeZone, baseUrl, mailInterval, acknowledgeUrl: null };
}

/** Where an incident is acknowledged; null without a place, or without reminders to be spared. */
export function acknowledgeUrl(
  { baseUrl, timing }: Config,
  key: () => string,
): ((incident: number) => string) | null {
  if (baseUrl === null || timing.remindEvery === null) return null;
  return (incident) => `${baseUrl}${acknowledgePath(incident, key())}`;
}
