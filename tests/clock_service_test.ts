import assert from "node:assert/strict";
import { DAY, HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import type { Config } from "../lib/config.ts";
import type { Cadence } from "../lib/gap.ts";
import { START } from "./support/fake_clock.ts";
import { type MailServer, mailServer } from "./support/smtp_server.ts";
import { type TestService, testService } from "./support/service.ts";
import { SILENCE } from "./support/store.ts";

const CADENCE: Cadence = { lookEvery: SECOND, markEvery: 5 * SECOND };
const WINDOW = 3 * SECOND;

/** Sets the clock back by a day, and has it noticed a second later. */
async function setBack(service: TestService): Promise<void> {
  service.clock.set(-DAY);
  service.clock.advance(SECOND);
  // Whatever was to be done about it is done by then.
  await (await service.request("GET", "/healthz")).text();
}

function subjects(mail: MailServer): readonly (string | undefined)[] {
  return mail.letters.map(({ parsed }) => parsed.subject);
}

Deno.test("a clock set ahead, or a suspend, is a gap and no alarm", async () => {
  await using service = await testService({ cadence: CADENCE });
  await service.beat(23);

  service.clock.set(8 * HOUR);
  service.clock.advance(SECOND);
  await service.logs("gap");
  const unknown = await service.app(23);
  service.clock.advance(SILENCE - 1);
  const early = await service.app(23);
  service.clock.advance(1);
  await service.logs("app down");

  const to = START + 8 * HOUR + SECOND;
  assert.deepEqual(service.gaps(), [{ from: START, to, cause: "clock", moved: 1 }]);
  assert.deepEqual([unknown.status, early.status], ["unknown", "unknown"]);
});

Deno.test("a clock set back by a day holds up no alarm: the deadline comes as many seconds later as before", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail, cadence: CADENCE });
  await service.beat(23);
  service.clock.advance(MINUTE);

  await setBack(service);
  service.clock.advance(SILENCE - MINUTE - SECOND - 1);
  const before = await service.app(23);
  service.clock.advance(1);
  await service.logs("app down");
  service.clock.advance(WINDOW);
  await service.logs("letter sent");

  assert.equal(before.status, "late");
  assert.deepEqual(service.gaps(), []);
  assert.deepEqual(subjects(mail), ["1 app is down: 23"]);
});

Deno.test("after a clock was set back by a day nothing that waits is held up for a day", async (t) => {
  const timing: Config["timing"] = {
    digestWindow: WINDOW,
    mailInterval: MINUTE,
    remindEvery: HOUR,
    mailProof: null,
  };
  const start = async (mail: MailServer) => {
    return await testService({ mail, cadence: CADENCE, config: { timing } });
  };

  await t.step("news in its digest window", async () => {
    await using mail = await mailServer();
    await using service = await start(mail);
    await service.beat(23, { kind: "fail" });

    await setBack(service);
    service.clock.advance(WINDOW - SECOND);
    await service.logs("letter sent");

    assert.equal(mail.letters.length, 1);
  });

  await t.step("a retry after the mail server failed", async () => {
    await using mail = await mailServer();
    await using service = await start(mail);
    await mail.goDown();
    await service.beat(23, { kind: "fail" });
    service.clock.advance(WINDOW);
    await service.logs("mail server failed");
    await mail.comeUp();

    await setBack(service);
    service.clock.advance(15 * SECOND - SECOND);
    await service.logs("letter sent");

    assert.equal(mail.letters.length, 1);
  });

  await t.step("a retry after the letter was deferred", async () => {
    await using mail = await mailServer();
    await using service = await start(mail);
    mail.refuse({ at: "letter", code: 451, text: "4.7.1 greylisted" });
    await service.beat(23, { kind: "fail" });
    service.clock.advance(WINDOW);
    await service.logs("letter not sent");
    mail.refuse();

    await setBack(service);
    service.clock.advance(15 * SECOND - SECOND);
    await service.logs("letter sent");

    assert.equal(mail.letters.length, 1);
  });

  await t.step("the mail interval", async () => {
    await using mail = await mailServer();
    await using service = await start(mail);
    await service.beat("a", { kind: "fail" });
    service.clock.advance(WINDOW);
    await service.logs("letter sent");

    await setBack(service);
    await service.beat("b", { kind: "fail" });
    service.clock.advance(MINUTE - SECOND);
    await service.logs("letter sent", 2);

    assert.equal(subjects(mail)[1], "1 app reported a failure: b");
  });

  await t.step("a reminder", async () => {
    await using mail = await mailServer();
    await using service = await start(mail);
    await service.beat(23, { kind: "fail" });
    service.clock.advance(WINDOW);
    await service.logs("letter sent");

    await setBack(service);
    service.clock.advance(HOUR - SECOND);
    await service.logs("letter sent", 2);

    assert.match(subjects(mail)[1] ?? "", /23/);
  });

  await t.step("the end of a snooze", async () => {
    await using mail = await mailServer();
    await using service = await start(mail);
    await service.beat(23);
    await (await service.request("POST", "/api/apps/23/snooze", { for: "20m" })).text();
    service.clock.advance(SILENCE);
    await service.logs("app down");

    await setBack(service);
    service.clock.advance(20 * MINUTE - SILENCE - SECOND);
    // It is told when the snooze ends, after the digest window.
    await (await service.request("POST", "/api/check")).text();
    service.clock.advance(WINDOW);
    await service.logs("letter sent");

    assert.deepEqual(subjects(mail), ["1 app is down: 23"]);
  });

  await t.step("the letter about a gap", async () => {
    await using mail = await mailServer();
    await using service = await start(mail);
    await service.beat(23);
    service.clock.set(2 * MINUTE);
    service.clock.advance(SECOND);
    await service.logs("gap");

    await setBack(service);
    service.clock.advance(WINDOW - SECOND);
    await service.logs("letter sent");

    assert.match(subjects(mail)[0] ?? "", /^Nothing could be heard from/);
  });
});

Deno.test("history keeps the times that it was written with", async () => {
  await using service = await testService({ cadence: CADENCE });
  await service.beat(23, { message: "before" });
  await setBack(service);
  await service.beat(23, { message: "after" });

  const path = "/api/apps/23/heartbeats";
  const { heartbeats } = await (await service.request("GET", path)).json();

  const told = heartbeats.map(({ at, message }: { at: string; message: string }) => [message, at]);
  assert.deepEqual(told, [
    ["after", new Date(START - DAY + SECOND).toISOString()],
    ["before", new Date(START).toISOString()],
  ]);
});

Deno.test("a clock that was set back while it was off moves all deadlines, and alarms of nobody", async () => {
  await using service = await testService({ cadence: CADENCE });
  await service.beat(23);
  service.clock.advance(MINUTE);

  service.clock.set(-DAY);
  await service.crash({ offFor: 0 });
  const app = await service.app(23);

  assert.equal(app.status, "unknown");
  assert.equal(Date.parse(app.deadline_at), START + MINUTE - DAY + SILENCE);
});

Deno.test("a change to winter time moves nothing, and is no gap", async () => {
  const now = Date.UTC(2026, 9, 24, 22);
  const config = { timeZone: "Europe/Berlin" };
  await using service = await testService({ now, config });
  await (await service.request("PUT", "/api/apps/nightly", { period: "1d", grace: "1h" })).text();
  await service.beat("nightly");

  service.clock.advance(25 * HOUR - 1);
  const before = await service.app("nightly");
  service.clock.advance(1);
  await service.logs("app down");

  assert.equal(before.status, "late");
  assert.equal(before.deadline_at, "2026-10-25T23:00:00.000Z");
  assert.deepEqual(service.gaps(), []);
});
