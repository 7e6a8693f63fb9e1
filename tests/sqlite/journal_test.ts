import assert from "node:assert/strict";
import fc from "fast-check";
import { HEARTBEAT_KINDS } from "../../lib/heartbeat.ts";
import { IN_MEMORY, openDatabase } from "../../lib/sqlite/database.ts";
import { Journal } from "../../lib/sqlite/journal.ts";
import { START } from "../support/fake_clock.ts";

const ENTRIES = fc.array(
  fc.record({
    app: fc.integer({ min: 1, max: 3 }),
    number: fc.integer({ min: 1, max: 1_000_000 }),
    heartbeat: fc.record({
      at: fc.integer({ min: -100_000, max: 100_000 }).map((since) => START + since),
      kind: fc.constantFrom(...HEARTBEAT_KINDS),
      message: fc.constantFrom("OK:200", "Всё хорошо", null),
      address: fc.constantFrom("192.0.2.1", null),
      userAgent: fc.constantFrom("curl/8", null),
    }, { noNullPrototype: true }),
  }, { noNullPrototype: true }),
  { minLength: 1, maxLength: 9 },
);

Deno.test("the journal gives back what was written, in order, and when the newest came", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(ENTRIES), async (rows) => {
      using database = (await openDatabase(IN_MEMORY)).database;
      const journal = new Journal(database);

      const ids = rows.map((entries) => journal.add(entries));

      assert.deepEqual(
        [...journal.read()],
        rows.map((entries, index) => ({ id: ids[index], entries })),
      );
      const newest = rows.at(-1)?.map(({ heartbeat: { at } }) => at);
      assert.equal(journal.newestAt(), newest === undefined ? null : Math.max(...newest));
    }),
    { numRuns: 50 },
  );
});

Deno.test("what a program before this one left in the journal is read", async () => {
  using database = (await openDatabase(IN_MEMORY)).database;
  const row =
    '[[23,1,1795820892264,"success","OK",null,null],[24,7,1795820892263,"log","OK",null,null]]';
  database.run("INSERT INTO journal (heartbeats) VALUES (:row)", { row });

  const [read] = [...new Journal(database).read()];

  assert.deepEqual(
    read?.entries.map(({ app, number, heartbeat: { at, kind } }) => [app, number, at, kind]),
    [
      [23, 1, 1795820892264, "success"],
      [24, 7, 1795820892263, "log"],
    ],
  );
});
