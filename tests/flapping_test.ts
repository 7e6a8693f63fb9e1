import assert from "node:assert/strict";
import { DAY, HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import { heldUntil } from "../lib/flip.ts";
import { NO_SETTINGS } from "../lib/registry.ts";
import { BareService, USUAL } from "./support/bare_service.ts";
import { START } from "./support/fake_clock.ts";

const WINDOW = USUAL.timing.digestWindow;

/** A service in which an app was just found well; only a `fail` takes it down. */
async function withApp(flappingFlips: number): Promise<BareService> {
  const service = await BareService.start({ flappingFlips });
  await service.store.register("23", { ...NO_SETTINGS, period: 365 * DAY }, service.now);
  await service.beat("23");
  return service;
}

/** Has the app change sides so many times, so far apart; the last change is now. */
async function flip(service: BareService, times: number, apart = MINUTE): Promise<void> {
  for (let left = times; left > 0; left--) {
    const app = await service.store.app("23");
    await service.beat("23", app?.state.kind === "down" ? "success" : "fail");
    if (left > 1) await service.pass(apart);
  }
}

Deno.test("news of a flapping app is held back to whole hours from when it began", () => {
  const since = START;

  const held = [0, 1, HOUR, HOUR + 1, 2 * HOUR].map((passed) =>
    heldUntil(since, since + passed) - since
  );

  assert.deepEqual(held, [0, HOUR, HOUR, 2 * HOUR, 2 * HOUR]);
});

Deno.test("an app that flips often enough within an hour gets one letter that says so, then one an hour", async () => {
  await using service = await withApp(6);
  await flip(service, 6);
  await service.pass(WINDOW);
  const before = service.news().map(([, text]) => text);
  const beganAt = 5 * MINUTE;

  await service.pass(10 * MINUTE);
  await flip(service, 15, 10 * MINUTE);
  await service.pass(30 * MINUTE);

  assert.deepEqual(before.at(-1), "flapping 23 up");
  assert.deepEqual(before.filter((text) => text.includes("flapping")).length, 1);
  assert.deepEqual(service.news(), [
    [beganAt + HOUR + WINDOW, "flapping 23 down"],
    [beganAt + 2 * HOUR + WINDOW, "flapping 23 down"],
    [beganAt + 3 * HOUR + WINDOW, "flapping 23 down"],
  ]);
});

Deno.test("history and account hold every flip of a flapping app", async () => {
  await using service = await withApp(6);
  await flip(service, 21);
  await service.pass(2 * HOUR);

  const page = await service.store.flips("23", { limit: 100, before: null });

  const changes = Array.from({ length: 21 }, (_, each) => each % 2 === 0 ? "down" : "up");
  assert.deepEqual(page?.flips.map(({ to }) => to).toReversed(), ["up", ...changes]);
  assert.deepEqual(service.verified(), { waiting: 0, sent: 21, suppressed: 0, failed: 0 });
});

Deno.test("an app that dies for good while it is flapping is told within the hour", async () => {
  await using service = await withApp(6);
  await flip(service, 6);
  await service.pass(MINUTE);
  service.news();

  await flip(service, 1);
  await service.pass(2 * HOUR);

  assert.deepEqual(service.news(), [[5 * MINUTE + HOUR + WINDOW, "flapping 23 down"]]);
});

Deno.test("when the app calms down, what was held back is told at once with the next news", async () => {
  await using service = await withApp(3);
  for (const at of [0, 1, 2, 30, 61, 63]) {
    await service.pass(at * MINUTE - (service.now - START));
    await flip(service, 1);
  }
  await service.pass(MINUTE);
  service.news();

  await service.pass(57 * MINUTE + 30 * SECOND);
  await flip(service, 1); // an hour and a half minute after the last but one
  await service.pass(WINDOW);

  const heldUntilAt = 2 * MINUTE + 2 * HOUR;
  assert.deepEqual(service.news(), [[heldUntilAt - 30 * SECOND + WINDOW, "flapping 23 down"]]);
  assert.ok(service.debts().every((debt) => debt === "sent"));
});

Deno.test("flips count within an hour, to the millisecond", async (t) => {
  const cases = [
    { flips: 2, apart: HOUR - 1, expected: "flapping 23 up" },
    { flips: 2, apart: HOUR, expected: "back 23" },
    { flips: 6, apart: HOUR / 5 - 1, expected: "flapping 23 up" },
    { flips: 6, apart: HOUR / 5, expected: "back 23" },
  ];
  for (const { flips, apart, expected } of cases) {
    await t.step(`${flips} flips ${apart} ms apart`, async () => {
      await using service = await withApp(flips);

      await flip(service, flips, apart);
      await service.pass(WINDOW);

      assert.equal(service.news().at(-1)?.[1], expected);
    });
  }
});

Deno.test("that a new app was found well does not count as a flip", async () => {
  await using service = await withApp(2);

  await flip(service, 1);
  await service.pass(WINDOW);

  assert.deepEqual(service.news(), [[WINDOW, "down 23"]]);
});

Deno.test("what an admin did does not count as a flip", async () => {
  await using service = await withApp(3);
  await flip(service, 1);

  await service.store.pause("23", service.now);
  await service.store.resume("23", service.now);
  await service.beat("23");
  await flip(service, 1);
  await service.pass(WINDOW);

  assert.deepEqual(service.news(), [[WINDOW, "down 23"]]);
});

Deno.test("an app that flapped unseen in a snooze is told at once when it falls after that", async () => {
  await using service = await withApp(4);
  await service.store.snooze("23", service.now + 10 * MINUTE, service.now);
  await flip(service, 6);
  await service.pass(10 * MINUTE);
  const before = service.news();

  await flip(service, 1);
  await service.pass(WINDOW);

  assert.deepEqual(before, []);
  assert.deepEqual(service.news().map(([, text]) => text), ["flapping 23 down"]);
});

Deno.test("other apps are told at once while one is flapping, and its held news is not among theirs", async () => {
  await using service = await withApp(3);
  await flip(service, 3);
  await service.pass(2 * MINUTE);
  await flip(service, 1);
  service.news();

  await service.beat("other", "fail");
  await service.pass(WINDOW);

  assert.deepEqual(service.news().map(([, text]) => text), ["down other"]);
});

Deno.test("news of a flapping app is held back over a restart", async () => {
  await using service = await withApp(3);
  await flip(service, 3);
  await service.pass(2 * MINUTE);
  await flip(service, 2);
  service.news();

  await service.crash({ off: MINUTE });
  await service.pass(HOUR);

  assert.deepEqual(service.news(), [[2 * MINUTE + HOUR + WINDOW, "flapping 23 down"]]);
});

Deno.test("nobody is told of the flapping of an app that is paused", async () => {
  await using service = await withApp(3);
  await flip(service, 3);
  await service.pass(2 * MINUTE);
  await flip(service, 2);
  service.news();

  await service.store.pause("23", service.now);
  await service.pass(2 * HOUR);

  assert.deepEqual(service.news(), []);
  assert.deepEqual(service.debts().slice(-2), ["suppressed: paused", "suppressed: paused"]);
});
