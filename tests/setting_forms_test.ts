import assert from "node:assert/strict";
import { DAY, HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import { SETTING_FORMS } from "../lib/setting_forms.ts";
import type { SettingName } from "../lib/settings.ts";

/** What each setting reads as, by its text. */
const READ: readonly (readonly [SettingName, string, unknown])[] = [
  ["ADMIN_EMAILS", "a@example.com", ["a@example.com"]],
  ["ADMIN_EMAILS", " a@example.com,, B@EXAMPLE.com ,a@Example.COM,", [
    "a@example.com",
    "B@example.com",
  ]],
  ["ADMIN_EMAILS", "admin+alarm@mail.example.com", ["admin+alarm@mail.example.com"]],
  ["ADMIN_EMAILS", "root@localhost", ["root@localhost"]],
  ["ADMIN_EMAILS", "админ@почта.рф", ["админ@почта.рф"]],
  ["ADMIN_EMAILS", `${"a".repeat(64)}@example.com`, [`${"a".repeat(64)}@example.com`]],
  ["SMTP_HOST", "smtp.example.com", "smtp.example.com"],
  ["SMTP_HOST", "mail_server", "mail_server"],
  ["SMTP_PORT", "1", 1],
  ["SMTP_PASSWORD", " with spaces, кириллица ", " with spaces, кириллица "],
  ["HOST", "::", "::"],
  ["HOST", "127.0.0.1", "127.0.0.1"],
  ["PORT", "0", 0],
  ["PORT", "65535", 65_535],
  ["DATABASE", "/var/lib/still alive/данные.db", "/var/lib/still alive/данные.db"],
  ["PERIOD", "1s", SECOND],
  ["PERIOD", "365d", 365 * DAY],
  ["CHECK_EVERY", "60s", MINUTE],
  ["CHECK_EVERY", "30m", 30 * MINUTE],
  ["CHECK_EVERY", "60m", HOUR],
  ["CHECK_EVERY", "1d", DAY],
  ["IGNORED_APPS", "23, billing,23,007", ["23", "billing", "007"]],
  ["AUTO_REGISTER", "false", false],
  ["MAX_APPS", "1", 1],
  ["DIGEST_WINDOW", "0s", 0],
  ["MAIL_INTERVAL", "1d", DAY],
  ["REMIND_EVERY", "never", "never"],
  ["FLAPPING_FLIPS", "2", 2],
  [
    "WATCHDOG_URL",
    "https://user:key@example.com/ping?a=b",
    "https://user:key@example.com/ping?a=b",
  ],
  ["TIMEZONE", "Asia/Yekaterinburg", "Asia/Yekaterinburg"],
  ["TIMEZONE", "UTC", "UTC"],
  ["BASE_URL", "https://alive.example.com", "https://alive.example.com"],
  ["BASE_URL", "http://localhost:8000/alive//", "http://localhost:8000/alive"],
  ["ADMIN_TOKEN", "0123456789abcdef", "0123456789abcdef"],
  ["TRUSTED_PROXIES", "10.0.0.0/8,192.0.2.1,::1,fd00::/8", [
    "10.0.0.0/8",
    "192.0.2.1",
    "::1",
    "fd00::/8",
  ]],
  ["STATUS_TAGS", "public, для всех", ["public", "для всех"]],
  ["RETAIN_HEARTBEATS", "1d", DAY],
  ["RETAIN_FLIPS", "2y", 730 * DAY],
  ["RETAIN_FLIPS", "100y", 36_500 * DAY],
];

/** Texts that no setting of the name may have. */
const REFUSED: Readonly<Partial<Record<SettingName, readonly string[]>>> = {
  ADMIN_EMAILS: [
    ",",
    "admin",
    "@example.com",
    "admin@",
    "a@b@example.com",
    "a b@example.com",
    "a@example.com b@example.com",
    "a@example.com;b@example.com",
    "a@example.com,admin",
    "Admin <a@example.com>",
    "a@example.com\r\nBcc: b@example.com",
    "a\u0000@example.com",
    "\u202ea@example.com",
    ".a@example.com",
    "a..b@example.com",
    "a@example..com",
    "a@-example.com",
    "a@example.com.",
    "a@192.0.2.1",
    `${"a".repeat(65)}@example.com`,
    `a@${"b".repeat(64)}.com`,
    `a@${"b.".repeat(130)}com`,
    Array.from({ length: 101 }, (_, index) => `a${index}@example.com`).join(),
  ],
  SMTP_USER: ["a\nb", "a".repeat(1_025)],
  SMTP_HOST: ["smtp://example.com", "example.com:465", "a b", "256.0.0.1", "[::1]"],
  SMTP_PORT: ["0", "65536"],
  SMTP_SECURITY: ["ssl", "TLS"],
  MAIL_FROM: ["Alarm <a@example.com>", "a@example.com,b@example.com"],
  HOST: ["*", "http://localhost"],
  PORT: ["-1", "65536", "8000.5", "1e3", "0x10", "٨"],
  DATABASE: [":memory:", "a\u0000b", "a".repeat(4_097)],
  PERIOD: ["0s", "366d", "1y", "90", "1.5m", "-5m", "5 m", "5M", "999999999999999w"],
  CHECK_EVERY: ["0m", "1s", "90s", "7m", "45m", "5h", "2d", "1w"],
  IGNORED_APPS: [",", "a b", "-x", "../x"],
  AUTO_REGISTER: ["yes", "1", "TRUE"],
  MAX_APPS: ["0", "10000001"],
  DIGEST_WINDOW: ["25h", "-1s", "never"],
  REMIND_EVERY: ["0s", "Never"],
  FLAPPING_FLIPS: ["1"],
  WATCHDOG_URL: [
    "example.com",
    "ftp://example.com",
    "javascript:alert(1)",
    "https:/user:key@example.com",
    "https://exa mple.com",
  ],
  LANGUAGE: ["de", "EN", "english"],
  TIMEZONE: ["Mars/Phobos", "+03:00", "\u0000"],
  BASE_URL: [
    "alive.example.com",
    "ftp://example.com",
    "https://example.com/?a=b",
    "https://example.com/?",
    "https://example.com/#top",
    "https://user:key@example.com/",
    "https://example.com/\n",
    `https://example.com/${"a".repeat(2_048)}`,
  ],
  ADMIN_TOKEN: ["0123456789abcde", "0123456789 abcdef", "0123456789abcdefж", "a".repeat(513)],
  TRUSTED_PROXIES: ["10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0", "fe80::1%eth0"],
  STATUS_TAGS: ["a".repeat(101), "a\tb"],
  RETAIN_HEARTBEATS: ["23h", "101y"],
  RETAIN_FLIPS: ["6d", "y", "1.5y"],
  LOG_LEVEL: ["trace"],
  LOG_FORMAT: ["xml"],
};

Deno.test("a setting's text is read", async (t) => {
  for (const [name, text, expected] of READ) {
    await t.step(`${name}=${text}`, () => {
      assert.deepEqual(SETTING_FORMS[name].read(text), expected);
    });
  }
});

Deno.test("a setting's text that is not of its form is refused", async (t) => {
  for (const [name, texts] of Object.entries(REFUSED)) {
    for (const text of texts) {
      await t.step(`${name}=${JSON.stringify(text).slice(0, 60)}`, () => {
        assert.equal(SETTING_FORMS[name as SettingName].read(text), null);
      });
    }
  }
});
