import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { backUp } from "../../lib/sqlite/backup.ts";
import { takeLock } from "../../lib/sqlite/lock.ts";
import { heartbeat, openStore, temporaryFolder } from "../support/store.ts";

Deno.test("a backup holds what was answered, while the service goes on", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const file = `${folder.path}/copy.db`;
  using _lock = takeLock(path);
  using store = await openStore({ path });
  await store.record([heartbeat("1"), heartbeat("2")]);

  const copying = backUp(path, file);
  await store.record([heartbeat("3")]);
  const { bytes, apps, flips } = await copying;
  using restored = await openStore({ path: file });

  assert.ok(apps >= 2 && flips === apps);
  assert.ok(bytes > 0);
  assert.notEqual(await restored.app("2"), null);
  assert.equal((Deno.statSync(file).mode ?? 0) & 0o777, 0o600);
  const names = [...Deno.readDirSync(folder.path)].map(({ name }) => name);
  assert.deepEqual(names.filter((name) => name.includes("unchecked")), []);
});

Deno.test("a backup that cannot be made leaves nothing behind, and says why", async (t) => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ["over a file", "taken", /there is a file already; choose another name$/],
    ["into no folder", "no/copy.db", /No such file or directory/],
  ];
  for (const [name, file, expected] of cases) {
    await t.step(name, async () => {
      using folder = temporaryFolder();
      const path = `${folder.path}/a.db`;
      (await openStore({ path }))[Symbol.dispose]();
      Deno.writeTextFileSync(`${folder.path}/taken`, "mine");
      const look = () => [...Deno.readDirSync(folder.path)].map(({ name }) => name).sort();
      const before = look();

      await assert.rejects(backUp(path, `${folder.path}/${file}`), {
        code: "unusable",
        message: expected,
      });

      assert.deepEqual(look(), before);
      assert.equal(Deno.readTextFileSync(`${folder.path}/taken`), "mine");
    });
  }
});

Deno.test("a damaged database is not backed up", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  {
    using store = await openStore({ path });
    await store.record(Array.from({ length: 50 }, (_, id) => heartbeat(`app-${id}`)));
  }
  {
    using db = new DatabaseSync(path);
    db.exec("PRAGMA foreign_keys = OFF; UPDATE flips SET app = 99999 WHERE id = 1");
  }

  await assert.rejects(backUp(path, `${folder.path}/copy.db`), { message: /the copy is damaged/ });

  assert.deepEqual([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["a.db"]);
});
