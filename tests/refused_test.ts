import assert from "node:assert/strict";
import { MINUTE, SECOND } from "../lib/clock.ts";
import { letter } from "../lib/letter.ts";
import { appsNamedIn, type WhyRemembered } from "../lib/refused.ts";
import { REFUSED_WORDS } from "../lib/refused_words.ts";
import { facts, NOW, silent, style } from "./support/letters.ts";
import { type TestService, testService, WINDOW } from "./support/service.ts";
import { mailServer } from "./support/smtp_server.ts";
import { heartbeat, openStore, SILENCE, temporaryFolder } from "./support/store.ts";
import { FakeClock, START } from "./support/fake_clock.ts";

const REFUSED = { at: START + SECOND, reason: "wrong_token", address: "203.0.113.9" } as const;

Deno.test("the apps that a text names are found in it, be it JSON or the beginning of some", async (t) => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['{"app_id": 23}', ["23"]],
    ['{"app_id":"shop-backup","message":"disk "full""}', ["shop-backup"]],
    ['{"message":"x","app_id" : "23', []],
    ['[{"app_id":1},{"app_id":"a.b"},{"app_id":1}', ["1", "a.b"]],
    ['{"app_id": 1.5}', []],
    ['{"app_id": 12345678901234567890}', []],
    ['{"app_id": "../x"}', []],
    ['{"message": "{\\"app_id\\": 7}", "app_id": 8}', ["8"]],
    ["app_id=23", []],
    ["", []],
  ];
  for (const [text, expected] of cases) {
    await t.step(text, () => assert.deepEqual(appsNamedIn(text), expected));
  }
  await t.step("no more than a few", () => {
    const many = Array.from({ length: 5_000 }, (_, app) => `{"app_id":${app}}`).join();
    assert.equal(appsNamedIn(many).length, 100);
  });
});

Deno.test("a refused heartbeat makes nobody write, and is written with the next mark", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const clock = new FakeClock();
  const commits = async (of: { figures(): Promise<{ commits: { count: number } }> }) =>
    (await of.figures()).commits.count;
  {
    using store = await openStore({ path, clock });
    await store.beginListening();
    await store.record([heartbeat("a"), heartbeat("b")]);
    const before = await commits(store);

    for (let times = 0; times < 3; times++) await store.noteRefused(["x", "a"], REFUSED);
    assert.equal(await commits(store), before);
    assert.deepEqual((await store.explained("a"))?.refused, { ...REFUSED, times: 3 });

    clock.advance(MINUTE);
    await store.listen();
    await store.noteRefused(["a"], { ...REFUSED, reason: "wrong_kind" });
    assert.deepEqual((await store.explained("a"))?.refused, {
      ...REFUSED,
      reason: "wrong_kind",
      times: 4,
    });
  }

  // What came after the mark is lost with a crash.
  using again = await openStore({ path, clock });
  assert.deepEqual((await again.explained("a"))?.refused, { ...REFUSED, times: 3 });
  assert.equal((await again.explained("b"))?.refused, null);
});

Deno.test("a clean stop loses no refused heartbeat, and with an app they are forgotten", async () => {
  await using service = await testService();
  await service.beat(23);
  await refuse(service);

  await service.restart();
  const kept = await refused(service);
  await (await service.request("DELETE", "/api/apps/23")).text();
  await service.beat(23);

  assert.equal(kept.reason, "wrong_kind");
  assert.equal(await refused(service), null);
});

Deno.test("of very many apps no more are kept in memory than are written at one go", async () => {
  using store = await openStore({
    admission: { autoRegister: true, maxApps: 10_000, ignoredApps: new Set() },
  });
  const ids = Array.from({ length: 1_500 }, (_, app) => String(app));
  await store.record(ids.map((id) => heartbeat(id)));

  await store.noteRefused(ids, REFUSED);

  assert.equal((await store.explained("999"))?.refused?.times, 1);
  assert.equal((await store.explained("1000"))?.refused, null);
});

Deno.test("the letter that says it is down says what it did send, as late as it may have come", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  await service.beat(23);
  await service.beat("other");
  service.clock.advance(MINUTE);
  await refuse(service);

  service.clock.advance(SILENCE - MINUTE);
  await service.logs("app down", 2);
  service.clock.advance(WINDOW);
  await service.logs("letter sent");

  const text = mail.letters[0]?.parsed.text ?? "";
  assert.match(
    text.replaceAll(/\s+/g, " "),
    /23 No heartbeat for .* It did send something at 10:21, which was refused: there is no such kind of heartbeat \(from 127\.0\.0\.1\)/,
  );
  assert.equal(text.match(/which was/g)?.length, 1);
});

Deno.test("what was refused before an app's last heartbeat is in no letter", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  await service.beat(23);
  await refuse(service);
  service.clock.advance(SECOND);
  await service.beat(23);

  service.clock.advance(SILENCE);
  await service.logs("app down");
  service.clock.advance(WINDOW);
  await service.logs("letter sent");

  assert.doesNotMatch(mail.letters[0]?.parsed.text ?? "", /which was/);
});

Deno.test("a letter says why a heartbeat was refused, in English and Russian", async (t) => {
  const reasons = Object.keys(REFUSED_WORDS.en) as readonly WhyRemembered[];
  for (const reason of reasons) {
    await t.step(reason, () => {
      const at = NOW - 9 * MINUTE;
      const refusal = { at, reason, address: "203.0.113.9\u202e" };
      const told = facts({ down: [silent("23", { refusal })] });
      const of = (language: "en" | "ru") =>
        letter(told, style(language)).text.replaceAll(/\s+/g, " ");

      assert.ok(
        of("en").includes(
          `It did send something at 11:51, which was refused: ${
            REFUSED_WORDS.en[reason]
          } (from 203.0.113.9\\u202e)`,
        ),
      );
      assert.ok(
        of("ru").includes(
          `Сигнал всё же приходил (11:51), но был отклонён: ${
            REFUSED_WORDS.ru[reason]
          } (с адреса 203.0.113.9\\u202e)`,
        ),
      );
    });
  }
});

async function refuse(service: TestService): Promise<void> {
  await (await service.request("GET", "/ping/23/finished")).text();
}

async function refused(service: TestService) {
  return (await (await service.request("GET", "/api/apps/23/explain")).json()).refused;
}
