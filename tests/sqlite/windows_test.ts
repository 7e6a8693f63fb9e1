import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { HOUR, MINUTE } from "../../lib/clock.ts";
import type { NewWindow } from "../../lib/maintenance.ts";
import { Database } from "../../lib/sqlite/database.ts";
import { TABLES } from "../../lib/sqlite/tables.ts";
import { Windows, WINDOWS_LIMIT } from "../../lib/sqlite/windows.ts";
import { START } from "../support/fake_clock.ts";
import { openStore, temporaryFolder } from "../support/store.ts";

const ONCE: NewWindow = {
  scope: { kind: "app", appId: "23" },
  recurrence: { kind: "once", at: START + HOUR },
  length: HOUR,
  note: "a new disk",
};
const OVER_AT = START + 2 * HOUR;
const PLACE = { timeOfDay: 150 * MINUTE, timeZone: "Europe/Moscow" };
const DAILY: NewWindow = {
  scope: { kind: "tag", tag: "shop" },
  recurrence: { kind: "daily", ...PLACE },
  length: 2 * HOUR,
  note: null,
};
const WEEKLY: NewWindow = {
  scope: { kind: "all" },
  recurrence: { kind: "weekly", weekday: "sun", ...PLACE },
  length: 2 * HOUR,
  note: null,
};

/** An empty database of the newest version, and its table of windows. */
function openWindows(): { readonly db: Database; readonly windows: Windows } & Disposable {
  const file = new DatabaseSync(":memory:");
  file.exec(TABLES);
  const db = new Database(file);
  return { db, windows: new Windows(db), [Symbol.dispose]: () => db[Symbol.dispose]() };
}

Deno.test("windows of every kind are read as they were added, also after a restart", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const added = [];
  {
    using store = await openStore({ path });
    for (const window of [ONCE, DAILY, WEEKLY]) {
      added.push(await store.addMaintenance(window, START));
    }
  }

  using store = await openStore({ path });

  assert.deepEqual(await store.maintenance(START), added);
  assert.deepEqual(added, [{ id: 1, ...ONCE }, { id: 2, ...DAILY }, { id: 3, ...WEEKLY }]);
});

Deno.test("a window that is over is not listed, not removed by hand, and gone once another is added", () => {
  using opened = openWindows();
  const { db, windows } = opened;
  const rows = () => db.all("SELECT id FROM maintenance").map(({ id }) => id);
  const { id } = windows.add(ONCE, START);

  const listed = [OVER_AT - 1, OVER_AT].map((now) => windows.list(now).length);
  const removed = windows.remove(id, OVER_AT);
  const before = rows();
  windows.add(DAILY, OVER_AT - 1);
  const early = rows();
  windows.add(WEEKLY, OVER_AT);

  assert.deepEqual([listed, removed], [[1, 0], false]);
  assert.deepEqual([before, early, rows()], [[1], [1, 2], [2, 3]]);
});

Deno.test("a removed window is gone, and its id never comes back", () => {
  using opened = openWindows();
  const { windows } = opened;
  const { id } = windows.add(WEEKLY, START);

  const removed = [windows.remove(id, START), windows.remove(id, START), windows.remove(0, START)];
  const next = windows.add(WEEKLY, START);

  assert.deepEqual(removed, [true, false, false]);
  assert.deepEqual(windows.list(START), [{ ...WEEKLY, id: id + 1 }]);
  assert.equal(next.id, id + 1);
});

Deno.test("no more windows are added than there may be, unless one is over", () => {
  using opened = openWindows();
  const { windows } = opened;
  windows.add(ONCE, START);
  for (let count = 1; count < WINDOWS_LIMIT; count++) windows.add(DAILY, START);

  assert.throws(() => windows.add(DAILY, OVER_AT - 1), {
    code: "too_many",
    message: /there are 1000 of at most 1000; remove one first/,
  });
  windows.add(DAILY, OVER_AT);
  assert.throws(() => windows.add(DAILY, OVER_AT), { code: "too_many" });
  assert.equal(windows.list(OVER_AT).length, WINDOWS_LIMIT);
});

Deno.test("the table refuses a window that cannot be", async (t) => {
  using opened = openWindows();
  const columns = "scope, subject, kind, at, weekday, time_ms, time_zone, length_ms";
  const cases = [
    ["an app without its id", "'app', NULL, 'once', 1, NULL, NULL, NULL, 1"],
    ["all of one", "'all', '23', 'once', 1, NULL, NULL, NULL, 1"],
    ["once without an instant", "'all', NULL, 'once', NULL, NULL, NULL, NULL, 1"],
    ["once at a local time", "'all', NULL, 'once', 1, NULL, 0, 'UTC', 1"],
    ["daily at an instant", "'all', NULL, 'daily', 1, NULL, 0, 'UTC', 1"],
    ["daily without a zone", "'all', NULL, 'daily', NULL, NULL, 0, NULL, 1"],
    ["daily on a weekday", "'all', NULL, 'daily', NULL, 'sun', 0, 'UTC', 1"],
    ["weekly on none", "'all', NULL, 'weekly', NULL, NULL, 0, 'UTC', 1"],
    ["at no time of day", "'all', NULL, 'daily', NULL, NULL, 86400000, 'UTC', 1"],
    ["of no length", "'all', NULL, 'daily', NULL, NULL, 0, 'UTC', 0"],
  ] as const;
  for (const [name, values] of cases) {
    await t.step(name, () => {
      assert.throws(
        () => opened.db.run(`INSERT INTO maintenance (${columns}) VALUES (${values})`),
        /CHECK constraint failed/,
      );
    });
  }
});
