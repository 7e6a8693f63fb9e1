/**
 * What the page of settings shows: each one in effect, by what it is about.
 *
 * @module
 */

import type { EffectiveSetting } from "../effective_settings.ts";
import type { Program } from "../program.ts";
import type { SettingName } from "../settings.ts";
import type { StorageFile, Store } from "../store.ts";

/** What settings are about, in the order in which they are shown. */
export const SUBJECTS = ["mail", "letters", "judging", "access", "storage", "speech"] as const;

/** What a setting is about. */
export type Subject = typeof SUBJECTS[number];

/** A setting that is new must be put somewhere: it would be missing on the page. */
const SUBJECT_OF: Readonly<Record<SettingName, Subject>> = {
  ADMIN_EMAILS: "mail",
  SMTP_USER: "mail",
  SMTP_PASSWORD: "mail",
  SMTP_HOST: "mail",
  SMTP_PORT: "mail",
  SMTP_SECURITY: "mail",
  SMTP_CA_FILE: "mail",
  MAIL_FROM: "mail",
  DIGEST_WINDOW: "letters",
  MAIL_INTERVAL: "letters",
  REMIND_EVERY: "letters",
  FLAPPING_FLIPS: "letters",
  MAIL_PROOF: "letters",
  PERIOD: "judging",
  GRACE: "judging",
  CHECK_EVERY: "judging",
  IGNORED_APPS: "judging",
  AUTO_REGISTER: "judging",
  MAX_APPS: "judging",
  WATCHDOG_URL: "judging",
  HOST: "access",
  PORT: "access",
  BASE_URL: "access",
  TRUSTED_PROXIES: "access",
  ADMIN_TOKEN: "access",
  READ_TOKEN: "access",
  HEARTBEAT_TOKEN: "access",
  STATUS_TAGS: "access",
  DATABASE: "storage",
  RETAIN_HEARTBEATS: "storage",
  RETAIN_FLIPS: "storage",
  PRUNE_IMPORTED: "storage",
  LANGUAGE: "speech",
  TIMEZONE: "speech",
  LOG_LEVEL: "speech",
  LOG_FORMAT: "speech",
};

/** What the page shows. */
export interface SettingsView {
  readonly program: Pick<Program, "version" | "runtime" | "target">;
  readonly file: StorageFile;
  readonly groups: readonly {
    readonly subject: Subject;
    readonly settings: readonly EffectiveSetting[];
  }[];
}

/** Reads it. */
export async function settingsView(
  { store, program, settings }: {
    readonly store: Pick<Store, "file">;
    readonly program: SettingsView["program"];
    readonly settings: readonly EffectiveSetting[];
  },
): Promise<SettingsView> {
  const groups = SUBJECTS.map((subject) => ({
    subject,
    settings: settings.filter(({ name }) => SUBJECT_OF[name] === subject),
  }));
  return {
    program,
    file: await store.file(),
    groups: groups.filter(({ settings }) => settings.length > 0),
  };
}
