/**
 * How mail is set up, for those who look at it and try it.
 *
 * @module
 */

import type { Config } from "./config.ts";
import type { NotedMailer } from "./noted_mailer.ts";
import type { SettingName } from "./settings.ts";
import type { Tested } from "./test_letter.ts";

/** Whether there is somebody to mail to, and a way. */
export type MailSetup =
  | { readonly kind: "missing"; readonly settings: readonly SettingName[] }
  | {
    readonly kind: "ready";
    readonly mailer: NotedMailer;
    /** Sends a test letter to every admin. */
    readonly sendTest: (signal: AbortSignal) => Promise<readonly Tested[]>;
  };

/** The settings without which nothing is mailed, as they are mostly set. */
export function missingForMail(
  { smtp, adminEmails }: Pick<Config, "smtp" | "adminEmails">,
): readonly SettingName[] {
  return [
    ...(adminEmails.length === 0 ? ["ADMIN_EMAILS"] as const : []),
    ...(smtp === null ? ["SMTP_USER", "SMTP_PASSWORD"] as const : []),
  ];
}
