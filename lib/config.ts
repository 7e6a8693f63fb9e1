/**
 * Settings: read once, all problems at once.
 *
 * @module
 */

import type { Defaults } from "./app.ts";
import type { Duration } from "./clock.ts";
import { type EffectiveSetting, effectiveSettings } from "./effective_settings.ts";
import { AppError } from "./errors.ts";
import type { Language } from "./language.ts";
import type { LogFormat, LogLevel } from "./log.ts";
import { TIME_ZONE } from "./network_forms.ts";
import type { Timing } from "./outbox.ts";
import { printable } from "./printable.ts";
import { SettingReader } from "./setting_reader.ts";
import { quotesHint, type ReadTextFile, type Sources, type Texts } from "./setting_sources.ts";
import { SETTING_KEYS, SETTING_NAMES } from "./settings.ts";
import { readSmtp, type SmtpConfig } from "./smtp_config.ts";

export type { SmtpConfig };

/** How the program is set up. */
export interface Config {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** The SQLite file's path. */
  readonly database: string;
  /** Who is owed the news, each once. */
  readonly adminEmails: readonly string[];
  /** Null while nobody said from whom mail is to be. */
  readonly smtp: SmtpConfig | null;
  readonly defaults: Defaults;
  /** In whole minutes, as `Deno.cron` can count. */
  readonly checkEvery: Duration;
  readonly ignoredApps: ReadonlySet<string>;
  readonly autoRegister: boolean;
  readonly maxApps: number;
  readonly timing: Timing;
  readonly flappingFlips: number;
  readonly watchdogUrl: string | null;
  readonly language: Language;
  readonly timeZone: string;
  /** Without a trailing slash. */
  readonly baseUrl: string | null;
  readonly adminToken: string | null;
  readonly readToken: string | null;
  readonly heartbeatToken: string | null;
  /** IP addresses and CIDR blocks. */
  readonly trustedProxies: readonly string[];
  readonly statusTags: readonly string[];
  readonly retainHeartbeats: Duration;
  readonly retainFlips: Duration;
  readonly pruneImported: boolean;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
}

/** The settings as read, and what to say of them. */
export interface Setup {
  readonly config: Config;
  /** Every setting as it is in effect, for the `config` command. */
  readonly settings: readonly EffectiveSetting[];
  /** What was said and does nothing, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Reads all settings; the files are those that hold secrets, and authorities.
 *
 * Throws an `unusable` {@linkcode AppError} with a detail for each problem, its
 * path the setting's name; {@linkcode problemsText} renders it.
 */
export function readConfig(sources: Sources, readTextFile: ReadTextFile): Setup {
  const reader = new SettingReader(sources, readTextFile);
  const config = readAll(reader, sources.timeZone);
  rejectSharedTokens(reader, config);
  const problems = [...sources.unclear, ...reader.problems];
  if (problems.length > 0) {
    const wrong = new Set(problems.map(({ path }) => path)).size;
    const what = wrong === 1 ? "1 setting is" : `${wrong} settings are`;
    throw new AppError("unusable", `Cannot start: ${what} wrong`, { details: problems });
  }
  const settings = effectiveSettings(reader, {
    SMTP_SECURITY: config.smtp?.security,
    MAIL_FROM: config.smtp?.from,
    LANGUAGE: config.language,
    TIMEZONE: config.timeZone,
  });
  const warnings = [...strangers(sources.dotenv), ...quoted(reader)];
  return { config, settings, warnings };
}

/** A fault and its details for a terminal, a line each. */
export function problemsText(error: AppError): string {
  const lines = [error.message, ...error.details.map(({ message }) => `  ${message}`)];
  // Names of files are in them, which are not always of one's own making.
  return lines.map(printable).join("\n");
}

function readAll(reader: SettingReader, systemZone: string): Config {
  const baseUrl = reader.optional("BASE_URL");
  return {
    adminEmails: reader.optional("ADMIN_EMAILS") ?? [],
    smtp: readSmtp(reader, baseUrl),
    host: reader.required("HOST"),
    port: reader.required("PORT"),
    database: reader.required("DATABASE"),
    defaults: { period: reader.required("PERIOD"), grace: reader.required("GRACE") },
    checkEvery: reader.required("CHECK_EVERY"),
    ignoredApps: new Set(reader.optional("IGNORED_APPS")),
    autoRegister: reader.required("AUTO_REGISTER"),
    maxApps: reader.required("MAX_APPS"),
    timing: {
      digestWindow: reader.required("DIGEST_WINDOW"),
      mailInterval: reader.required("MAIL_INTERVAL"),
      remindEvery: unlessNever(reader.required("REMIND_EVERY")),
      mailProof: unlessNever(reader.required("MAIL_PROOF")),
    },
    flappingFlips: reader.required("FLAPPING_FLIPS"),
    watchdogUrl: reader.optional("WATCHDOG_URL"),
    language: reader.required("LANGUAGE"),
    timeZone: reader.optional("TIMEZONE") ?? TIME_ZONE.read(systemZone) ?? "UTC",
    baseUrl,
    adminToken: reader.optional("ADMIN_TOKEN"),
    readToken: reader.optional("READ_TOKEN"),
    heartbeatToken: reader.optional("HEARTBEAT_TOKEN"),
    trustedProxies: reader.optional("TRUSTED_PROXIES") ?? [],
    statusTags: reader.optional("STATUS_TAGS") ?? [],
    retainHeartbeats: reader.required("RETAIN_HEARTBEATS"),
    retainFlips: reader.required("RETAIN_FLIPS"),
    pruneImported: reader.required("PRUNE_IMPORTED"),
    logLevel: reader.required("LOG_LEVEL"),
    logFormat: reader.required("LOG_FORMAT"),
  };
}

function unlessNever(every: Duration | "never"): Duration | null {
  return every === "never" ? null : every;
}

/** A token that opens two doors would give the lesser one's holders the greater. */
function rejectSharedTokens(reader: SettingReader, config: Config): void {
  const { adminToken, readToken, heartbeatToken } = config;
  if (readToken !== null && readToken === adminToken) {
    reader.object("READ_TOKEN", "expected another one than ADMIN_TOKEN");
  }
  if (heartbeatToken !== null && heartbeatToken === adminToken) {
    reader.object("HEARTBEAT_TOKEN", "expected another one than ADMIN_TOKEN");
  }
  if (heartbeatToken !== null && heartbeatToken === readToken) {
    reader.object("HEARTBEAT_TOKEN", "expected another one than READ_TOKEN");
  }
}

/** Keys of `.env` that set nothing: most likely slips, each of which leaves something unset. */
function strangers(dotenv: Texts): readonly string[] {
  return Object.keys(dotenv)
    .filter((key) => !SETTING_KEYS.includes(key))
    .map((key) => `${printable(key)} is set (.env), but there is no such setting`);
}

/** Values in quotes, which their form allows: most likely nobody took them off. */
function quoted(reader: SettingReader): readonly string[] {
  return SETTING_NAMES.flatMap((name) => {
    const statement = reader.statement(name);
    const hint = quotesHint(statement);
    return hint === "" || statement.kind !== "given"
      ? []
      : [`${name} is in quotes (${statement.source}): ${hint}, unless they are meant`];
  });
}
