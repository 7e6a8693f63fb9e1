import assert from "node:assert/strict";
import { DAY, type Duration, HOUR, type Instant, MINUTE, SECOND } from "../../lib/clock.ts";
import { temporaryFolder } from "../support/store.ts";
import { episode } from "./episode.ts";
import { Expectation, type OwedFlip } from "./expectation.ts";
import { toldBy } from "./letter_reader.ts";
import { editsOf, mutated, MUTATIONS } from "./mutate.ts";
import { brokenText } from "./summary.ts";

/** Long enough for crashes, gaps, clocks that are set and letters that are refused. */
const SPAN: Duration = 3 * DAY;

/** When the expectations begin; no special instant. */
const AT: Instant = 1_000_000_000_000;

Deno.test("the service keeps its promises through days of faults", async (t) => {
  using folder = temporaryFolder();

  for (const seed of [1, 2, 3, 4]) {
    await t.step(`seed ${seed}`, async () => {
      const result = await episode({ seed, span: SPAN, folder: folder.path });

      assert.ok(result.isKept, result.isKept ? "" : brokenText(result.broken));
    });
  }
});

Deno.test("the same seed takes the same course", async () => {
  using first = temporaryFolder();
  using second = temporaryFolder();

  const one = await episode({ seed: 5, span: DAY, folder: first.path });
  const other = await episode({ seed: 5, span: DAY, folder: second.path });

  assert.deepEqual(other, one);
});

Deno.test("each mutation finds what it is to change", async (t) => {
  for (const mutation of MUTATIONS) {
    await t.step(mutation.name, () => {
      for (const edit of editsOf(mutation)) {
        const source = Deno.readTextFileSync(new URL(`../../${edit.file}`, import.meta.url));

        assert.notEqual(mutated(source, edit), source);
      }
    });
  }
});

Deno.test("the oracle moves a deadline for a gap as rule 8 says", async (t) => {
  const due = AT + HOUR;
  const deadline = due + 10 * MINUTE;
  const cases: readonly (readonly [string, Instant, Instant, Instant])[] = [
    ["before due − grace: not", AT, due - 10 * MINUTE - 1, deadline],
    ["up to due − grace: in full", AT, due - 10 * MINUTE, due + HOUR],
    ["over the deadline: in full", deadline - 1, deadline + HOUR, deadline + HOUR + 70 * MINUTE],
    ["from the deadline on: not", deadline, deadline + HOUR, deadline],
  ];

  for (const [name, from, to, expected] of cases) {
    await t.step(name, () => {
      const app = heard();
      app.beDeaf({ from, to, cause: "off", isPiece: false });
      app.passTime(Infinity);

      assert.deepEqual(app.owed, [fall(expected)]);
    });
  }
});

Deno.test("the oracle moves a deadline in full once, then by each gap's length", () => {
  const app = heard();

  app.beDeaf({ from: AT + HOUR, to: AT + 2 * HOUR, cause: "off", isPiece: false });
  app.beDeaf({
    from: AT + 2 * HOUR + MINUTE,
    to: AT + 2 * HOUR + 3 * MINUTE,
    cause: "off",
    isPiece: false,
  });
  app.passTime(Infinity);

  assert.deepEqual(app.owed, [fall(AT + 3 * HOUR + 12 * MINUTE)]);
});

Deno.test("the oracle moves a deadline by a short stall's own length, and keeps the full move", () => {
  const app = heard();

  app.beDeaf({ from: AT + HOUR, to: AT + HOUR + 9 * SECOND, cause: "stalled", isPiece: false });
  const afterShort = app.deadline;
  app.beDeaf({
    from: AT + HOUR + MINUTE,
    to: AT + HOUR + 2 * MINUTE,
    cause: "stalled",
    isPiece: false,
  });

  assert.equal(afterShort, AT + 70 * MINUTE + 9 * SECOND);
  assert.equal(app.deadline, AT + HOUR + 2 * MINUTE + 70 * MINUTE);
});

Deno.test("the oracle owes the news that nobody knows at the old deadline, if the alarm comes an hour later", () => {
  const app = heard();

  app.beDeaf({ from: AT + HOUR, to: AT + HOUR + SECOND, cause: "off", isPiece: false });
  app.passTime(AT + 70 * MINUTE - 1);
  const early = [...app.unknowns];
  app.passTime(AT + 70 * MINUTE);

  assert.deepEqual(early, []);
  assert.deepEqual(app.unknowns, [{ at: AT + 70 * MINUTE, isOptional: false }]);
});

Deno.test("the oracle has a heartbeat after the deadline take the app down first", () => {
  const app = heard();

  app.hear(AT + 2 * HOUR, "success");

  const rise = { at: AT + 2 * HOUR, from: "down", to: "up", reason: "heartbeat" };
  assert.deepEqual(app.owed, [fall(AT + 70 * MINUTE), rise]);
});

Deno.test("a letter is read for what it tells of each app", () => {
  const text = [
    "1 app is down\n=============\n\na\n  No heartbeat for 2 h\n  Before that: away twice, 1 min in all",
    "2 apps were away\n================\n\nb\n  Was away for 14 min (11:45–11:59)\n\n" +
    "c\n  Was away 3 times, 14 min in all (the last time\n    11:45–11:59)",
    "1 app is still down\n===================\n\nd: for 3 d",
  ].join("\n\n\n");

  assert.deepEqual([...toldBy(text)], [
    ["a", { absences: 2, isDown: true }],
    ["b", { absences: 1, isDown: false }],
    ["c", { absences: 3, isDown: false }],
  ]);
});

/** An app with a period of an hour and a grace of ten minutes that was just heard. */
function heard(): Expectation {
  const app = new Expectation(HOUR, 10 * MINUTE);
  app.hear(AT, "success");
  app.owed.length = 0;
  return app;
}

function fall(at: Instant): OwedFlip {
  return { at, from: "up", to: "down", reason: "silence" };
}
