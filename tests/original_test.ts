import assert from "node:assert/strict";
import { keptMessage, MESSAGE_LENGTH } from "../lib/message.ts";
import { type OriginalRow, type OriginalValue, readRow, Tally } from "../lib/original.ts";
import { START } from "./support/fake_clock.ts";

const NULL: OriginalValue = { type: "null", text: "" };

function integer(value: number | bigint): OriginalValue {
  return { type: "integer", text: String(value) };
}

function text(value: string): OriginalValue {
  return { type: "text", text: value };
}

function row(changes: Partial<OriginalRow>): OriginalRow {
  return { id: 1n, appId: integer(23), date: integer(START), message: text("OK:200"), ...changes };
}

Deno.test("a row of the original is a heartbeat, whatever SQLite made of its values", async (t) => {
  const cases: readonly (readonly [string, Partial<OriginalRow>, object])[] = [
    ["as it should be", {}, {}],
    ["an app_id as text", { appId: text("23") }, {}],
    ["a name", { appId: text("billing") }, { appId: "billing" }],
    ["a whole app_id kept as REAL", { appId: { type: "real", text: "23.0" } }, {}],
    ["a whole date kept as REAL", { date: { type: "real", text: `${START}.0` } }, {}],
    ["no message", { message: NULL }, { message: null }],
    ["a number as message", { message: integer(200) }, { message: "200" }],
    ["the epoch", { date: integer(0) }, { at: 0 }],
    ["this very moment", { date: integer(START) }, {}],
    ["a long message", { message: text("x".repeat(MESSAGE_LENGTH + 1)) }, {
      message: keptMessage("x".repeat(MESSAGE_LENGTH + 1)).message,
    }],
  ];
  for (const [name, changes, expected] of cases) {
    await t.step(name, () => {
      const heartbeat = { id: 1, appId: "23", at: START, message: "OK:200", ...expected };
      assert.deepEqual(readRow(row(changes), START), { heartbeat });
    });
  }
});

Deno.test("a row that cannot be is refused, with its reason and an example", async (t) => {
  const appId = "app_id is none that an app can have";
  const date = "date is no whole number of milliseconds";
  const cases: readonly (readonly [Partial<OriginalRow>, string, string])[] = [
    [{ appId: { type: "real", text: "1.5" } }, appId, 'row 1: "1.5"'],
    [{ appId: integer(-5) }, appId, 'row 1: "-5"'],
    [{ appId: integer(2n ** 60n) }, appId, 'row 1: "1152921504606846976"'],
    [{ appId: NULL }, appId, "row 1: NULL"],
    [{ appId: text("a b\n") }, appId, 'row 1: "a b\\n" (text)'],
    [{ appId: { type: "blob", text: "23" } }, appId, 'row 1: "23" (blob)'],
    [{ date: text("yesterday") }, date, 'row 1: "yesterday" (text)'],
    [{ date: text("5") }, date, 'row 1: "5" (text)'],
    [{ date: NULL }, date, "row 1: NULL"],
    [{ date: { type: "real", text: "1.5" } }, date, 'row 1: "1.5"'],
    [{ date: integer(2n ** 60n) }, date, 'row 1: "1152921504606846976"'],
    [{ date: integer(-1) }, "date is negative", 'row 1: "-1"'],
    [{ date: integer(START + 1) }, "date is in the future", `row 1: "${START + 1}"`],
    [{ id: 2n ** 60n }, "id is beyond 2^53", 'row 1152921504606846976: ""'],
  ];
  for (const [changes, refused, example] of cases) {
    await t.step(`${refused}: ${example}`, () => {
      assert.deepEqual(readRow(row(changes), START), { refused, example });
    });
  }
});

Deno.test("a tally counts every row once, and keeps a few examples of what was refused", () => {
  const tally = new Tally();
  const bad = Array.from({ length: 5 }, (_, each) => row({ id: BigInt(each), date: integer(-1) }));

  const readable = tally.readable([row({}), ...bad, row({ id: 9n })], START);
  tally.took(1);

  assert.deepEqual(readable.map(({ id }) => id), [1, 9]);
  assert.deepEqual([tally.read, tally.taken, tally.known], [7, 1, 1]);
  assert.deepEqual([...tally.refused], [["date is negative", {
    count: 5,
    examples: ['row 0: "-1"', 'row 1: "-1"', 'row 2: "-1"'],
  }]]);
});
