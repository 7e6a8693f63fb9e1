import assert from "node:assert/strict";
import fc from "fast-check";
import { type Duration, HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import { explain } from "../lib/explaining.ts";
import type { Explanation } from "../lib/explanation.ts";
import { NO_SETTINGS } from "../lib/registry.ts";
import type { Plan } from "../lib/telling.ts";
import { type BareOptions, BareService, type Fate, USUAL } from "./support/bare_service.ts";
import { START } from "./support/fake_clock.ts";
import { ADMIN, DEFAULTS, SILENCE } from "./support/store.ts";

const WINDOW = USUAL.timing.digestWindow;

async function explained(service: BareService, options: Partial<BareOptions> = {}) {
  const { timing } = { ...USUAL, ...options };
  const found = await explain(service.store, "23", { defaults: DEFAULTS, timing, hasMail: true });
  assert.ok(found);
  return found;
}

/** How the admin learns of it. */
function planOf({ telling }: Explanation): Plan {
  assert.equal(telling.kind, "addresses");
  const [told] = telling.addresses;
  assert.ok(told);
  return told.plan;
}

Deno.test("an unknown app is not explained", async () => {
  await using service = await BareService.start();
  const settings = { defaults: DEFAULTS, timing: USUAL.timing, hasMail: true };
  assert.equal(await explain(service.store, "23", settings), null);
});

Deno.test("an app that is down is explained by what became of its news", async () => {
  const timing = { ...USUAL.timing, remindEvery: HOUR };
  await using service = await BareService.start({ timing });
  await service.beat("23");
  await service.pass(SILENCE + SECOND);
  const owed = await explained(service, { timing });
  await service.pass(MINUTE);
  const told = await explained(service, { timing });
  await service.store.acknowledge("23", service.now);
  const acknowledged = await explained(service, { timing });

  const takenAt = START + SILENCE + WINDOW;
  assert.deepEqual(owed.why, {
    rule: "silence",
    since: START + SILENCE,
    acknowledgedAt: null,
  });
  assert.deepEqual(planOf(owed), { kind: "mail", at: takenAt, heldBy: "digest" });
  assert.deepEqual(planOf(told), { kind: "told", at: takenAt, reminderAt: takenAt + HOUR });
  assert.deepEqual(planOf(acknowledged), { kind: "told", at: takenAt, reminderAt: null });
  assert.deepEqual(acknowledged.why, {
    rule: "silence",
    since: START + SILENCE,
    acknowledgedAt: service.now,
  });
});

Deno.test("an app that said so itself is told apart from one that is silent", async () => {
  await using service = await BareService.start();
  await service.beat("23", "fail");

  const { status, why } = await explained(service);

  assert.deepEqual([status, why], ["down", { rule: "fail", since: START, acknowledgedAt: null }]);
});

Deno.test("a deadline that has passed is explained before any sweep has noticed", async () => {
  await using service = await BareService.start();
  await service.beat("23");
  service.clock.advance(SILENCE);

  const { status, why, next } = await explained(service);

  assert.deepEqual([status, why.rule], ["down", "silence"]);
  assert.deepEqual(next, {
    kind: "alarm",
    dueAt: null,
    unknownAt: null,
    at: START + SILENCE,
    mute: null,
  });
});

Deno.test("an app that was due in a gap counts from its end", async () => {
  await using service = await BareService.start();
  await service.beat("23");
  await service.pass(MINUTE);
  await service.restart({ off: HOUR });

  const { status, why } = await explained(service);

  assert.equal(status, "unknown");
  assert.deepEqual(why, {
    rule: "excused",
    excusedAt: START + MINUTE + HOUR,
    successAt: START,
    ...DEFAULTS,
    dueAt: START + MINUTE,
    deadlineAt: START + MINUTE + HOUR + SILENCE,
  });
});

Deno.test("an address that the server refuses is named with its words", async () => {
  await using service = await BareService.start({ addresses: [ADMIN, "other@example.org"] });
  service.refused = ADMIN;
  await service.beat("23", "fail");
  await service.pass(MINUTE);

  const found = await explained(service);

  const at = START + WINDOW;
  assert.equal(found.telling.kind, "addresses");
  const refusals = found.telling.addresses.map(({ refusal }) => refusal);
  assert.deepEqual(refusals, [{ since: at, reply: "no" }, null]);
  assert.deepEqual(planOf(found), { kind: "mail", at: at + HOUR, heldBy: "retry" });
});

Deno.test("an app that is flapping is told of once an hour", async () => {
  await using service = await BareService.start({ flappingFlips: 3 });
  for (const kind of ["fail", "success", "fail", "success"] as const) {
    await service.beat("23", kind);
    await service.pass(SECOND);
  }

  const found = await explained(service);

  const since = START + 2 * SECOND;
  assert.deepEqual(found.flapping?.since, since);
  assert.deepEqual(planOf(found), { kind: "mail", at: since + HOUR + WINDOW, heldBy: "flapping" });
});

Deno.test("what befalls a paused app is told to nobody, and it says since when", async () => {
  await using service = await BareService.start();
  await service.beat("23");
  await service.pass(MINUTE);
  await service.store.pause("23", service.now);
  await service.pass(MINUTE);

  const { why, next, telling } = await explained(service);

  assert.deepEqual(why, { rule: "paused", since: START + MINUTE });
  assert.deepEqual(next, { kind: "nothing" });
  assert.deepEqual(telling, { kind: "nobody", because: "paused" });
});

/** What befalls an app, another beside it, and the mail server. */
type Event =
  | { readonly kind: "beat"; readonly appId: string; readonly beat: "success" | "fail" }
  | { readonly kind: "pass"; readonly span: Duration }
  | { readonly kind: "off"; readonly span: Duration }
  | { readonly kind: "snooze"; readonly span: Duration }
  | { readonly kind: "maintenance"; readonly span: Duration }
  | { readonly kind: "mail"; readonly fate: Fate };

const SPAN = fc.integer({ min: 1, max: 3 * MINUTE });
const LONG = fc.integer({ min: 1, max: HOUR });

const EVENT: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("beat" as const),
      appId: fc.constantFrom("23", "23", "7"),
      beat: fc.constantFrom("success" as const, "success" as const, "fail" as const),
    }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("pass" as const), span: SPAN }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("off" as const), span: SPAN }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("snooze" as const), span: LONG }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("maintenance" as const), span: LONG }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("mail" as const),
      fate: fc.constantFrom<Fate>("sent", "sent", "deferred", "unreachable"),
    }),
  },
);

async function befall(service: BareService, event: Event): Promise<void> {
  const { store, now } = service;
  switch (event.kind) {
    case "beat":
      return await service.beat(event.appId, event.beat);
    case "pass":
      return await service.pass(event.span);
    case "off":
      return await service.restart({ off: event.span });
    case "snooze":
      await store.snooze("23", now + event.span, now);
      return;
    case "maintenance":
      await store.addMaintenance({
        scope: { kind: "app", appId: "23" },
        recurrence: { kind: "once", at: now },
        length: event.span,
        note: null,
      }, now);
      return;
    case "mail":
      service.fate = event.fate;
      return;
  }
}

Deno.test("the letter comes at the very instant that the explanation says", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(EVENT, { maxLength: 25 }), async (events) => {
      await using service = await BareService.start({ flappingFlips: 5 });
      await service.store.register("23", NO_SETTINGS, service.now);
      for (const event of events) await befall(service, event);
      // From here on 23 alone has news: 7 is down for good.
      await service.beat("7", "fail");
      await service.pass(0);
      service.fate = "sent";
      service.news();

      const { telling } = await explained(service);
      await service.pass(3 * HOUR);

      if (telling.kind === "nobody") return assert.equal(telling.because, "unheard");
      const [told] = telling.addresses;
      const [letterAt] = service.news().find(([, text]) => /(down|flapping) 23/.test(text)) ?? [];
      switch (told?.plan.kind) {
        case "mail":
        case "muted":
          return assert.equal(letterAt, told.plan.at - START);
        case "told":
          return assert.equal(letterAt, undefined);
        default:
          assert.fail(`${told?.plan.kind} at a server that takes all`);
      }
    }),
    { numRuns: 60 },
  );
});
