import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { backUp } from "../../lib/sqlite/backup.ts";
import { takeLock } from "../../lib/sqlite/lock.ts";
import { VERSION } from "../../lib/sqlite/tables.ts";
import { heartbeat, openStore, temporaryFolder } from "../support/store.ts";

/** Nobody stops it. */
const GO_ON = new AbortController().signal;

function namesIn(folder: string): readonly string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("a backup holds what was answered, while the service goes on", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const file = `${folder.path}/copy.db`;
  using _lock = takeLock(path);
  using store = await openStore({ path });
  await store.record([heartbeat("1"), heartbeat("2")]);

  const copying = backUp(path, file, GO_ON);
  await store.record([heartbeat("3")]);
  const { bytes, rows } = await copying;
  using restored = await openStore({ path: file });

  assert.deepEqual(rows.map(([table]) => table), [
    "apps",
    "heartbeats",
    "flips",
    "debts",
    "messages",
  ]);
  assert.ok(rows.slice(0, 3).every(([, count]) => count === rows[0]?.[1] && count >= 2));
  assert.equal(bytes % 4096, 0);
  assert.notEqual(await restored.app("2"), null);
  assert.equal((Deno.statSync(file).mode ?? 0) & 0o777, 0o600);
  assert.deepEqual(namesIn(folder.path).filter((name) => name.includes("unchecked")), []);
});

Deno.test("a backup is one file that needs nothing beside it, and takes the place of a left one", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  {
    using store = await openStore({ path });
    await store.record([heartbeat("1")]);
  }
  Deno.writeTextFileSync(`${folder.path}/copy.db.unchecked`, "what a killed backup left");

  await backUp(path, `${folder.path}/copy.db`, GO_ON);

  assert.deepEqual(namesIn(folder.path), ["a.db", "copy.db"]);
});

Deno.test("a backup that cannot be made leaves nothing behind, and says why", async (t) => {
  const stopped = new AbortController();
  stopped.abort();
  const cases: readonly (readonly [string, string, AbortSignal, RegExp])[] = [
    ["over a file", "taken", GO_ON, /there is a file already; choose another name$/],
    ["over the database", "a.db", GO_ON, /there is a file already; choose another name$/],
    ["over a link that leads nowhere", "link", GO_ON, /there is a file already; choose another/],
    ["into no folder", "no/copy.db", GO_ON, /its folder does not exist$/],
    ["when it is stopped", "copy.db", stopped.signal, /it was stopped$/],
  ];
  for (const [name, file, signal, expected] of cases) {
    await t.step(name, async () => {
      using folder = temporaryFolder();
      const path = `${folder.path}/a.db`;
      (await openStore({ path }))[Symbol.dispose]();
      Deno.writeTextFileSync(`${folder.path}/taken`, "mine");
      Deno.writeTextFileSync(`${folder.path}/taken.unchecked`, "mine too");
      Deno.symlinkSync("nowhere", `${folder.path}/link`);
      const before = namesIn(folder.path);

      await assert.rejects(backUp(path, `${folder.path}/${file}`, signal), {
        code: "unusable",
        message: expected,
      });

      assert.deepEqual(namesIn(folder.path), before);
      assert.equal(Deno.readTextFileSync(`${folder.path}/taken`), "mine");
      assert.equal(Deno.readTextFileSync(`${folder.path}/taken.unchecked`), "mine too");
    });
  }
});

Deno.test("what is no database of ours is not backed up", async (t) => {
  const cases: readonly (readonly [string, (path: string) => void, RegExp])[] = [
    ["none", () => {}, /there is none; /],
    ["a text", (path) => Deno.writeTextFileSync(path, "Dear diary"), /no SQLite database$/],
  ];
  for (const [name, make, expected] of cases) {
    await t.step(name, async () => {
      using folder = temporaryFolder();
      const path = `${folder.path}/a.db`;
      make(path);
      const before = namesIn(folder.path);

      await assert.rejects(backUp(path, `${folder.path}/copy.db`, GO_ON), {
        code: "unusable",
        message: expected,
      });

      assert.deepEqual(namesIn(folder.path), before);
    });
  }
});

Deno.test("a damaged database is not backed up", async (t) => {
  const cases = [
    ["a row that names none", "UPDATE flips SET app = 99999 WHERE id = 1"],
    ["a value against the schema", "UPDATE apps SET state = 'lost' WHERE id = 1"],
  ] as const;
  for (const [name, sql] of cases) {
    await t.step(name, async () => {
      using folder = temporaryFolder();
      const path = `${folder.path}/a.db`;
      {
        using store = await openStore({ path });
        await store.record(Array.from({ length: 50 }, (_, id) => heartbeat(`app-${id}`)));
      }
      {
        using db = new DatabaseSync(path);
        db.exec(`PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; ${sql}`);
      }

      await assert.rejects(backUp(path, `${folder.path}/copy.db`, GO_ON), {
        message: /the copy is damaged/,
      });

      assert.deepEqual(namesIn(folder.path), ["a.db"]);
    });
  }
});

Deno.test("a backup is of the version that the database is of", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  (await openStore({ path }))[Symbol.dispose]();

  await backUp(path, `${folder.path}/copy.db`, GO_ON);

  using copy = new DatabaseSync(`${folder.path}/copy.db`, { readOnly: true });
  assert.equal(copy.prepare("PRAGMA user_version").get()?.user_version, VERSION);
});
