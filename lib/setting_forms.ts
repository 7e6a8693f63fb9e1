/**
 * The form of each setting, with its limits.
 *
 * @module
 */

import { APP_ID_FORM, parseAppId } from "./app.ts";
import { DAY, type Duration, HOUR, MINUTE, SECOND, WEEK } from "./clock.ts";
import { parseDuration } from "./duration.ts";
import {
  choice,
  count,
  type Form,
  line,
  list,
  longSpan,
  orNever,
  span,
  YES_OR_NO,
} from "./forms.ts";
import type { Language } from "./language.ts";
import type { LogFormat, LogLevel } from "./log.ts";
import { ADDRESS, BASE_URL, HOST, IP_BLOCK, TIME_ZONE, WEB_URL } from "./network_forms.ts";
import type { SettingName } from "./settings.ts";

/** How a connection to a mail server is secured; "starttls" never falls back to plain. */
export type SmtpSecurity = "tls" | "starttls" | "none";

/** The highest port there is. */
const LAST_PORT = 65_535;

/** Ten times what sweeping was measured with. */
const MOST_APPS = 10_000_000;

/** Each piece of news becomes a debt to each of them. */
const MOST_ADMINS = 100;

/** More than this is no list that a person keeps in a setting. */
const LONGEST_LIST = 10_000;

/** Below a second it is load and not a rhythm; above a year nobody waits. */
const RHYTHM = span(SECOND, 365 * DAY);

/** News that is held for longer than a day alarms nobody. */
const WAIT = span(0, DAY);

/** In years: for ever, and far from the end of what can be counted. */
const LONGEST_KEPT = 100;

/** Letters count the flips of the last 7 days. */
const FLIPS_NEEDED: Duration = WEEK;

/** Of flips within an hour: one is no flapping, and the most is one a second. */
const FLAPPING = count(2, 3_600);

/** What `Deno.cron` repeats evenly: the minutes that divide an hour, the hours that divide a day. */
const CHECK_MINUTES = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30];
const CHECK_HOURS = [1, 2, 3, 4, 6, 8, 12, 24];

/** In characters; Linux takes a path of so many bytes. */
const LONGEST_PATH = 4_096;

/** In characters, as for an app's name. */
const LONGEST_TAG = 100;

/** In characters: encoded, a login must fit a line of SMTP's AUTH. */
const LONGEST_LOGIN = 1_024;

/** In characters: of random letters and digits, 95 bits. */
const SHORTEST_TOKEN = 16;

/** In characters: a token shares the head of a request with other fields. */
const LONGEST_TOKEN = 512;

/** How often the check can run. */
const CHECK_EVERY: Form<Duration> = {
  expected: `${CHECK_MINUTES.join(", ")} minutes or ${CHECK_HOURS.join(", ")} hours, like "5m"`,
  read: (text) => {
    const duration = parseDuration(text) ?? NaN;
    const isEven = CHECK_MINUTES.includes(duration / MINUTE) ||
      CHECK_HOURS.includes(duration / HOUR);
    return isEven ? duration : null;
  },
};

const LANGUAGE_WORD: Form<Language> = choice(["en", "ru"]);

/**
 * A language that we have, or a list of locales as GNU systems export it
 * under the same name (`ru_RU.UTF-8:ru`): there the first that we have counts,
 * and that none is among them is nobody's mistake.
 */
const LANGUAGE: Form<Language> = {
  expected: LANGUAGE_WORD.expected,
  read: (text) => {
    if (!/[_:]/.test(text)) return LANGUAGE_WORD.read(text);
    for (const locale of text.split(":")) {
      const language = LANGUAGE_WORD.read(locale.replace(/[_.@].*$/s, ""));
      if (language !== null) return language;
    }
    return "en";
  },
};

const PATH = line("a path", LONGEST_PATH);

/** Where the apps are kept, so it must outlive the program. */
const DATABASE: Form<string> = {
  expected: `${PATH.expected}, and not ":memory:"`,
  read: (text) => text === ":memory:" ? null : PATH.read(text),
};

/** It must pass a header unescaped, and withstand guessing. */
const TOKEN: Form<string> = {
  expected: `${SHORTEST_TOKEN} to ${LONGEST_TOKEN} letters, digits and signs of ASCII, no spaces`,
  read: (text) => {
    const isLong = text.length >= SHORTEST_TOKEN && text.length <= LONGEST_TOKEN;
    return isLong && /^[\x21-\x7e]+$/.test(text) ? text : null;
  },
};

const FORMS = {
  ADMIN_EMAILS: list(ADDRESS, MOST_ADMINS),
  SMTP_USER: line("a login", LONGEST_LOGIN),
  SMTP_PASSWORD: line("a password", LONGEST_LOGIN),
  SMTP_HOST: HOST,
  SMTP_PORT: count(1, LAST_PORT),
  SMTP_SECURITY: choice<SmtpSecurity>(["tls", "starttls", "none"]),
  SMTP_CA_FILE: PATH,
  MAIL_FROM: ADDRESS,
  HOST,
  PORT: count(0, LAST_PORT),
  DATABASE,
  PERIOD: RHYTHM,
  GRACE: RHYTHM,
  CHECK_EVERY,
  IGNORED_APPS: list({ expected: APP_ID_FORM, read: parseAppId }, LONGEST_LIST),
  AUTO_REGISTER: YES_OR_NO,
  MAX_APPS: count(1, MOST_APPS),
  DIGEST_WINDOW: WAIT,
  MAIL_INTERVAL: WAIT,
  REMIND_EVERY: orNever(RHYTHM),
  FLAPPING_FLIPS: FLAPPING,
  MAIL_PROOF: orNever(RHYTHM),
  WATCHDOG_URL: WEB_URL,
  LANGUAGE,
  TIMEZONE: TIME_ZONE,
  BASE_URL,
  ADMIN_TOKEN: TOKEN,
  READ_TOKEN: TOKEN,
  HEARTBEAT_TOKEN: TOKEN,
  TRUSTED_PROXIES: list(IP_BLOCK, LONGEST_LIST),
  STATUS_TAGS: list(line("a tag", LONGEST_TAG), LONGEST_LIST),
  RETAIN_HEARTBEATS: longSpan(DAY, LONGEST_KEPT),
  RETAIN_FLIPS: longSpan(FLIPS_NEEDED, LONGEST_KEPT),
  PRUNE_IMPORTED: YES_OR_NO,
  LOG_LEVEL: choice<LogLevel>(["debug", "info", "warn", "error"]),
  LOG_FORMAT: choice<LogFormat>(["text", "json"]),
} satisfies Record<SettingName, Form<unknown>>;

/** What each setting reads as. */
export type SettingValues = {
  readonly [Name in SettingName]: (typeof FORMS)[Name] extends Form<infer Value> ? Value : never;
};

/** The form of each setting. */
export const SETTING_FORMS: { readonly [Name in SettingName]: Form<SettingValues[Name]> } = FORMS;
