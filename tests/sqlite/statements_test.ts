import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { APP_COLUMNS, IS_PUT_OFF, PRECEDENCE, TOLD_FROM } from "../../lib/sqlite/app_row.ts";
import { STATEMENTS } from "../../lib/sqlite/app_lists.ts";
import { TEXTS } from "../../lib/sqlite/app_search.ts";
import type { AppOrder } from "../../lib/store.ts";
import { APPS_ELSEWHERE } from "../../lib/sqlite/elsewhere.ts";
import { COUNTING } from "../../lib/sqlite/counts.ts";
import { TABLES } from "../../lib/sqlite/tables.ts";
import { EXTENDED } from "../../lib/sqlite/segments.ts";

/**
 * Statements that may look at every row: at a start, for a gap, for a proof
 * once a week, for a clock that was set back, for verify.
 */
const MAY_SCAN = [
  "CARRY_AHEAD",
  "COUNT_JUDGED",
  "COUNT_SAMPLE",
  "EXCUSE",
  "EXCUSE_ALL",
  "DELAY",
  "SELECT_ACCOUNT",
  "SELECT_FOLLOWING_DEFAULTS",
  "SELECT_SCHEMA",
  "SHIFT_APPS",
];

/** What holds few rows: small tables, and what a step before has narrowed down. */
const SMALL =
  /^SCAN (counted_\w+|mail_server|listening|occasions|tokens|sessions|forgotten|forgotten_debts|journal|maintenance|failed|owed|told|elsewhere|json_each|CONSTANT ROW|\(subquery-\d+\))/;

/** Every statement of lib/sqlite/, by the name of its constant. */
async function* statements(): AsyncGenerator<readonly [name: string, sql: string]> {
  const folder = new URL("../../lib/sqlite/", import.meta.url);
  for await (const { name } of Deno.readDir(folder)) {
    // The first make the tables; the others read tables that are not ours.
    if (["migrations.ts", "tables.ts", "source.ts", "source_table.ts"].includes(name)) continue;
    const source = await Deno.readTextFile(new URL(name, folder));
    const parts = new Map(
      Object.entries({ APP_COLUMNS, APPS_ELSEWHERE, EXTENDED, IS_PUT_OFF, PRECEDENCE, TOLD_FROM }),
    );
    for (const [, constant = "", text = ""] of source.matchAll(/^const (\w+) = `([^`]+)`/gm)) {
      const sql = text.replaceAll(/\$\{(\w+)\}/g, (whole, part) => parts.get(part) ?? whole);
      parts.set(constant, sql);
      if (/^\s*(WITH|SELECT|INSERT|UPDATE|DELETE)\b/.test(sql)) yield [constant, sql];
    }
  }
}

Deno.test("no statement that runs while heartbeats come looks at every row of a table", async (t) => {
  using db = new DatabaseSync(":memory:");
  for (const sql of [TABLES, ...COUNTING]) db.exec(sql);
  let seen = 0;
  for await (const [name, sql] of statements()) {
    seen++;
    if (MAY_SCAN.includes(name)) continue;
    await t.step(name, () => {
      const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
      const scans = plan.map(({ detail }) => String(detail)).filter((step) =>
        step.startsWith("SCAN") && !SMALL.test(step) && !step.includes("INDEX")
      );
      assert.deepEqual(scans, []);
    });
  }
  for (const [order, lists] of Object.entries(STATEMENTS)) {
    for (const [name, sql] of Object.entries({ ...lists, ...TEXTS[order as AppOrder] })) {
      await t.step(`a list by ${order}: ${name}`, () => {
        const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all().map(({ detail }) => `${detail}`);
        assert.deepEqual(
          plan.filter((step) => /^SCAN apps|TEMP B-TREE/.test(step) && name !== "found"),
          [],
        );
      });
    }
  }
  assert.ok(seen > 20, `only ${seen} statements found`);
});
