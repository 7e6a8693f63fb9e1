import assert from "node:assert/strict";
import { NO_SETTINGS } from "../lib/registry.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import { BareService, USUAL } from "./support/bare_service.ts";
import { ADMIN, SILENCE } from "./support/store.ts";

const OTHER = "other@example.org";

const DAILY = { ...USUAL.timing, remindEvery: DAY };

/** When the letter is taken that tells of what happened at the start. */
const TOLD_AT = 3 * SECOND;

/** A service that reminds once a day, in which these apps failed and were told of; once back, they stay well. */
async function withDown(...apps: readonly string[]): Promise<BareService> {
  const service = await BareService.start({ timing: DAILY });
  for (const app of apps) {
    await service.store.register(app, { ...NO_SETTINGS, period: 365 * DAY }, service.now);
    await service.beat(app, "fail");
  }
  await service.pass(TOLD_AT);
  service.news();
  return service;
}

Deno.test("an app that stays down is told again each day from when its letter was taken", async () => {
  await using service = await withDown("23");

  await service.pass(3 * DAY - 1);
  const before = service.news();
  await service.pass(1);

  const reminder = "reminder, still 23";
  assert.deepEqual(before, [[TOLD_AT + DAY, reminder], [TOLD_AT + 2 * DAY, reminder]]);
  assert.deepEqual(service.news(), [[TOLD_AT + 3 * DAY, reminder]]);
});

Deno.test("all that are down are one reminder, when the one told longest ago is due", async () => {
  await using service = await withDown("a");
  await service.pass(6 * HOUR);
  await service.beat("b", "fail");
  await service.pass(3 * SECOND);
  service.news();

  await service.pass(2 * DAY);

  const both = "reminder, still a, still b";
  assert.deepEqual(service.news(), [[TOLD_AT + DAY, both], [TOLD_AT + 2 * DAY, both]]);
});

Deno.test("an address is reminded from when it took the letter, whenever others did", async () => {
  await using service = await BareService.start({ timing: DAILY, addresses: [ADMIN, OTHER] });
  await service.beat("23", "fail");
  service.refused = OTHER;
  await service.pass(TOLD_AT);
  service.refused = null;
  await service.pass(2 * DAY);

  const taken = (address: string) =>
    service.letters.filter(({ to }) => to === address).map(({ at }) => at - TOLD_AT);
  assert.deepEqual(taken(ADMIN), [0, DAY, 2 * DAY]);
  assert.deepEqual(taken(OTHER), [HOUR, HOUR + DAY]);
});

Deno.test("the reminder's clock goes on over restarts", async () => {
  await using service = await withDown("23");
  await service.pass(DAY - HOUR);
  await service.restart({ off: MINUTE });
  await service.pass(HOUR - MINUTE - 1);
  const before = service.news();
  await service.pass(1);
  const onTime = service.news();

  await service.crash({ off: DAY + HOUR });
  await service.pass(0);

  assert.deepEqual(before, []);
  assert.deepEqual(onTime, [[TOLD_AT + DAY, "reminder, still 23"]]);
  assert.deepEqual(service.news().map(([at]) => at), [TOLD_AT + 2 * DAY + HOUR]);
});

Deno.test("nobody is reminded of an app that is not down, not judged, or known of", async (t) => {
  const ends: Readonly<Record<string, (service: BareService) => Promise<unknown>>> = {
    "back": (service) => service.beat("23"),
    "paused": ({ store, now }) => store.pause("23", now),
    "forgotten": ({ store, now }) => store.forget("23", now),
    "acknowledged": ({ store, now }) => store.acknowledge("23", now),
  };
  for (const [name, end] of Object.entries(ends)) {
    await t.step(name, async () => {
      await using service = await withDown("23", "other");
      await service.pass(HOUR);

      await end(service);
      await service.beat("other");
      await service.pass(3 * DAY);

      assert.ok(service.news().every(([, text]) => !text.includes("reminder")));
    });
  }
});

Deno.test("an app that fell in a snooze is not in a reminder of others", async () => {
  await using service = await withDown("told");
  await service.beat("muted");
  await service.store.snooze("muted", service.now + 7 * DAY, service.now);

  await service.pass(DAY);

  assert.deepEqual(service.news().map(([, text]) => text), ["reminder, still told"]);
});

Deno.test("a new incident of an acknowledged app is reminded of again", async () => {
  await using service = await withDown("23");
  await service.store.acknowledge("23", service.now);
  await service.pass(HOUR);
  await service.beat("23");
  await service.beat("23", "fail");
  await service.pass(HOUR);
  service.news();

  await service.pass(DAY);

  assert.deepEqual(service.news().map(([, text]) => text), ["reminder, still 23"]);
});

Deno.test("with reminders never, none come", async () => {
  await using service = await BareService.start();
  await service.beat("23");

  await service.pass(400 * DAY);

  assert.deepEqual(service.news(), [[SILENCE + 3 * SECOND, "down 23"]]);
});

Deno.test("a reminder neither waits for the mail interval nor starts it, and is no alarm", async () => {
  const timing = { ...DAILY, mailInterval: HOUR };
  await using service = await BareService.start({ timing });
  await service.beat("a", "fail");
  await service.pass(TOLD_AT + DAY - MINUTE);
  await service.beat("b", "fail");
  await service.pass(MINUTE);
  await service.beat("c", "fail");
  await service.pass(HOUR);

  assert.deepEqual(service.news().slice(1), [
    [TOLD_AT + DAY - MINUTE + 3 * SECOND, "down b, still a"],
    [TOLD_AT + DAY, "reminder, still a, still b"],
    [TOLD_AT + DAY + 3 * SECOND, "down c, still a, still b"],
  ]);
});

Deno.test("the news after a reminder waits for its own window alone", async () => {
  await using service = await withDown("a");
  await service.pass(DAY);
  await service.beat("b", "fail");
  await service.pass(MINUTE);

  assert.deepEqual(service.news().map(([at]) => at - TOLD_AT), [DAY, DAY + 3 * SECOND]);
});

Deno.test("a reminder that was not taken is written anew at its retry", async () => {
  await using service = await withDown("a", "b");
  service.fate = "deferred";
  await service.pass(DAY);
  await service.beat("a");
  service.fate = "sent";
  await service.pass(MINUTE);
  const told = service.letters.slice(1);
  await service.pass(DAY);

  assert.deepEqual(told.map(({ at, text }) => [at - TOLD_AT, text]), [
    [DAY + 3 * SECOND, "back a, still b"],
    [DAY + 15 * SECOND, "reminder, still b"],
  ]);
  assert.deepEqual(service.news().at(-1), [TOLD_AT + 2 * DAY + 15 * SECOND, "reminder, still b"]);
});

Deno.test("a reminder that was not taken is closed when all are back", async () => {
  await using service = await withDown("a");
  service.fate = "deferred";
  await service.pass(DAY);
  service.fate = "sent";
  await service.beat("a");
  await service.pass(30 * SECOND);

  const { messages } = await service.store.messages({
    limit: 1,
    state: "suppressed",
    before: null,
  });
  assert.deepEqual(service.news().map(([, text]) => text), ["back a"]);
  assert.deepEqual(messages.map(({ kind, tries }) => [kind, tries]), [["reminder", 1]]);
});

Deno.test("a reminder that had no answer comes again as it was, and moves no clock of what it does not name", async () => {
  await using service = await withDown("a");
  service.fate = "unanswered";
  await service.pass(DAY);
  service.fate = "sent";
  await service.beat("b", "fail");
  await service.pass(14 * SECOND);
  await service.beat("a");
  await service.pass(SECOND);
  const again = service.letters.at(-1);
  await service.pass(DAY);

  const names = service.letters.map(({ messageId }) => messageId);
  assert.deepEqual([again?.at, again?.text], [TOLD_AT + DAY + 15 * SECOND, "reminder, still a"]);
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(service.news().at(-1), [TOLD_AT + 2 * DAY + 3 * SECOND, "reminder, still b"]);
});

Deno.test("a reminder that waits for an address ends when that is removed", async () => {
  await using service = await BareService.start({ timing: DAILY, addresses: [ADMIN, OTHER] });
  await service.beat("23", "fail");
  await service.pass(TOLD_AT);
  service.refused = OTHER;
  await service.pass(DAY);

  await service.restart({ addresses: [ADMIN] });

  assert.equal((await service.store.health()).waitingSince, null);
});
