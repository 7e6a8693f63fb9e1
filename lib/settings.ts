/**
 * The settings by name: what each means, what it is when nobody said, and
 * whether it may be shown. Help, `config` and `.env.example` follow this table.
 *
 * @module
 */

/** What is to be known of a setting before anyone has set it. */
export interface Setting {
  /** One line, for help and `.env.example`. */
  readonly meaning: string;
  /** As text; null where there is none, or where it hangs on something else. */
  readonly fallback: string | null;
  /** Never shown, and also read from the file that `NAME_FILE` names. */
  readonly isSecret?: true;
  /** Whoever knows its path can pass for us: of such an address only the host is shown. */
  readonly isPathSecret?: true;
}

const TABLE = {
  ADMIN_EMAILS: {
    meaning: "who gets the alarms: addresses, separated by commas",
    fallback: null,
  },
  SMTP_USER: {
    meaning: "the login at the mail server; for Yandex the whole address",
    fallback: null,
  },
  SMTP_PASSWORD: {
    meaning: "the login's password; Yandex wants an app password, not the account's",
    fallback: null,
    isSecret: true,
  },
  SMTP_HOST: { meaning: "the mail server", fallback: "smtp.yandex.ru" },
  SMTP_PORT: { meaning: "the mail server's port", fallback: "465" },
  SMTP_SECURITY: {
    meaning: "tls, starttls or none; by default tls on port 465, else starttls",
    fallback: null,
  },
  SMTP_CA_FILE: {
    meaning: "a PEM file of authorities to trust beside the system's",
    fallback: null,
  },
  MAIL_FROM: {
    meaning: "the sender's address; by default SMTP_USER, and Yandex refuses any other",
    fallback: null,
  },
  HOST: { meaning: "the address to listen on", fallback: "0.0.0.0" },
  PORT: { meaning: "the port to listen on; 0 takes a free one", fallback: "8000" },
  DATABASE: { meaning: "the SQLite file; made when missing", fallback: "stillalive.db" },
  PERIOD: {
    meaning: "the longest gap between heartbeats, for apps without their own",
    fallback: "1m",
  },
  GRACE: { meaning: "the extra wait before alarm, for apps without their own", fallback: "30s" },
  CHECK_EVERY: {
    meaning: "how often the check runs; it must divide an hour, or a day",
    fallback: "1m",
  },
  IGNORED_APPS: {
    meaning: "app_ids that are recorded and never judged, separated by commas",
    fallback: null,
  },
  AUTO_REGISTER: {
    meaning: "whether an unknown app registers by its first heartbeat",
    fallback: "true",
  },
  MAX_APPS: { meaning: "how many apps there may be", fallback: "100000" },
  DIGEST_WINDOW: {
    meaning: "how long further news joins the same letter, from the first on",
    fallback: "3s",
  },
  MAIL_INTERVAL: {
    meaning: "from one letter to the next; alarms wait only in a storm",
    fallback: "1m",
  },
  REMIND_EVERY: {
    meaning: "how often to tell again that an app is still down, or never",
    fallback: "1d",
  },
  FLAPPING_FLIPS: {
    meaning: "flips within an hour that make an app flapping",
    fallback: "6",
  },
  MAIL_PROOF: {
    meaning: "how often a short letter proves that mail works, or never",
    fallback: "1w",
  },
  WATCHDOG_URL: {
    meaning: "another monitor's address, asked every minute while all is well",
    fallback: null,
    isPathSecret: true,
  },
  LANGUAGE: { meaning: "en or ru, for letters and pages", fallback: "en" },
  TIMEZONE: {
    meaning: "the time zone of letters and pages; by default the system's",
    fallback: null,
  },
  BASE_URL: {
    meaning: "where stillalive is reached, for the links in letters",
    fallback: null,
  },
  ADMIN_TOKEN: {
    meaning: "opens the registry and the pages; made at first start when not set",
    fallback: null,
    isSecret: true,
  },
  READ_TOKEN: {
    meaning: "opens the registry and the pages for reading",
    fallback: null,
    isSecret: true,
  },
  HEARTBEAT_TOKEN: {
    meaning: "when set, heartbeats must carry it",
    fallback: null,
    isSecret: true,
  },
  TRUSTED_PROXIES: {
    meaning: "IP addresses and CIDR blocks of proxies whose word on the sender is believed",
    fallback: null,
  },
  STATUS_TAGS: {
    meaning: "tags of the apps on the public status page, separated by commas",
    fallback: null,
  },
  RETAIN_HEARTBEATS: {
    meaning: "how long heartbeats are kept",
    fallback: "30d",
  },
  RETAIN_FLIPS: { meaning: "how long flips are kept", fallback: "2y" },
  PRUNE_IMPORTED: {
    meaning: "whether imported heartbeats are pruned too",
    fallback: "false",
  },
  LOG_LEVEL: { meaning: "debug, info, warn or error", fallback: "info" },
  LOG_FORMAT: { meaning: "text or json, one line an event", fallback: "text" },
} satisfies Record<string, Setting>;

/** A setting's name, as in the environment. */
export type SettingName = keyof typeof TABLE;

/** All settings, in the order in which they are shown: first what mail needs. */
export const SETTINGS: Readonly<Record<SettingName, Setting>> = TABLE;

/** Their names, in that order. */
export const SETTING_NAMES = Object.keys(TABLE) as readonly SettingName[];

/** What can be set: each setting, and for a secret also the file that holds it. */
export const SETTING_KEYS: readonly string[] = SETTING_NAMES.flatMap((name) =>
  SETTINGS[name].isSecret ? [name, fileKey(name)] : [name]
);

/** The key that names the file which holds a secret. */
export function fileKey(name: SettingName): string {
  return `${name}_FILE`;
}

/** What stands on the command line for a key: `--smtp-host` for `SMTP_HOST`. */
export function flag(key: string): string {
  return `--${key.toLowerCase().replaceAll("_", "-")}`;
}
