import assert from "node:assert/strict";
import { MINUTE, SECOND } from "../lib/clock.ts";
import { letter } from "../lib/letter.ts";
import { NO_SETTINGS } from "../lib/registry.ts";
import { type BareLetter, BareService } from "./support/bare_service.ts";
import { style } from "./support/letters.ts";
import { heartbeat, SILENCE } from "./support/store.ts";

const WINDOW = 3 * SECOND;

/** A service whose letters are those that people get. */
function wordy(): Promise<BareService> {
  return BareService.start({ write: (facts, now) => letter(facts, style("en", { now })) });
}

async function beatAll(service: BareService, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += 1_000) {
    const some = ids.slice(from, from + 1_000);
    await service.store.record(some.map((id) => heartbeat(id, { at: service.now })));
  }
}

/** All that letters name, by its id. */
function named(letters: readonly BareLetter[]): ReadonlySet<string> {
  return new Set(letters.flatMap(({ text }) => text.match(/[\w.-]+/g) ?? []));
}

function ids(count: number, prefix = "storm-"): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
}

Deno.test("five apps that fall 15 s apart: the first three are told when the digest window ends", async () => {
  await using service = await wordy();
  for (const id of ids(5, "app-")) {
    await service.beat(id);
    await service.pass(15 * SECOND);
  }

  await service.pass(5 * MINUTE);

  assert.deepEqual(service.letters.map(({ at, subject }) => [at - SILENCE, subject]), [
    [WINDOW, "1 app is down: app-1"],
    [15 * SECOND + WINDOW, "1 app is down: app-2"],
    [30 * SECOND + WINDOW, "1 app is down: app-3"],
    [30 * SECOND + WINDOW + MINUTE, "2 apps are down: app-4, app-5"],
  ]);
  assert.match(service.letters[2]?.text ?? "", /from here on\s+alarms are gathered/);
});

Deno.test("ten minutes after three letters the next alarm comes by itself again", async () => {
  await using service = await wordy();
  for (const id of ids(3, "app-")) {
    await service.beat(id, "fail");
    await service.pass(15 * SECOND);
  }
  await service.pass(9 * MINUTE);
  await service.beat("app-4", "fail");
  await service.pass(MINUTE);
  await service.beat("app-5", "fail");
  await service.pass(MINUTE);

  const at = service.letters.map(({ at }) => at);
  assert.deepEqual(at.slice(3), [9 * MINUTE + 45 * SECOND + WINDOW, 10 * MINUTE + 48 * SECOND]);
});

Deno.test("recoveries, reminders and letters about gaps use up no room for alarms", async () => {
  await using service = await wordy();
  for (const [id, kind] of [["a", "fail"], ["a", "success"], ["b", "fail"]] as const) {
    await service.beat(id, kind);
    await service.pass(MINUTE);
    await service.beat("a", "success");
  }
  await service.beat("b", "success");
  await service.pass(MINUTE);
  await service.beat("c", "fail");
  await service.pass(10 * SECOND);

  assert.deepEqual(service.letters.map(({ subject }) => subject), [
    "1 app reported a failure: a",
    "1 app is back: a",
    "1 app reported a failure: b",
    "1 app is back: b",
    "1 app reported a failure: c",
  ]);
  assert.equal(service.letters[4]?.at, 4 * MINUTE + WINDOW);
});

Deno.test("of 1,000 apps that fall within 10 s three letters come in the first minute, and all are named within two", async () => {
  await using service = await wordy();
  const all = ids(1_000);
  for (let tenth = 0; tenth < 10; tenth++) {
    await beatAll(service, all.slice(100 * tenth, 100 * (tenth + 1)));
    await service.pass(SECOND);
  }

  await service.pass(SILENCE + 2 * MINUTE - 10 * SECOND);

  const at = service.letters.map(({ at }) => at - SILENCE);
  assert.equal(at[0], WINDOW);
  assert.ok(at.filter((each) => each < MINUTE).length <= 3);
  assert.deepEqual(all.filter((id) => !named(service.letters).has(id)), []);
});

Deno.test("an app that a person set up is named first, whatever 2,000 invented ones do", async (t) => {
  const cases = [["set up by a person", true], ["known for longer than they", false]] as const;
  for (const [name, isSetUp] of cases) {
    await t.step(name, async () => {
      await using service = await wordy();
      if (!isSetUp) await service.beat("payments");
      const invented = ids(2_000, "a-");
      await beatAll(service, invented);
      if (isSetUp) {
        await service.store.register("payments", { ...NO_SETTINGS, name: "Pay" }, service.now);
        await service.beat("payments");
      }

      await service.pass(SILENCE + MINUTE);

      const [first, second] = service.letters;
      assert.match(first?.subject ?? "", /^2,000 apps are down: payments, a-1, a-2, a-3, a-4/);
      assert.match(first?.text ?? "", /^2,000 apps are down\n=+\n\n(Pay \()?payments\)?\n/);
      assert.match(first?.text ?? "", /1 more piece of news comes in the next letter/);
      assert.match(second?.subject ?? "", /^1 app is down: a-2000$/);
      assert.deepEqual(invented.filter((id) => !named(service.letters).has(id)), []);
    });
  }
});

Deno.test("apps with the longest ids there can be are all named, if need be by several letters", async () => {
  await using service = await wordy();
  const all = ids(700).map((id) => id.padEnd(100, "x"));
  await beatAll(service, all);

  await service.pass(SILENCE + MINUTE);

  assert.equal(service.letters.length, 3);
  assert.deepEqual(all.filter((id) => !named(service.letters).has(id)), []);
});

Deno.test("an app that is set up while its news waits comes first in the letter", async () => {
  await using service = await wordy();
  await beatAll(service, ids(10));
  await service.pass(SILENCE + SECOND);
  await service.store.change("storm-9", { note: "mine" }, service.now);

  await service.pass(MINUTE);

  const [letter] = service.letters;
  assert.match(letter?.subject ?? "", /^10 apps are down: storm-9, storm-1, storm-2, /);
});

Deno.test("what falls while a full letter waits to be tried again takes the place of what is less", async () => {
  await using service = await wordy();
  service.fate = "deferred";
  const invented = ids(2_000, "a-");
  await beatAll(service, invented);
  await service.store.register("payments", { ...NO_SETTINGS, name: "Pay" }, service.now);
  await service.beat("payments");
  await service.pass(SILENCE - SECOND);
  await service.beat("payments");
  await service.pass(2 * SECOND + WINDOW);

  await service.beat("payments", "fail");
  service.fate = "sent";
  await service.pass(2 * MINUTE);

  const [first] = service.letters;
  assert.match(first?.subject ?? "", /^1,999 apps are down: .*; 1 reported a failure: payments$/);
  assert.deepEqual(invented.filter((id) => !named(service.letters).has(id)), []);
});

Deno.test("a reminder names all that it reminds of, and leaves what it has no room for to the next one", async () => {
  const timing = { digestWindow: WINDOW, mailInterval: MINUTE, remindEvery: 60 * MINUTE };
  await using service = await BareService.start({
    timing: { ...timing, mailProof: null },
    write: (facts, now) => letter(facts, style("en", { now })),
  });
  const all = ids(700).map((id) => id.padEnd(100, "x"));
  await beatAll(service, all);
  await service.pass(SILENCE + MINUTE);
  const told = service.letters.length;

  await service.pass(60 * MINUTE);

  const reminders = service.letters.slice(told);
  assert.equal(reminders.length, 3);
  assert.ok(reminders.every(({ subject }) => / still down/.test(subject)));
  assert.deepEqual(all.filter((id) => !named(reminders).has(id)), []);
});
