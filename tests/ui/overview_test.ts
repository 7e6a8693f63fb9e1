import assert from "node:assert/strict";
import { HOUR, MINUTE, SECOND } from "../../lib/clock.ts";
import { HOSTILE } from "../support/hostile.ts";
import { Person } from "../support/person.ts";
import { type TestService, testService } from "../support/service.ts";

/** The names of the apps on a page, in order. */
function namesOn(html: string): readonly string[] {
  return [...html.matchAll(/<li id="app-([^"]+)"/g)].map(([, id = ""]) => id);
}

/** Three apps that are up, of which one falls silent, one is late and one is well. */
async function serviceWithThree(): Promise<TestService> {
  const service = await testService();
  await service.beat("silent");
  service.clock.advance(25 * SECOND);
  await service.beat("late");
  service.clock.advance(60 * SECOND);
  await service.beat("well", { message: "OK:200" });
  service.clock.advance(5 * SECOND);
  return service;
}

Deno.test("the overview says in one sentence how things are, and shows the worst first", async () => {
  await using service = await serviceWithThree();
  const person = await Person.logIn(service);

  const { text, html } = await person.get("/");

  assert.match(text, /1 app is down, for 0 s 1 down 1 late 1 up/);
  assert.match(html, /<title>1 app is down, for 0 s – stillalive<\/title>/);
  assert.deepEqual(namesOn(html), ["silent", "late", "well"]);
  assert.match(text, /well up 5 s ago OK:200/);
});

Deno.test("what a person has set up stands before what only registered itself, whatever its id", async () => {
  await using service = await testService();
  for (const app of ["a-1", "b-1", "payments"]) await service.beat(app, { kind: "fail" });
  await (await service.request("PATCH", "/api/apps/payments", { name: "Payments" })).text();
  const person = await Person.logIn(service);

  const { html } = await person.get("/");

  assert.deepEqual(namesOn(html), ["payments", "a-1", "b-1"]);
});

Deno.test("of very many apps the overview says as of when they were counted, and no later", async () => {
  await using service = await testService({ config: { maxApps: 20_000 } });
  for (let batch = 0; batch <= 10; batch++) {
    const beats = Array.from({ length: 1_000 }, (_, index) => ({ app_id: batch * 1_000 + index }));
    await (await service.request("POST", "/api/apps/", beats)).text();
  }
  const person = await Person.logIn(service);
  const asOf = (html: string) => /As of\s*<time datetime="([^"]+)"/.exec(html)?.[1];
  const counted = async () => {
    const { text, html } = await person.get("/");
    return [asOf(html), /\d+ apps? (is|are) down/.exec(text)?.[0] ?? null];
  };
  const startedAt = new Date(service.clock.now()).toISOString();

  const before = await counted();
  service.clock.advance(9 * SECOND);
  await service.beat("7", { kind: "fail" });
  const remembered = await counted();
  service.clock.advance(SECOND);
  const anew = await counted();

  assert.deepEqual(before, [startedAt, null]);
  assert.deepEqual(remembered, [startedAt, null]);
  assert.deepEqual(anew, [new Date(service.clock.now()).toISOString(), "1 app is down"]);
});

Deno.test("when all is well the overview says so", async () => {
  await using service = await testService();
  for (const app of ["a", "b"]) await service.beat(app);

  const { text } = await (await Person.logIn(service)).get("/");

  assert.match(text, /All 2 apps are well/);
});

Deno.test("the overview speaks the language of the settings, or the browser's", async () => {
  await using service = await testService({ config: { language: "ru" } });
  await service.beat("a");
  service.clock.advance(2 * MINUTE);

  const russian = await (await Person.logIn(service)).get("/");
  const english = await (await Person.logIn(service)).get("/", { "Accept-Language": "en" });

  assert.match(russian.text, /1 приложение не в порядке, уже 30 с/);
  assert.match(russian.html, /<html lang="ru"/);
  assert.match(english.text, /1 app is down/);
});

Deno.test("apps are found by name, status and tag", async (t) => {
  await using service = await serviceWithThree();
  await (await service.request("PATCH", "/api/apps/well", { name: "Café", tags: ["db"] })).text();
  const person = await Person.logIn(service);
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["?q=CAF%C3%89", ["well"]],
    ["?status=down", ["silent"]],
    ["?tag=db", ["well"]],
    ["?status=down&tag=db", []],
    // What is no status is as if it were not there.
    ["?status=broken", ["silent", "late", "well"]],
    ["?q=&status=&tag=", ["silent", "late", "well"]],
  ];
  for (const [query, expected] of cases) {
    await t.step(query, async () => {
      assert.deepEqual(namesOn((await person.get(`/${query}`)).html), expected);
    });
  }
  assert.match((await person.get("/?q=nobody")).text, /No app is like that\./);
});

Deno.test("an app is found however its name or tag is written", async (t) => {
  await using service = await testService();
  const settings = { name: "Ночной учёт: бэкап", tags: ["Склад"] };
  await (await service.request("PUT", "/api/apps/backup", settings)).text();
  await service.beat("other");
  const person = await Person.logIn(service);
  for (
    const query of [
      { q: " бэкап " },
      { q: "БЭКАП" },
      { q: "учет" },
      { q: "НОЧНОИ\u0306 УЧЕ\u0308Т" },
      { q: "ночной  учёт" },
      { q: " BackUp" },
      { tag: " склад " },
    ]
  ) {
    await t.step(JSON.stringify(query), async () => {
      const asked = new URLSearchParams(query);
      const { apps } = await (await service.request("GET", `/api/apps?${asked}`)).json();
      const { html } = await person.get(`/?${asked}`);

      assert.deepEqual(apps.map(({ app_id: id }: { app_id: string }) => id), ["backup"]);
      assert.deepEqual(namesOn(html), ["backup"]);
    });
  }
});

Deno.test("a long list goes on from page to page, each app once", async () => {
  await using service = await testService();
  const apps = Array.from({ length: 120 }, (_, index) => ({ app_id: `app-${1_000 + index}` }));
  await (await service.request("POST", "/api/apps/", apps)).text();
  for (const app of [3, 77]) await service.beat(`app-${1_000 + app}`, { kind: "fail" });
  const person = await Person.logIn(service);

  const seen: string[] = [];
  for (let path: string | undefined = "/"; path !== undefined;) {
    const { html } = await person.get(path.replaceAll("&amp;", "&"));
    seen.push(...namesOn(html));
    path = /<a rel="next" href="([^"]+)"/.exec(html)?.[1];
  }

  assert.deepEqual(seen.slice(0, 2), ["app-1003", "app-1077"]);
  assert.deepEqual(seen.toSorted(), apps.map(({ app_id: id }) => id));
});

Deno.test("the last day is drawn, and told to those who do not see it", async () => {
  await using service = await testService();
  await service.beat("slow");
  await (await service.request("PATCH", "/api/apps/slow", { period: "1h", grace: "1m" })).text();
  service.clock.advance(HOUR);
  await service.beat("slow");
  service.clock.advance(2 * HOUR + MINUTE);

  const { html } = await (await Person.logIn(service)).get("/");

  assert.match(html, /aria-label="Last 24 hours: not judged 20 h 59 min, up 2 h 1 min, down 1 h"/);
  assert.match(html, /<path class="down" d="M383.5 0h16.5v20h-16.5z">/);
  // Two heartbeats, for an app that beats so seldom.
  assert.match(
    html,
    /<path class="beats" d="M366.5 3v14M349.5 3v14">/,
  );
  assert.match(html, /title="30 days">66\.\d+%</);
});

Deno.test("the overview says of which apps nobody is told for now, and why", async () => {
  await using service = await testService();
  for (const app of ["a", "b", "c", "d"]) await service.beat(app);
  await service.beat("c", { kind: "fail" });
  const asked = [
    ["/api/apps/a/snooze", { for: "4h" }],
    ["/api/maintenance", { app_id: "b", at: "2026-11-24T07:00:00Z", for: "2h" }],
    ["/api/apps/c/ack", {}],
  ] as const;
  for (const [path, body] of asked) {
    const response = await service.request("POST", path, body);
    assert.ok(response.ok, await response.text());
  }

  const english = (await (await Person.logIn(service)).page("/")).text;
  const russian = (await (await Person.logIn(service, { language: "ru" })).page("/")).text;

  assert.match(english, / a snoozed until 14:20 up /);
  assert.match(english, / b in maintenance until 12:00 up /);
  assert.match(english, / c acknowledged down /);
  assert.match(english, / d up /);
  assert.match(russian, / a тревога отложена до 14:20 в порядке /);
});

Deno.test("whatever apps say is shown and never obeyed", async () => {
  await using service = await testService();
  for (const [index, text] of HOSTILE.entries()) {
    await service.beat(index, { message: text });
    const settings = { name: Array.from(text).slice(0, 100).join("") };
    await (await service.request("PATCH", `/api/apps/${index}`, settings)).text();
  }

  const { html } = await (await Person.logIn(service)).get("/");

  assert.equal(namesOn(html).length, HOSTILE.length);
  assert.doesNotMatch(html, /<script>|<img|[\u202a-\u202e\u2066-\u2069\u200b]/);
});

Deno.test("no page loads anything from elsewhere, nor runs what is not ours", async () => {
  await using service = await serviceWithThree();
  const person = await Person.logIn(service);

  const { headers, html } = await person.get("/");

  const policy = headers.get("Content-Security-Policy") ?? "";
  assert.match(policy, /^default-src 'none'; style-src 'self'; script-src 'self'; /);
  assert.match(policy, /form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/);
  assert.doesNotMatch(policy, /unsafe|http|\*/);
  assert.doesNotMatch(html, / style=| on[a-z]+=|<style|(src|href)="(?!\/)(?!#)/);
  assert.equal(headers.get("Cache-Control"), "no-store");
  for (const [, path = ""] of html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
    const asset = await person.get(path);
    assert.equal(asset.status, 200, path);
    assert.match(asset.headers.get("Cache-Control") ?? "", /immutable/);
  }
});

Deno.test("the script is small", async () => {
  await using service = await testService();
  const person = await Person.logIn(service);

  const path = /src="([^"]+page\.js)"/.exec((await person.get("/")).html)?.[1] ?? "";

  assert.ok((await person.get(path)).html.length < 16_000);
});
