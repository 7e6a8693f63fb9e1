import assert from "node:assert/strict";
import fc from "fast-check";
import { backtest, BACKTEST_SPAN } from "../lib/backtesting.ts";
import { DAY, type Duration, HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import type { HeartbeatKind } from "../lib/heartbeat.ts";
import { NO_SETTINGS } from "../lib/registry.ts";
import { BareService } from "./support/bare_service.ts";
import { START } from "./support/fake_clock.ts";
import { DEFAULTS, heartbeat, SILENCE } from "./support/store.ts";

/** What befalls an app and its monitor. */
type Event =
  | { readonly kind: "beat"; readonly beat: HeartbeatKind }
  | { readonly kind: "pass"; readonly span: Duration }
  | { readonly kind: "off"; readonly span: Duration }
  | { readonly kind: "pause" }
  | { readonly kind: "resume" };

const SPAN = fc.integer({ min: 1, max: 3 * MINUTE });

const EVENT: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("beat" as const),
      beat: fc.constantFrom<HeartbeatKind>("success", "success", "success", "start", "fail"),
    }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("pass" as const), span: SPAN }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("off" as const), span: SPAN }) },
  { weight: 1, arbitrary: fc.constant({ kind: "pause" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "resume" as const }) },
);

async function befall(service: BareService, event: Event): Promise<void> {
  // No two at one instant: which of them came first is not kept.
  await service.pass(1);
  switch (event.kind) {
    case "beat":
      return await service.beat("23", event.beat);
    case "pass":
      return await service.pass(event.span);
    case "off":
      return await service.restart({ off: event.span });
    case "pause":
      await service.store.pause("23", service.now);
      return;
    case "resume":
      await service.store.resume("23", service.now);
      return;
  }
}

Deno.test("with an app's own settings a backtest finds the very alarms that it has had", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(EVENT, { maxLength: 25 }), async (events) => {
      await using service = await BareService.start();
      await service.store.register("23", NO_SETTINGS, service.now);
      for (const event of events) await befall(service, event);

      const found = await backtest(service.store, "23", { asked: {}, defaults: DEFAULTS });
      const page = await service.store.flips("23", { limit: 1_000, before: null });

      const fell = page?.flips.filter(({ reason }) => reason === "silence").map(({ at }) => at);
      assert.deepEqual(found?.current.latest.map(({ at }) => at), fell);
      assert.deepEqual(found?.asked, found?.current);
    }),
    { numRuns: 40 },
  );
});

Deno.test("a backtest looks at what is imported, in rows, and in the journal, and no further back than 30 days", async () => {
  await using service = await BareService.start();
  await service.pass(BACKTEST_SPAN);
  const old = Array.from({ length: 600 }, (_, index) => {
    return heartbeat("23", { at: START + index * MINUTE - HOUR, message: `no ${index}` });
  });
  await service.store.record(old);
  await service.restart();
  await service.pass(HOUR);
  await service.beat("23");
  await service.pass(5 * MINUTE);
  await service.beat("23");

  const found = await backtest(service.store, "23", {
    asked: { period: 10 * MINUTE },
    defaults: DEFAULTS,
  });

  // Of the first hour an hour is too old by now, and five minutes more.
  assert.equal(found?.from, START + HOUR + 5 * MINUTE);
  assert.equal(found?.silences, 600 - 125 + 2);
  assert.deepEqual(found?.current.latest.map(({ since }) => since - START), [
    BACKTEST_SPAN + HOUR,
    539 * MINUTE,
  ]);
  assert.deepEqual([found?.current.alarms, found?.asked.alarms], [2, 1]);
  assert.deepEqual(found?.proposal?.period, MINUTE);
  assert.equal(found?.thinnedUntil, null);
});

Deno.test("thinned history is told of, and is not taken for silence", async () => {
  await using service = await BareService.start();
  await service.pass(2 * DAY);
  for (let minute = 0; minute < 60; minute++) {
    const beats = Array.from({ length: 60 }, (_, second) => {
      return heartbeat("23", { at: START + minute * MINUTE + second * SECOND });
    });
    await service.store.record(beats);
  }
  await service.restart();
  const limits = { heartbeatsBefore: 0, flipsBefore: 0, isImportedPruned: false };
  while (await service.store.prune({ ...limits, thinnedBefore: START + 10 * DAY }));

  const found = await backtest(service.store, "23", {
    asked: { period: 2 * SECOND, grace: SECOND },
    defaults: DEFAULTS,
  });

  assert.equal(found?.silences, 360);
  assert.equal(found?.thinnedUntil, START + HOUR);
  // It has been silent ever since.
  assert.deepEqual([found?.current.alarms, found?.current.uncertain], [1, 0]);
  assert.deepEqual([found?.asked.alarms, found?.asked.uncertain], [1, 359]);
});

Deno.test("maintenance is left out of a backtest, as the windows are now", async () => {
  await using service = await BareService.start();
  await service.beat("23");
  await service.pass(HOUR);
  await service.beat("23");
  const ask = { asked: {}, defaults: DEFAULTS };
  const before = await backtest(service.store, "23", ask);

  await service.store.addMaintenance({
    scope: { kind: "app", appId: "23" },
    recurrence: { kind: "daily", timeOfDay: 7 * HOUR, timeZone: "UTC" },
    length: 3 * HOUR,
    note: null,
  }, service.now);
  const after = await backtest(service.store, "23", ask);

  assert.deepEqual(before?.current.latest.map(({ at }) => at - START), [SILENCE]);
  assert.equal(after?.current.alarms, 0);
});

Deno.test("an unknown app has no backtest", async () => {
  await using service = await BareService.start();
  assert.equal(await backtest(service.store, "23", { asked: {}, defaults: DEFAULTS }), null);
});
