import assert from "node:assert/strict";
import { DAY, type Duration, HOUR, type Instant, MINUTE, SECOND } from "../lib/clock.ts";
import { type TestService, testService } from "./support/service.ts";
import { type MailServer, mailServer } from "./support/smtp_server.ts";

const WINDOW = 3 * SECOND;

/** From a success of the nightly app to when it is due, and to its deadline. */
const PERIOD = DAY;
const GRACE = 35 * MINUTE;
const SILENCE = PERIOD + GRACE;

/** A service with an app that is expected each night, and the instant at which that was heard. */
async function nightly(
  mail: MailServer,
): Promise<{ readonly service: TestService; readonly heardAt: Instant }> {
  const service = await testService({ mail });
  const settings = { name: "Backup", period: "1d", grace: "35m" };
  await (await service.request("PUT", "/api/apps/backup", settings)).text();
  await service.beat("backup");
  return { service, heardAt: service.clock.now() };
}

/** Is off for two seconds, within the span in which the app is expected. */
async function missIt(service: TestService, heardAt: Instant, off: Duration = 2 * SECOND) {
  service.clock.moveTo(heardAt + PERIOD + 10 * MINUTE);
  await service.restart({}, { offFor: off });
}

/** The debts of all news, by what it is and how it stands. */
async function account(service: TestService): Promise<readonly (readonly unknown[])[]> {
  const { messages } = await (await service.request("GET", "/api/outbox")).json();
  return messages.map(({ kind, state, debts }: Record<string, unknown>) => [kind, state, debts]);
}

function debts(changes: object): object {
  return { waiting: 0, sent: 0, suppressed: 0, failed: 0, ...changes };
}

Deno.test("an alarm that two seconds off put off by a day is told of at its old deadline, as what it is", async () => {
  await using mail = await mailServer();
  const { service, heardAt } = await nightly(mail);
  await using _ = service;

  await missIt(service, heardAt);
  service.clock.moveTo(heardAt + SILENCE - 1);
  const early = mail.letters.length;
  const before = await service.app("backup");
  service.clock.advance(1);
  await (await service.request("POST", "/api/check")).text();
  service.clock.advance(WINDOW);
  await service.logs("letter sent");

  const [letter, ...more] = mail.letters;
  assert.equal(early, 0);
  assert.equal(before.status, "unknown");
  assert.equal(letter?.parsed.subject, "1 app is unknown: backup");
  assert.equal(
    letter?.parsed.text,
    `1 app is unknown
================

Backup (backup)
  Expected between 10:20 and 10:55; nothing has come since
  It may have been missed: stillalive did not run, from
    10:30:49 to 10:30:51
  If it stays silent, it is down at 26 Nov, 11:05


Times are in Europe/Moscow (GMT+3)
Sent by stillalive
`,
  );
  assert.deepEqual(more, []);
  assert.deepEqual(service.logged.filter((line) => line.includes("app down")), []);
  assert.deepEqual(await account(service), [["news", "sent", debts({ sent: 1 })]]);
});

Deno.test("if it stays silent it is down at its new deadline", async () => {
  await using mail = await mailServer();
  const { service, heardAt } = await nightly(mail);
  await using _ = service;
  await missIt(service, heardAt);
  service.clock.moveTo(heardAt + SILENCE);
  await (await service.request("POST", "/api/check")).text();
  service.clock.advance(WINDOW);
  await service.logs("letter sent");

  service.clock.moveTo(heardAt + PERIOD + 10 * MINUTE + 2 * SECOND + SILENCE);
  await service.logs("app down");
  service.clock.advance(WINDOW);
  await service.logs("letter sent", 2);

  assert.deepEqual(mail.letters.map(({ parsed }) => parsed.subject), [
    "1 app is unknown: backup",
    "1 app is down: backup",
  ]);
});

Deno.test("a heartbeat before the letter is taken suppresses it", async () => {
  await using mail = await mailServer();
  const { service, heardAt } = await nightly(mail);
  await using _ = service;
  mail.refuse({ at: "letter", code: 451, text: "4.7.1 greylisted" });
  await missIt(service, heardAt);
  service.clock.moveTo(heardAt + SILENCE);
  await (await service.request("POST", "/api/check")).text();
  service.clock.advance(WINDOW);
  await service.logs("letter not sent");

  await service.beat("backup");
  service.clock.advance(HOUR);
  await (await service.request("POST", "/api/check")).text();

  assert.equal((await service.app("backup")).status, "up");
  assert.deepEqual(mail.letters, []);
  assert.deepEqual(await account(service), [["news", "suppressed", debts({ suppressed: 1 })]]);
});

Deno.test("a heartbeat after the letter is a line in the next one, whatever that tells", async () => {
  await using mail = await mailServer();
  const { service, heardAt } = await nightly(mail);
  await using _ = service;
  await missIt(service, heardAt);
  service.clock.moveTo(heardAt + SILENCE);
  await (await service.request("POST", "/api/check")).text();
  service.clock.advance(WINDOW);
  await service.logs("letter sent");

  await service.beat("backup");
  service.clock.advance(HOUR);
  const untilThen = mail.letters.length;
  for (const app of ["web", "shop"]) {
    await service.beat(app, { kind: "fail" });
    service.clock.advance(WINDOW);
    await service.logs("letter sent", app === "web" ? 2 : 3);
  }

  const [, second, third] = mail.letters.map(({ parsed }) => parsed.text ?? "");
  assert.equal(untilThen, 1);
  assert.match(second ?? "", /1 app was heard after all\n=+\n\nBackup \(backup\): heard at /);
  assert.doesNotMatch(third ?? "", /heard after all/);
});

Deno.test("an app whose old deadline passed while we were off is told of at the start", async () => {
  await using mail = await mailServer();
  const { service, heardAt } = await nightly(mail);
  await using _ = service;
  service.clock.moveTo(heardAt + PERIOD - HOUR);

  await service.restart({}, { offFor: 3 * HOUR });
  await (await service.request("POST", "/api/check")).text();
  service.clock.advance(WINDOW);
  await service.logs("letter sent");

  const [letter, ...more] = mail.letters;
  assert.equal(letter?.parsed.subject, "1 app is unknown: backup");
  // No letter about the gap beside it: there is nobody else to tell of.
  assert.deepEqual(more, []);
});

Deno.test("a further gap of more than an hour is told of in its turn", async () => {
  await using mail = await mailServer();
  const { service, heardAt } = await nightly(mail);
  await using _ = service;
  await missIt(service, heardAt);
  const promised = service.clock.now() + SILENCE;
  service.clock.moveTo(heardAt + SILENCE);
  await (await service.request("POST", "/api/check")).text();
  service.clock.advance(WINDOW);
  await service.logs("letter sent");

  service.clock.advance(HOUR);
  await service.restart({}, { offFor: 2 * HOUR });
  service.clock.moveTo(promised);
  await (await service.request("POST", "/api/check")).text();
  service.clock.advance(WINDOW);
  await service.logs("letter sent", 2);

  const [, second] = mail.letters.map(({ parsed }) => parsed);
  assert.equal(second?.subject, "1 app is unknown: backup");
  assert.match(second?.text ?? "", /did not run, from 25\s+Nov, 11:55 to 25 Nov, 13:55\n/);
});

Deno.test("in a snooze nobody is told, and when that ends it is", async () => {
  await using mail = await mailServer();
  const { service, heardAt } = await nightly(mail);
  await using _ = service;
  await missIt(service, heardAt);
  await (await service.request("POST", "/api/apps/backup/snooze", { for: "2h" })).text();
  const snoozedUntil = service.clock.now() + 2 * HOUR;

  service.clock.moveTo(snoozedUntil - 1);
  await (await service.request("POST", "/api/check")).text();
  service.clock.advance(0);
  const early = mail.letters.length;
  service.clock.moveTo(snoozedUntil);
  await (await service.request("POST", "/api/check")).text();
  service.clock.advance(WINDOW);
  await service.logs("letter sent");

  const letter = mail.letters[0]?.parsed;
  assert.equal(early, 0);
  assert.equal(letter?.subject, "1 app is unknown: backup");
  assert.match(letter?.text ?? "", /Expected between 10:20 and 10:55; nothing has come since\n/);
});

Deno.test("a snooze that ends when the app is soon down leaves that to be told alone", async () => {
  await using mail = await mailServer();
  const { service, heardAt } = await nightly(mail);
  await using _ = service;
  await missIt(service, heardAt);
  await (await service.request("POST", "/api/apps/backup/snooze", { for: "24h" })).text();

  service.clock.moveTo(heardAt + SILENCE);
  await (await service.request("POST", "/api/check")).text();
  const explained = await (await service.request("GET", "/api/apps/backup/explain")).json();
  service.clock.moveTo(heardAt + PERIOD + 10 * MINUTE + 2 * SECOND + SILENCE);
  await service.logs("app down");
  service.clock.advance(WINDOW);
  await service.logs("letter sent");

  assert.equal(explained.next.unknown_told_at, null);
  assert.deepEqual(mail.letters.map(({ parsed }) => parsed.subject), ["1 app is down: backup"]);
});

Deno.test("who ends what keeps an app quiet is told at once what it held back, and once", async (t) => {
  const here = "/api/apps/backup/snooze";
  const cases:
    readonly (readonly [string, (service: TestService) => Promise<() => Promise<Response>>])[] = [
      ["a snooze", async (service) => {
        await (await service.request("POST", here, { for: "5h" })).text();
        return () => service.request("POST", here, { for: null });
      }],
      ["maintenance", async (service) => {
        const at = new Date(service.clock.now()).toISOString();
        const window = { all: true, at, for: "5h" };
        const { id } = await (await service.request("POST", "/api/maintenance", window)).json();
        return () => service.request("DELETE", `/api/maintenance/${id}`);
      }],
    ];
  for (const [name, begin] of cases) {
    await t.step(name, async () => {
      await using mail = await mailServer();
      const { service, heardAt } = await nightly(mail);
      await using _ = service;
      await missIt(service, heardAt);
      const end = await begin(service);
      const told = () =>
        service.request("GET", "/api/apps/backup/explain")
          .then((response) => response.json())
          .then(({ next }) => next.unknown_told_at);
      const until = service.clock.now() + 5 * HOUR;
      service.clock.moveTo(heardAt + SILENCE);
      await (await service.request("POST", "/api/check")).text();
      const toldAt = await told();

      service.clock.advance(HOUR);
      await (await end()).text();
      const toldNow = await told();
      await (await service.request("POST", "/api/check")).text();
      service.clock.advance(WINDOW);
      await service.logs("letter sent");
      service.clock.moveTo(until);
      await (await service.request("POST", "/api/check")).text();
      service.clock.advance(WINDOW);

      const [letter, ...more] = mail.letters.map(({ parsed }) => parsed);
      assert.equal(toldAt, new Date(until).toISOString());
      assert.equal(toldNow, new Date(heardAt + SILENCE).toISOString());
      assert.match(
        letter?.text ?? "",
        /Expected between 10:20 and 10:55; nothing has come since\n/,
      );
      assert.deepEqual(more, []);
    });
  }
});

Deno.test("of a paused or forgotten app nobody is told any more", async (t) => {
  for (const [method, path] of [["POST", "backup/pause"], ["DELETE", "backup"]] as const) {
    await t.step(`${method} ${path}`, async () => {
      await using mail = await mailServer();
      const { service, heardAt } = await nightly(mail);
      await using _ = service;
      await missIt(service, heardAt);
      service.clock.moveTo(heardAt + SILENCE);
      await (await service.request("POST", "/api/check")).text();

      await (await service.request(method, `/api/apps/${path}`)).text();
      service.clock.advance(HOUR);
      await (await service.request("POST", "/api/check")).text();

      assert.deepEqual(mail.letters, []);
    });
  }
});

Deno.test("explain says when people are told, and that they were", async () => {
  await using mail = await mailServer();
  const { service, heardAt } = await nightly(mail);
  await using _ = service;

  await missIt(service, heardAt);
  const explained = await (await service.request("GET", "/api/apps/backup/explain")).json();

  assert.equal(explained.next.unknown_told_at, new Date(heardAt + SILENCE).toISOString());
  assert.match(explained.text[1], /a letter says at .* that nobody knows how it is/);
});

Deno.test("a gap that puts an alarm off by less than an hour is told of by no such letter", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  await (await service.request("PUT", "/api/apps/hourly", { period: "20m", grace: "10m" })).text();
  await service.beat("hourly");
  service.clock.advance(25 * MINUTE);

  await service.restart({}, { offFor: 2 * SECOND });
  const now = service.clock.now();
  service.clock.moveTo(now + 30 * MINUTE);
  await service.logs("app down");
  service.clock.advance(WINDOW);
  await service.logs("letter sent");

  assert.deepEqual(mail.letters.map(({ parsed }) => parsed.subject), ["1 app is down: hourly"]);
});
