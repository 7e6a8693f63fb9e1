import assert from "node:assert/strict";
import fc from "fast-check";
import { configTable } from "../lib/cli/config_table.ts";
import { DAY, MINUTE, SECOND, WEEK } from "../lib/clock.ts";
import { problemsText, readConfig, type Setup } from "../lib/config.ts";
import { AppError } from "../lib/errors.ts";
import type { Sources } from "../lib/setting_sources.ts";
import { SETTING_KEYS, SETTING_NAMES, SETTINGS } from "../lib/settings.ts";

const TOKEN = "correct-horse-battery-staple";

const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

const MAIL = { SMTP_USER: "robot@example.com", SMTP_PASSWORD: "app password" };

Deno.test("readConfig() has a default for everything", () => {
  const { config, warnings } = setup({ timeZone: "Europe/Moscow" });

  assert.deepEqual(config, {
    adminEmails: [],
    smtp: null,
    host: "0.0.0.0",
    port: 8000,
    database: "stillalive.db",
    defaults: { period: MINUTE, grace: 30 * SECOND },
    checkEvery: MINUTE,
    ignoredApps: new Set(),
    autoRegister: true,
    maxApps: 100_000,
    timing: { digestWindow: 3 * SECOND, mailInterval: MINUTE, remindEvery: DAY, mailProof: WEEK },
    flappingFlips: 6,
    watchdogUrl: null,
    language: "en",
    timeZone: "Europe/Moscow",
    baseUrl: null,
    adminToken: null,
    readToken: null,
    heartbeatToken: null,
    trustedProxies: [],
    statusTags: [],
    retainHeartbeats: 30 * DAY,
    retainFlips: 730 * DAY,
    pruneImported: false,
    logLevel: "info",
    logFormat: "text",
  });
  assert.deepEqual(warnings, []);
});

Deno.test("a flag wins over the environment, which wins over .env", async (t) => {
  const cases: readonly (readonly [Partial<Sources>, number, string])[] = [
    [{}, 8000, "default"],
    [{ dotenv: { PORT: "1" } }, 1, ".env"],
    [{ dotenv: { PORT: "1" }, environment: { PORT: "2" } }, 2, "environment"],
    [{ environment: { PORT: "2" }, flags: { PORT: "3" } }, 3, "--port"],
    [{ dotenv: { PORT: "1" }, environment: { PORT: "" }, flags: { PORT: " " } }, 1, ".env"],
  ];
  for (const [sources, port, source] of cases) {
    await t.step(JSON.stringify(sources), () => {
      const { config, settings } = setup(sources);

      assert.equal(config.port, port);
      assert.equal(settings.find(({ name }) => name === "PORT")?.source, source);
    });
  }
});

Deno.test("readConfig() names every problem at once, each with value, source and form", () => {
  const text = problems({
    dotenv: { PERIOD: "5 parsecs" },
    environment: { PORT: "65536", ADMIN_TOKEN: "too-short" },
    flags: { LOG_LEVEL: "loud" },
  });

  assert.equal(
    text,
    [
      "Cannot start: 4 settings are wrong",
      '  PORT is "65536" (environment): expected a whole number from 0 to 65535',
      '  PERIOD is "5 parsecs" (.env): expected a form like "90s", "5m", "2h", "1d" or "1w", ' +
      "from 1s to 365d",
      "  ADMIN_TOKEN is ******** (environment): " +
      "expected 16 to 512 letters, digits and signs of ASCII, no spaces",
      '  LOG_LEVEL is "loud" (--log-level): expected "debug", "info", "warn" or "error"',
    ].join("\n"),
  );
});

Deno.test("a problem shows control characters escaped and a long value cut", () => {
  const text = problems({ environment: { PORT: `\u001b[31m\u202e${"9".repeat(1_000)}` } });

  assert.match(text, /^ {2}PORT is "\\u001b\[31m\\u202e9{194}…" \(environment\)/m);
});

Deno.test("a secret comes from the file that NAME_FILE names, without its line break", () => {
  const files = { "/run/secrets/token": `${TOKEN}\r\n` };
  const { config, settings } = setup(
    { environment: { ADMIN_TOKEN_FILE: "/run/secrets/token" } },
    files,
  );

  assert.equal(config.adminToken, TOKEN);
  assert.deepEqual(settings.find(({ name }) => name === "ADMIN_TOKEN"), {
    name: "ADMIN_TOKEN",
    value: { kind: "secret" },
    source: 'environment, file "/run/secrets/token"',
  });
});

Deno.test("the higher source of a secret wins, be it the text or the file", async (t) => {
  const files = { "/token": "the-token-from-the-file" };
  const cases: readonly (readonly [Partial<Sources>, string])[] = [
    [{ dotenv: { READ_TOKEN_FILE: "/missing" }, environment: { READ_TOKEN: TOKEN } }, TOKEN],
    [{ dotenv: { READ_TOKEN: TOKEN }, flags: { READ_TOKEN_FILE: "/token" } }, files["/token"]],
    [{ environment: { READ_TOKEN: "", READ_TOKEN_FILE: "/token" } }, files["/token"]],
  ];
  for (const [sources, expected] of cases) {
    await t.step(JSON.stringify(sources), () => {
      assert.equal(setup(sources, files).config.readToken, expected);
    });
  }
});

Deno.test("a secret that cannot be had is a problem", async (t) => {
  const files = { "/empty": "\n", "/short": "short" };
  const cases: readonly (readonly [string, Partial<Sources>, string])[] = [
    [
      "both",
      { flags: { ADMIN_TOKEN: TOKEN, ADMIN_TOKEN_FILE: "/t" } },
      "ADMIN_TOKEN and ADMIN_TOKEN_FILE are both set " +
      "(--admin-token and --admin-token-file): expected one of them",
    ],
    [
      "a missing file",
      { environment: { ADMIN_TOKEN_FILE: "/missing" } },
      'ADMIN_TOKEN_FILE is "/missing" (environment): cannot read it: no such file',
    ],
    [
      "an empty file",
      { dotenv: { HEARTBEAT_TOKEN_FILE: "/empty" } },
      'HEARTBEAT_TOKEN_FILE is "/empty" (.env): expected a secret in it, but it is empty',
    ],
    [
      "a wrong text in a file",
      { environment: { READ_TOKEN_FILE: "/short" } },
      'READ_TOKEN is ******** (environment, file "/short"): ' +
      "expected 16 to 512 letters, digits and signs of ASCII, no spaces",
    ],
  ];
  for (const [name, sources, expected] of cases) {
    await t.step(name, () => {
      assert.equal(problems(sources, files), `Cannot start: 1 setting is wrong\n  ${expected}`);
    });
  }
});

Deno.test("tokens must differ from each other", () => {
  const text = problems({
    environment: { ADMIN_TOKEN: TOKEN, READ_TOKEN: TOKEN, HEARTBEAT_TOKEN: TOKEN },
  });

  assert.equal(
    text,
    [
      "Cannot start: 2 settings are wrong",
      "  READ_TOKEN is ******** (environment): expected another one than ADMIN_TOKEN",
      "  HEARTBEAT_TOKEN is ******** (environment): expected another one than ADMIN_TOKEN",
      "  HEARTBEAT_TOKEN is ******** (environment): expected another one than READ_TOKEN",
    ].join("\n"),
  );
});

Deno.test("mail by Yandex needs no more than login and password", () => {
  const { config } = setup({ environment: MAIL });

  assert.deepEqual(config.smtp, {
    host: "smtp.yandex.ru",
    port: 465,
    security: "tls",
    login: { user: "robot@example.com", password: "app password" },
    authorities: null,
    from: "robot@example.com",
    name: "example.com",
  });
});

Deno.test("the port decides how mail is secured, unless it is said", async (t) => {
  const cases = [
    [{ SMTP_PORT: "465" }, "tls"],
    [{ SMTP_PORT: "587" }, "starttls"],
    [{ SMTP_PORT: "25", SMTP_SECURITY: "none" }, "none"],
    [{ SMTP_PORT: "2465", SMTP_SECURITY: "tls" }, "tls"],
  ] as const;
  for (const [environment, security] of cases) {
    await t.step(JSON.stringify(environment), () => {
      assert.equal(
        setup({ environment: { ...MAIL, ...environment } }).config.smtp?.security,
        security,
      );
    });
  }
});

Deno.test("the program greets a mail server by a host name in ASCII", async (t) => {
  const cases = [
    [{ MAIL_FROM: "alarm@example.com" }, "example.com"],
    [{ MAIL_FROM: "alarm@почта.рф" }, "xn--80a1acny.xn--p1ai"],
    [
      { MAIL_FROM: "a@example.com", BASE_URL: "https://alive.example.org:8443/x" },
      "alive.example.org",
    ],
    [{ MAIL_FROM: "a@example.com", BASE_URL: "http://192.0.2.1:8000" }, "example.com"],
    [{ MAIL_FROM: "a@example.com", BASE_URL: "http://[::1]:8000" }, "example.com"],
  ] as const;
  for (const [environment, name] of cases) {
    await t.step(JSON.stringify(environment), () => {
      assert.equal(setup({ environment }).config.smtp?.name, name);
    });
  }
});

Deno.test("mail that cannot leave as it is set up is a problem", async (t) => {
  const cases: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [
      { SMTP_USER: "a@example.com" },
      'SMTP_USER is "a@example.com" (environment): expected SMTP_PASSWORD beside it',
    ],
    [
      { SMTP_PASSWORD: "secret" },
      "SMTP_PASSWORD is ******** (environment): expected SMTP_USER beside it",
    ],
    [
      { SMTP_USER: "robot", SMTP_PASSWORD: "secret" },
      'SMTP_USER is "robot" (environment): ' +
      "expected MAIL_FROM beside it, for this is no address to send from",
    ],
    [
      { SMTP_CA_FILE: "/missing" },
      'SMTP_CA_FILE is "/missing" (environment): cannot read it: no such file',
    ],
    [
      { SMTP_CA_FILE: "/notes" },
      'SMTP_CA_FILE is "/notes" (environment): expected a PEM file with a certificate in it',
    ],
  ];
  for (const [environment, expected] of cases) {
    await t.step(JSON.stringify(environment), () => {
      const text = problems({ environment }, { "/notes": "to do" });

      assert.equal(text, `Cannot start: 1 setting is wrong\n  ${expected}`);
    });
  }
});

Deno.test("a login that is no address sends from MAIL_FROM, with authorities from a file", () => {
  const environment = {
    ...MAIL,
    SMTP_USER: "robot",
    MAIL_FROM: "alarm@example.com",
    SMTP_CA_FILE: "/ca.pem",
  };
  const { config } = setup({ environment }, { "/ca.pem": CERTIFICATE });

  assert.equal(config.smtp?.from, "alarm@example.com");
  assert.equal(config.smtp?.authorities, CERTIFICATE);
});

Deno.test("a locale list that a system exports as LANGUAGE is no problem", async (t) => {
  const cases = [
    ["en_US:en", "en"],
    ["ru_RU.UTF-8:ru", "ru"],
    ["de_DE:ru_RU@euro:en", "ru"],
    ["de_DE:de", "en"],
  ] as const;
  for (const [text, language] of cases) {
    await t.step(text, () => {
      assert.equal(setup({ environment: { LANGUAGE: text } }).config.language, language);
    });
  }
});

Deno.test("a time zone that the system has no name for becomes UTC", () => {
  assert.equal(setup({ timeZone: "Etc/Unknown" }).config.timeZone, "UTC");
});

Deno.test("a key of .env that is no setting is warned of, without its value", () => {
  const { warnings } = setup({ dotenv: { ADMIN_EMAIL: "a@example.com", ADMIN_TOKEN_FILE: "" } });

  assert.deepEqual(warnings, ["ADMIN_EMAIL is set (.env), but there is no such setting"]);
});

Deno.test("lines of .env that are not clear are told with all else that is wrong", () => {
  const message = "SMTP_USER is set a second time (.env, line 2): expected it once";
  const text = problems({
    unclear: [{ path: "SMTP_USER", message }],
    environment: { PORT: "x" },
  });

  assert.equal(
    text,
    `Cannot start: 2 settings are wrong\n  ${message}\n` +
      '  PORT is "x" (environment): expected a whole number from 0 to 65535',
  );
});

Deno.test("quotes that nobody took off are told of, as docker run --env-file leaves them", async (t) => {
  const hint = "its quotes are a part of it, as docker run --env-file keeps them; leave them out";

  await t.step("where the form refuses them", () => {
    assert.equal(
      problems({ environment: { PORT: '"8000"' } }),
      "Cannot start: 1 setting is wrong\n" +
        `  PORT is ""8000"" (environment): expected a whole number from 0 to 65535; ${hint}`,
    );
  });
  await t.step("where it does not", () => {
    const environment = { ...MAIL, SMTP_PASSWORD: "'app password'", DATABASE: '"a.db"' };
    const { warnings } = setup({ environment });

    assert.deepEqual(warnings, [
      `SMTP_PASSWORD is in quotes (environment): ${hint}, unless they are meant`,
      `DATABASE is in quotes (environment): ${hint}, unless they are meant`,
    ]);
  });
  await t.step("in a file", () => {
    const environment = { ADMIN_TOKEN_FILE: "/token" };
    const { warnings } = setup({ environment }, { "/token": `"${TOKEN}"` });

    assert.deepEqual(warnings, [
      'ADMIN_TOKEN is in quotes (environment, file "/token"): ' +
      "its quotes are a part of it; leave them out, unless they are meant",
    ]);
  });
  await t.step("not where they are text", () => {
    const { warnings } = setup({ environment: { ...MAIL, SMTP_PASSWORD: "it's", HOST: "a" } });

    assert.deepEqual(warnings, []);
  });
});

Deno.test("what is in effect is told as it was worked out", () => {
  const { settings } = setup({
    environment: { ...MAIL, LANGUAGE: "ru_RU:ru", SMTP_PORT: "587" },
    timeZone: "Europe/Moscow",
  });

  const told = Object.fromEntries(settings.map(({ name, value }) => [name, value]));
  assert.deepEqual(told["LANGUAGE"], { kind: "text", text: "ru" });
  assert.deepEqual(told["SMTP_SECURITY"], { kind: "text", text: "starttls" });
  assert.deepEqual(told["MAIL_FROM"], { kind: "text", text: "robot@example.com" });
  assert.deepEqual(told["TIMEZONE"], { kind: "text", text: "Europe/Moscow" });
  assert.deepEqual(told["BASE_URL"], { kind: "unset" });
});

Deno.test("whatever the texts are, readConfig() reads them or says what is wrong", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.webUrl({ withQueryParameters: true }),
    fc.emailAddress(),
    fc.ipV4(),
    fc.constantFrom("1m", "0s", "never", "true", "23", ",", "::1/64", "ru_RU:ru", "\u0000"),
  );
  const texts = fc.dictionary(fc.constantFrom(...SETTING_KEYS, "__proto__", "OTHER"), text);
  fc.assert(fc.property(texts, texts, texts, text, (dotenv, environment, flags, content) => {
    const sources = { dotenv, unclear: [], environment, flags, timeZone: "UTC" };
    const outcome = attempt(() => readConfig(sources, () => content));

    assert.ok(!(outcome instanceof AppError) || outcome.code === "unusable");
    assert.ok(!(outcome instanceof AppError) || outcome.details.length > 0);
  }));
});

Deno.test("of the watchdog's address only its host is shown, for its path is the key to it", async (t) => {
  const cases = [
    ["https://hc-ping.com/5ca1ab1e-0000", "https://hc-ping.com/********"],
    ["https://hc-ping.com:8443/?key=5ca1ab1e", "https://hc-ping.com:8443/********"],
    ["http://watchdog.example.com/", "http://watchdog.example.com/"],
  ] as const;
  for (const [url, text] of cases) {
    await t.step(url, () => {
      const { config, settings } = setup({ environment: { WATCHDOG_URL: url } });

      const { value } = settings.find(({ name }) => name === "WATCHDOG_URL") ?? {};
      assert.equal(config.watchdogUrl, url);
      assert.deepEqual(value, { kind: "text", text });
    });
  }
  await t.step("nor where it is wrong", () => {
    const text = problems({ environment: { WATCHDOG_URL: "hc-ping.com/5ca1ab1e" } });

    assert.match(text, /^ {2}WATCHDOG_URL is "\*{8}" \(environment\): expected /m);
  });
});

Deno.test("no secret is in anything that can be shown", () => {
  const secret = fc.stringMatching(/^%S3cret[a-z]{1,20}[ é]?$/);
  const name = fc.constantFrom(...SETTING_NAMES.filter((each) => SETTINGS[each].isSecret));
  const more = fc.dictionary(
    fc.constantFrom(...SETTING_KEYS),
    fc.constantFrom("", "1m", "x", "a@b.c"),
  );
  const place = fc.constantFrom(
    ...["text", "file", "url", "path", "no url", "failed url", "half a url"] as const,
  );
  fc.assert(fc.property(name, secret, more, place, (name, secret, more, place) => {
    const said = {
      "text": { [name]: secret },
      "file": { [`${name}_FILE`]: "/secret" },
      "url": { WATCHDOG_URL: `https://user:${secret.trim()}@example.com/?key=${secret.trim()}` },
      "path": { WATCHDOG_URL: `https://example.com/${secret.trim()}/start#${secret.trim()}` },
      "no url": { WATCHDOG_URL: `example.com/${secret}` },
      "half a url": { WATCHDOG_URL: `https:/user:${secret}@example.com` },
      "failed url": { BASE_URL: `ftp://user:${secret}@exa mple?key=${secret}` },
    }[place];
    const environment = { ...more, ...said };
    const dotenv = { OTHER: secret };
    const sources = { dotenv, unclear: [], environment, flags: {}, timeZone: "UTC" };
    const outcome = attempt(() => readConfig(sources, () => secret));
    const output = outcome instanceof AppError
      ? problemsText(outcome)
      : [configTable(outcome.settings), JSON.stringify(outcome.settings), ...outcome.warnings]
        .join();

    assert.ok(!output.includes("S3cret"), output);
  }));
});

function setup(sources: Partial<Sources>, files: Readonly<Record<string, string>> = {}): Setup {
  return readConfig(
    { dotenv: {}, unclear: [], environment: {}, flags: {}, timeZone: "UTC", ...sources },
    (path) => {
      const text = files[path];
      if (text === undefined) throw new Error("no such file");
      return text;
    },
  );
}

/** What is told of settings that are wrong. */
function problems(sources: Partial<Sources>, files: Readonly<Record<string, string>> = {}): string {
  const outcome = attempt(() => setup(sources, files));
  assert.ok(outcome instanceof AppError);
  return problemsText(outcome);
}

/** What a function returns, or the fault of the caller that it throws. */
function attempt<Result>(act: () => Result): Result | AppError {
  try {
    return act();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}
