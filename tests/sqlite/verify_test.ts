import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { openBeside } from "../../lib/sqlite/database.ts";
import { EXAMPLES, verify } from "../../lib/sqlite/verify.ts";
import { START } from "../support/fake_clock.ts";
import { beginTry, heartbeat, openStore, SILENCE, temporaryFolder } from "../support/store.ts";

const DOWN_AT = START + SILENCE;

/** A database in which all that can happen has happened. */
async function lived(path: string): Promise<void> {
  using store = await openStore({ path });
  await store.record(["up", "down", "back", "gone", "asleep"].map((id) => heartbeat(id)));
  await store.record([heartbeat("up", { at: DOWN_AT - 1 })]);
  await store.takeDown(DOWN_AT, 10);
  const first = await beginTry(store);
  assert.ok(first);
  await store.settle(first, { outcome: "sent", reply: "250" }, DOWN_AT);
  await store.record([heartbeat("back", { at: DOWN_AT }), heartbeat("new", { kind: "start" })]);
  await store.forget("gone", DOWN_AT);
  await store.pause("asleep", DOWN_AT);
  await store.record([heartbeat("failed", { kind: "fail", at: DOWN_AT })]);
  const second = await beginTry(store, { messageId: "<2@example.org>" });
  assert.ok(second);
  await store.settle(second, { outcome: "deferred", reason: "", hint: null }, DOWN_AT);
}

function wrong(path: string): readonly string[] {
  using beside = openBeside(path);
  const { findings } = verify(beside);
  return findings.filter(({ faults }) => faults.length > 0).map(({ rule }) => rule);
}

Deno.test("a database that was only used is as the rules say, and every debt is accounted for", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  await lived(path);

  using beside = openBeside(path);
  const { findings, account } = verify(beside);

  assert.deepEqual(findings.filter(({ faults }) => faults.length > 0), []);
  assert.ok(findings.length > 8);
  // Four fell and were told, one of them forgotten since; one came back, and one failed.
  assert.deepEqual(account, { waiting: 2, sent: 4, suppressed: 0, failed: 0 });
});

Deno.test("whatever breaks a rule is found", async (t) => {
  const app = (id: string) => `(SELECT id FROM apps WHERE app_id = '${id}')`;
  const cases: readonly (readonly [string, string])[] = [
    [
      "each app's flips alternate",
      `UPDATE flips SET from_state = 'paused' WHERE app = ${app("up")}`,
    ],
    [
      "each app is where its last flip led",
      `UPDATE apps SET state = 'new', deadline_at = NULL
      WHERE app_id = 'up'`,
    ],
    [
      "each open incident is its app's last fall, from that instant on",
      `UPDATE apps
      SET down_since = down_since + 1 WHERE app_id = 'down'`,
    ],
    [
      "each recovery ends a fall of its own app",
      `UPDATE flips
      SET ends = (SELECT incident FROM apps WHERE app_id = 'down') WHERE app = ${app("back")}
      AND ends IS NOT NULL`,
    ],
    [
      "no deadline lies before the heartbeat that it counts from",
      `UPDATE apps
      SET deadline_at = success_at - 1 WHERE app_id = 'up'`,
    ],
    ["only news is owed, each to an address once", `UPDATE debts SET is_down = 1 - is_down`],
    [
      "what counts as sent was in a letter that was taken",
      `UPDATE debts SET message = 2
      WHERE state = 'sent'`,
    ],
    [
      "what waits is in no letter, or in one that waits",
      `UPDATE debts SET message = 1
      WHERE state = 'waiting'`,
    ],
    [
      "a letter that waits has something to tell",
      `UPDATE debts SET message = NULL
      WHERE state = 'waiting'`,
    ],
    [
      "the chains of the newest 100000 heartbeats go back",
      `UPDATE heartbeats SET previous = id + 1
      WHERE previous IS NOT NULL`,
    ],
    [
      "SQLite finds the file whole",
      `PRAGMA foreign_keys = OFF; UPDATE flips SET app = 999
      WHERE app = ${app("up")}`,
    ],
  ];
  for (const [rule, sql] of cases) {
    await t.step(rule, async () => {
      using folder = temporaryFolder();
      const path = `${folder.path}/a.db`;
      await lived(path);
      {
        using db = new DatabaseSync(path);
        db.exec(`PRAGMA ignore_check_constraints = ON; ${sql}`);
      }

      assert.ok(wrong(path).includes(rule), JSON.stringify(wrong(path)));
    });
  }
});

Deno.test("whoever verifies keeps nobody from writing", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path });
  await store.record([heartbeat("1")]);
  using beside = openBeside(path);

  const recorded = beside.snapshot(() => {
    beside.get("SELECT COUNT(*) FROM apps");
    const recording = store.record([heartbeat("2")]);
    void store.flush();
    return recording;
  });

  assert.deepEqual(await recorded, [{ appId: "2", status: "up" }]);
});

Deno.test("of many faults a few are named", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  {
    using store = await openStore({ path });
    await store.record(Array.from({ length: 50 }, (_, id) => heartbeat(String(id))));
  }
  using db = new DatabaseSync(path);
  db.exec("UPDATE apps SET deadline_at = 0");

  using beside = openBeside(path);
  const faults = verify(beside).findings.flatMap((finding) => finding.faults);

  assert.equal(faults.length, EXAMPLES);
});
