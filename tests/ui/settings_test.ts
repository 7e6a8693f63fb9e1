import assert from "node:assert/strict";
import fc from "fast-check";
import { readConfig, type Setup } from "../../lib/config.ts";
import type { Texts } from "../../lib/setting_sources.ts";
import { SETTING_NAMES, SETTINGS } from "../../lib/settings.ts";
import { PROGRAM } from "../support/example_program.ts";
import { Person, textOf } from "../support/person.ts";
import { type TestService, testService, TOKEN } from "../support/service.ts";

const READ_TOKEN = "a-token-for-wall-screens";

/** Where a service under test listens. */
const HERE: Texts = { HOST: "127.0.0.1", PORT: "0" };

/** Starts a service as these settings would, but for its database. */
function serviceOf({ config, settings }: Setup): Promise<TestService> {
  const { database: _, ...rest } = config;
  return testService({ config: rest, settings });
}

function setup(environment: Texts, dotenv: Texts = {}, secret = ""): Setup {
  const given = { dotenv, environment: { ...HERE, ...environment } };
  return readConfig({ ...given, unclear: [], flags: {}, timeZone: "UTC" }, () => secret);
}

/** A setting's row: its name with what it means, its value, and where it comes from. */
function row(html: string, name: string): readonly string[] {
  const found = new RegExp(`<tr><th scope="row"><code>${name}</code>.*?</tr>`, "s").exec(html);
  return Array.from(found?.[0].matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/gs) ?? [], ([, cell = ""]) => {
    return textOf(cell);
  });
}

Deno.test("the page shows every setting in effect, and where it comes from", async (t) => {
  await using service = await serviceOf(
    setup({ ADMIN_TOKEN: TOKEN, PERIOD: "5m" }, { GRACE: "1m" }),
  );
  const guest = await Person.logIn(service);

  const { status, html } = await guest.get("/settings");

  assert.equal(status, 200);
  const cases = [
    ["PERIOD", "5m", "environment"],
    ["GRACE", "1m", ".env"],
    ["DIGEST_WINDOW", "3s", "default"],
    ["ADMIN_TOKEN", "******** set, and not shown", "environment"],
    ["READ_TOKEN", "not set", "–"],
    ["TIMEZONE", "UTC", "default"],
  ] as const;
  for (const [name, value, source] of cases) {
    await t.step(name, () => {
      assert.deepEqual(row(html, name), [`${name} ${SETTINGS[name].meaning}`, value, source]);
    });
  }
  await t.step("all of them, once each", () => {
    for (const name of SETTING_NAMES) {
      assert.equal(html.split(`<code>${name}</code>`).length, 2, name);
    }
  });
});

Deno.test("the page says what program it is, and where its database is and how big", async () => {
  await using service = await testService();
  const guest = await Person.logIn(service);

  const { text } = await guest.get("/settings");

  const path = Deno.realPathSync(service.config.database);
  const bytes = ["", "-wal", "-shm"]
    .map((part) => Deno.statSync(`${path}${part}`).size)
    .reduce((sum, size) => sum + size);
  const size = `${Math.round(bytes / 100) / 10} kB`;
  const { version, runtime, target } = PROGRAM;
  assert.ok(text.includes(`Version ${version} Runs on Deno ${runtime}, ${target}`), text);
  assert.ok(text.includes(`Database ${path} Size ${size}`), text);
});

Deno.test("readers see the settings as well", async () => {
  await using service = await serviceOf(
    setup({ ADMIN_TOKEN: TOKEN, READ_TOKEN, SMTP_HOST: "mail.example.org" }),
  );
  const reader = await Person.logIn(service, { token: READ_TOKEN });

  const { status, html } = await reader.get("/settings");

  assert.equal(status, 200);
  assert.equal(row(html, "SMTP_HOST")[1], "mail.example.org");
  assert.ok(!html.includes(READ_TOKEN));
});

Deno.test("the page of settings speaks Russian to a browser that asks for it", async () => {
  await using service = await serviceOf(setup({ ADMIN_TOKEN: TOKEN, MAX_APPS: "23" }));
  const guest = await Person.logIn(service, { language: "ru" });

  const { html, text } = await guest.get("/settings");

  assert.match(text, /Читаются один раз, при запуске/);
  assert.deepEqual(row(html, "MAX_APPS"), [
    "MAX_APPS сколько всего может быть приложений",
    "23",
    "окружение",
  ]);
  assert.deepEqual(row(html, "READ_TOKEN").slice(1), ["не задано", "–"]);
});

Deno.test("what settings mean is said in Russian as README.ru.md says it", async () => {
  const readme = await Deno.readTextFile(new URL("../../README.ru.md", import.meta.url));
  await using service = await serviceOf(setup({ ADMIN_TOKEN: TOKEN }));
  const guest = await Person.logIn(service, { language: "ru" });

  const { html } = await guest.get("/settings");

  for (const name of SETTING_NAMES) {
    const line = new RegExp(`^\\| \`${name}\` \\|[^|]*\\| (.*) \\|$`, "m").exec(readme)?.[1] ?? "";
    const meaning = line.replaceAll("`", "").replace(" [пока нет]", "");
    assert.ok(row(html, name)[0]?.startsWith(`${name} ${meaning}`), `${name}: ${meaning}`);
  }
});

Deno.test("hostile values are shown harmlessly", async () => {
  const tag = '<script>alert(1)</script>"><img src=x onerror=alert(1)>';
  const login = `${"x".repeat(1_000)}<b>`;
  const mail = { SMTP_USER: login, SMTP_PASSWORD: "x", MAIL_FROM: "a@example.org" };
  await using service = await serviceOf(
    setup({ ADMIN_TOKEN: TOKEN, STATUS_TAGS: tag, ...mail }),
  );
  const guest = await Person.logIn(service);

  const { html, text } = await guest.get("/settings");

  assert.ok(text.includes(tag));
  assert.ok(text.includes(login));
  assert.doesNotMatch(html, /<script>|<img|<b>/);
});

Deno.test("no secret is on the page, wherever it was said", async () => {
  const names = SETTING_NAMES.filter((name) => SETTINGS[name].isSecret);
  const secret = fc.stringMatching(/^s3cret-[A-Za-z0-9%&<>"']{12,30}$/);
  const place = fc.constantFrom("environment", ".env", "file");
  const property = fc.asyncProperty(secret, place, async (secret, place) => {
    // Tokens must not be the same, so each carries its name, too.
    const own = Object.fromEntries(names.map((name) => [name, `${secret}${name.toLowerCase()}`]));
    const login = encodeURIComponent(secret);
    const watchdog = `https://user:${login}@example.org/${login}?key=s3cret`;
    const files = Object.fromEntries(names.map((name) => [`${name}_FILE`, name]));
    const said = { WATCHDOG_URL: watchdog, ...(place === "file" ? files : own) };
    const sources = {
      dotenv: place === ".env" ? said : {},
      unclear: [],
      environment: { ...HERE, SMTP_USER: "a@b.c", ...(place === ".env" ? {} : said) },
      flags: {},
      timeZone: "UTC",
    };
    const read = readConfig(sources, (path) => own[path] ?? "");
    await using service = await serviceOf(read);
    const guest = await Person.logIn(service, { token: own.ADMIN_TOKEN ?? "" });

    const { html, text } = await guest.get("/settings");

    for (const name of names) assert.match(row(html, name)[1] ?? "", /^\*{8} set/, name);
    for (const each of [html, text]) assert.ok(!each.includes("s3cret"), each);
  });
  await fc.assert(property, { numRuns: 15 });
});
