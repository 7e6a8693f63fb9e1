import assert from "node:assert/strict";
import fc from "fast-check";
import { DAY, HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import type { NewWindow, WindowScope } from "../lib/maintenance.ts";
import { openBeside } from "../lib/sqlite/database.ts";
import { BareService, type Fate, USUAL } from "./support/bare_service.ts";
import { ADMIN, SILENCE } from "./support/store.ts";

const OTHER = "other@example.org";

const APPS = ["a", "b", "c"];

const TIMING = { ...USUAL.timing, remindEvery: 5 * HOUR, mailProof: 11 * HOUR };

/** The longest that an alarm may be put off by a mute or a hold on flapping, once time goes on. */
const LONG_ENOUGH = DAY;

/** How long things last, and how long it is from one to the next. */
const SPAN = fc.constantFrom(0, 1, SECOND, MINUTE, SILENCE, 20 * MINUTE, HOUR, 7 * HOUR);
const APP = fc.constantFrom(...APPS);

const HEARTBEAT = fc.record({
  kind: fc.constant("heartbeat" as const),
  app: APP,
  signal: fc.constantFrom("success" as const, "success" as const, "fail" as const),
});
const HAND = fc.record({
  kind: fc.constantFrom("pause" as const, "resume" as const, "ack" as const, "forget" as const),
  app: APP,
});
const SNOOZE = fc.record({
  kind: fc.constant("snooze" as const),
  app: APP,
  length: fc.option(SPAN.map((span) => span + SECOND)),
});
const WINDOW = fc.record({
  kind: fc.constant("window" as const),
  app: fc.option(APP),
  begins: SPAN,
  length: SPAN.map((span) => span + SECOND),
});
const MAIL = fc.record({
  kind: fc.constant("mail" as const),
  fate: fc.constantFrom<Fate>("sent", "deferred", "rejected", "unanswered", "unreachable"),
  refused: fc.constantFrom(null, ADMIN, OTHER),
});
const STOP = fc.record({
  kind: fc.constantFrom("restart" as const, "crash" as const, "late sweep" as const),
  off: SPAN,
});
const UNWINDOW = fc.record({ kind: fc.constant("unwindow" as const) });

const EVENT = fc.oneof(
  { arbitrary: HEARTBEAT, weight: 8 },
  { arbitrary: HAND, weight: 2 },
  { arbitrary: SNOOZE, weight: 2 },
  { arbitrary: WINDOW, weight: 1 },
  { arbitrary: UNWINDOW, weight: 1 },
  { arbitrary: MAIL, weight: 2 },
  { arbitrary: STOP, weight: 1 },
);
type Event = typeof EVENT extends fc.Arbitrary<infer Each> ? Each : never;

async function happen(service: BareService, event: Event): Promise<void> {
  const { store, now } = service;
  switch (event.kind) {
    case "heartbeat":
      return await service.beat(event.app, event.signal);
    case "pause":
    case "resume":
      return void await store[event.kind](event.app, now);
    case "ack":
      return void await store.acknowledge(event.app, now);
    case "forget":
      return void await store.forget(event.app, now);
    case "snooze":
      return void await store.snooze(
        event.app,
        event.length === null ? null : now + event.length,
        now,
      );
    case "window": {
      const scope: WindowScope = event.app === null
        ? { kind: "all" }
        : { kind: "app", appId: event.app };
      const recurrence = { kind: "once", at: now + event.begins } as const;
      const window: NewWindow = { scope, recurrence, length: event.length, note: null };
      return void await store.addMaintenance(window, now);
    }
    case "unwindow": {
      const [window] = await store.maintenance(now);
      if (window !== undefined) await store.removeMaintenance(window.id, now);
      return;
    }
    case "mail":
      service.fate = event.fate;
      service.refused = event.refused;
      return;
    case "restart":
    case "crash":
      return await service[event.kind]({ off: event.off });
    case "late sweep":
      return service.clock.advance(event.off);
  }
}

/** Open incidents of which an address was neither told by a letter that was taken, nor refused for days. */
function untold(service: BareService): readonly string[] {
  using beside = openBeside(service.path);
  const rows = beside.all(`
    SELECT app_id || ' to ' || addresses.value AS fault
    FROM apps
    JOIN json_each('["${ADMIN}", "${OTHER}"]') AS addresses
    WHERE apps.state = 'down' AND NOT EXISTS (
      SELECT 1
      FROM debts
      JOIN messages ON messages.id = debts.message
      WHERE debts.flip = apps.incident AND debts.address = addresses.value
        AND (debts.state = 'failed' OR (debts.state = 'sent' AND messages.state = 'sent'))
    )
  `);
  return rows.map(({ fault }) => String(fault));
}

Deno.test("whatever happens, once mail works and time has passed every app that is down was told to everyone", async () => {
  const life = fc.array(fc.tuple(SPAN, EVENT), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(life, async (events) => {
      await using service = await BareService.start({
        addresses: [ADMIN, OTHER],
        timing: TIMING,
        flappingFlips: 4,
      });
      for (const [passed, event] of events) {
        await service.pass(passed);
        await happen(service, event);
      }

      service.fate = "sent";
      service.refused = null;
      await service.pass(LONG_ENOUGH);

      const account = service.verified();
      const health = await service.store.health();
      assert.equal(account.waiting, 0);
      assert.deepEqual([health.waitingSince, health.nextDeadlineAt], [null, null]);
      assert.deepEqual(untold(service), []);
      const bodies = new Map<string, string>();
      for (const { messageId, text } of service.letters) {
        assert.equal(bodies.get(messageId) ?? text, text);
        assert.ok(!bodies.has(messageId), `"${text}" came twice`);
        bodies.set(messageId, text);
      }
    }),
    { numRuns: 40 },
  );
});
