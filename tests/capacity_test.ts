import assert from "node:assert/strict";
import { capacity, percentage } from "../lib/capacity.ts";
import { DAY, MINUTE } from "../lib/clock.ts";
import { mailServer } from "./support/smtp_server.ts";
import { Person } from "./support/person.ts";
import { type TestService, testService, WINDOW } from "./support/service.ts";

/** Room for ten apps, none of which falls. */
const TEN = { maxApps: 10, defaults: { period: DAY, grace: DAY } };

async function register(service: TestService, from: number, to: number): Promise<void> {
  const apps = Array.from({ length: to - from + 1 }, (_, index) => ({ app_id: from + index }));
  await (await service.request("POST", "/api/apps/", apps)).text();
}

async function readiness(service: TestService): Promise<readonly unknown[]> {
  const response = await service.request("GET", "/readyz");
  return [response.status, await response.json()];
}

Deno.test("room for apps is scarce from 80 % on, and each step back leaves some way", () => {
  const of = (apps: number, before: Parameters<typeof capacity>[1]) =>
    capacity({ apps, most: 100 }, before);

  assert.deepEqual([of(79, "ample"), of(80, "ample"), of(99, "ample")], [
    "ample",
    "scarce",
    "scarce",
  ]);
  assert.deepEqual([of(100, "ample"), of(100, "scarce"), of(120, "full")], [
    "full",
    "full",
    "full",
  ]);
  assert.deepEqual([of(95, "full"), of(94, "full"), of(69, "full")], ["full", "scarce", "ample"]);
  assert.deepEqual([of(70, "scarce"), of(69, "scarce")], ["scarce", "ample"]);
  assert.equal(percentage({ apps: 999, most: 1_000 }), 99);
});

Deno.test("that there is scarcely room for apps, and that there is none, is one letter each, however often it is started", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail, config: TEN });

  await register(service, 1, 7);
  service.clock.advance(WINDOW);
  assert.equal(mail.letters.length, 0);
  await register(service, 8, 8);
  service.clock.advance(WINDOW);
  await service.logs("letter sent");
  await service.restart({}, { offFor: MINUTE });
  await register(service, 9, 9);
  await register(service, 10, 12);
  service.clock.advance(WINDOW);
  await service.logs("letter sent", 2);
  await service.restart({}, { offFor: MINUTE });
  await register(service, 13, 13);
  service.clock.advance(MINUTE);
  await (await service.request("POST", "/api/check")).text();

  assert.deepEqual(mail.letters.map(({ parsed }) => parsed.subject), [
    "8 of at most 10 apps are registered (MAX_APPS)",
    "No other app can register: there are 10 (MAX_APPS)",
  ]);
  const lines = service.logged.filter((line) => / apps (scarce|full) /.test(line));
  assert.deepEqual(lines.map((line) => line.slice(25)), [
    "warn  apps scarce apps=8 max_apps=10",
    "warn  apps full apps=10 max_apps=10",
  ]);
});

Deno.test("after there was room again it is told once more", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail, config: TEN });
  await register(service, 1, 8);
  service.clock.advance(WINDOW);
  await service.logs("letter sent");

  await service.restart({ maxApps: 100 });
  await service.restart({ maxApps: 10 });
  service.clock.advance(WINDOW);
  await service.logs("letter sent", 2);
  await (await service.request("DELETE", "/api/apps/1")).text();
  await (await service.request("PUT", "/api/apps/1", {})).text();
  service.clock.advance(WINDOW);
  await (await service.request("POST", "/api/check")).text();
  const steady = mail.letters.length;
  for (const app of [1, 2]) await (await service.request("DELETE", `/api/apps/${app}`)).text();
  await register(service, 11, 12);
  service.clock.advance(WINDOW);
  await service.logs("letter sent", 3);

  assert.equal(steady, 2);
  assert.equal(mail.letters.length, 3);
});

Deno.test("a letter about room for apps that comes too late is not sent", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail, config: TEN });
  mail.refuse({ at: "letter", code: 451, text: "4.7.1 greylisted" });
  await register(service, 1, 8);
  service.clock.advance(WINDOW);
  await service.logs("letter not sent");

  await service.restart({ maxApps: 100 });
  mail.refuse();
  await (await service.request("POST", "/api/check")).text();

  const { messages } = await (await service.request("GET", "/api/outbox")).json();
  assert.deepEqual(messages.map(({ kind, state }: Record<string, string>) => [kind, state]), [
    ["capacity", "suppressed"],
  ]);
  assert.equal(mail.letters.length, 0);
});

Deno.test("readyz and every page say how near the apps are to as many as there may be", async () => {
  await using service = await testService({ config: TEN });
  const [english, russian] = [
    await Person.logIn(service),
    await Person.logIn(service, { language: "ru" }),
  ];

  await register(service, 1, 7);
  assert.deepEqual(await readiness(service), [200, { status: "ok" }]);
  assert.doesNotMatch((await english.page("/")).text, /MAX_APPS/);

  await register(service, 8, 8);
  assert.deepEqual(await readiness(service), [200, {
    status: "ok",
    warnings: ["80 % of the most apps there may be are registered"],
  }]);
  assert.match((await english.page("/")).text, /8 of at most 10 apps are registered \(MAX_APPS\)/);

  await register(service, 9, 11);
  assert.deepEqual(await readiness(service), [503, {
    status: "failing",
    problems: ["no other app can register: MAX_APPS is reached"],
  }]);
  assert.match(
    (await russian.page("/")).text,
    /Новые приложения не регистрируются: занято 10 мест из 10 \(MAX_APPS\)/,
  );
});

Deno.test("whoever fills the room for apps does not silence the watchdog", async () => {
  await using watcher = await testService();
  await using service = await testService({
    config: { ...TEN, watchdogUrl: `${watcher.url}/ping/stillalive` },
  });
  await register(service, 1, 10);

  service.clock.advance(MINUTE);
  let apps: readonly unknown[] = [];
  while (apps.length === 0) {
    apps = (await (await watcher.request("GET", "/api/apps")).json()).apps;
  }

  assert.equal(apps.length, 1);
});
