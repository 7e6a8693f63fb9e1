import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { keepCopy, openBeside, openDatabase } from "../../lib/sqlite/database.ts";
import { takeLock } from "../../lib/sqlite/lock.ts";
import { migrate, takeSteps } from "../../lib/sqlite/migrate.ts";
import { VERSION } from "../../lib/sqlite/tables.ts";
import { heartbeat, openStore, temporaryFolder } from "../support/store.ts";

Deno.test("all that is made is for its owner's eyes alone", async () => {
  using folder = temporaryFolder();
  using _lock = takeLock(`${folder.path}/a.db`);
  using store = await openStore({ path: `${folder.path}/a.db` });
  await store.record([heartbeat("1")]);

  const modes = [...Deno.readDirSync(folder.path)].map(({ name }) => {
    const { mode } = Deno.statSync(`${folder.path}/${name}`);
    return [name, ((mode ?? 0) & 0o777).toString(8)];
  });

  assert.ok(modes.length >= 4, "the database, its log and index, its lock");
  for (const [name, mode] of modes) assert.equal(mode, "600", name);
});

Deno.test("a commit is flushed to disk, the log is written ahead, and nobody is waited for long", async () => {
  using folder = temporaryFolder();
  const { database } = await openDatabase(`${folder.path}/a.db`);
  using db = database;

  const pragmas = ["synchronous", "journal_mode", "fullfsync", "foreign_keys", "busy_timeout"];
  const values = pragmas.map((name) => Object.values(db.get(`PRAGMA ${name}`) ?? {})[0]);

  assert.deepEqual(values, [2, "wal", 1, 1, 50]);
});

const NEWER = new RegExp(
  `from a newer version of stillalive \\(schema ${VERSION + 1}, .* ${VERSION}\\)`,
);

Deno.test("a file that is not ours is refused with the reason, and left as it was", async (t) => {
  const foreign = (path: string) => {
    using db = new DatabaseSync(path);
    db.exec("CREATE TABLE appInfo (id INTEGER PRIMARY KEY)");
  };
  const newer = async (path: string) => {
    (await openStore({ path }))[Symbol.dispose]();
    using db = new DatabaseSync(path);
    db.exec(`PRAGMA user_version = ${VERSION + 1}`);
  };
  const cut = async (path: string) => {
    (await openStore({ path }))[Symbol.dispose]();
    Deno.truncateSync(path, 5_000);
  };
  const cases: readonly (readonly [string, (path: string) => void | Promise<void>, RegExp])[] = [
    ["a text", (path) => Deno.writeTextFileSync(path, "Dear diary"), /is no SQLite database$/],
    ["another program's database", foreign, /belongs to another program$/],
    ["one from a newer version", newer, NEWER],
    ["a damaged one", cut, /SQLite says "database disk image is malformed"$/],
  ];
  for (const [name, make, expected] of cases) {
    await t.step(name, async () => {
      using folder = temporaryFolder();
      const path = `${folder.path}/a.db`;
      await make(path);
      const before = Deno.readFileSync(path);

      await assert.rejects(async () => {
        using _lock = takeLock(path);
        using _store = await openStore({ path });
      }, { code: "unusable", message: expected });

      assert.deepEqual(Deno.readFileSync(path), before);
    });
  }
});

Deno.test("nothing is made beside a file that is another program's", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/db.sqlite`;
  {
    using db = new DatabaseSync(path);
    db.exec("PRAGMA journal_mode = WAL; CREATE TABLE appInfo (id INTEGER PRIMARY KEY)");
  }

  assert.throws(() => takeLock(path), { code: "unusable" });

  assert.deepEqual([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["db.sqlite"]);
});

Deno.test("a database is made at one stroke: whenever that is killed, all of it is there or nothing", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using _store = await openStore({ path });

  // What is in the file itself, whatever is in its log (https://sqlite.org/fileformat.html §1.3).
  const head = new DataView(Deno.readFileSync(path).buffer);
  const [changes, version] = [head.getUint32(24), head.getUint32(60)];

  assert.equal(changes, 2, "its making, and from when on it is written ahead");
  assert.equal(version, VERSION);
});

Deno.test("a database whose first process was killed at once is taken for ours", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using _killed = await openStore({ path });
  const left = `${folder.path}/b.db`;
  // What is on disk while everything but the first page is still in the log.
  Deno.copyFileSync(path, left);
  Deno.copyFileSync(`${path}-wal`, `${left}-wal`);

  using store = await openStore({ path: left });

  assert.equal(store.isNew, false);
});

Deno.test("a place where no database can be is refused with the reason", async (t) => {
  using folder = temporaryFolder();
  await t.step("a folder", () => {
    assert.throws(() => takeLock(folder.path), { code: "unusable", message: /it is not a file$/ });
  });
  await t.step("in a folder that is not there", () => {
    const path = `${folder.path}/no/a.db`;
    const message = `Cannot use database "${path}": its folder does not exist`;
    assert.throws(() => takeLock(path), { code: "unusable", message });
  });
});

Deno.test("a database has one owner, and another once that one is gone", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const first = takeLock(path);

  const second = takeLock(path);
  first?.[Symbol.dispose]();
  using third = takeLock(path);

  assert.notEqual(first, null);
  assert.equal(second, null);
  assert.notEqual(third, null);
});

Deno.test("readers read beside the owner", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using _lock = takeLock(path);
  using store = await openStore({ path });
  await store.record([heartbeat("1")]);

  using beside = openBeside(path);

  assert.equal(beside.get("SELECT COUNT(*) AS apps FROM apps")?.apps, 1);
});

Deno.test("nothing opens beside an owner that was never there", () => {
  using folder = temporaryFolder();

  assert.throws(() => openBeside(`${folder.path}/a.db`), {
    code: "unusable",
    message: /there is none; start stillalive first, /,
  });
});

Deno.test("each step is taken once, after a copy of what was there", async () => {
  using folder = temporaryFolder();
  using db = new DatabaseSync(`${folder.path}/a.db`);
  const pathOf = (version: number) => `${folder.path}/copy-${version}`;
  const copy = (version: number) => keepCopy(db, pathOf(version));
  const steps = ["CREATE TABLE a (x)", "INSERT INTO a VALUES (1)", "INSERT INTO a VALUES (2)"];

  await takeSteps(db, steps.slice(0, 1), copy);
  await takeSteps(db, steps, copy);
  await takeSteps(db, steps, copy);

  const count = (path: string) => {
    using copy = new DatabaseSync(path, { readOnly: true });
    return copy.prepare("SELECT COUNT(*) AS rows FROM a").get()?.rows;
  };
  assert.equal(count(`${folder.path}/a.db`), 2);
  assert.deepEqual([count(pathOf(1)), count(pathOf(2))], [0, 1]);
  assert.equal((Deno.statSync(pathOf(1)).mode ?? 0) & 0o777, 0o600);
  assert.equal(db.prepare("PRAGMA user_version").get()?.user_version, 3);
});

Deno.test("a file just made is not copied", async () => {
  using db = new DatabaseSync(":memory:");
  const copied: number[] = [];
  const copy = (version: number) => Promise.resolve(void copied.push(version));

  await migrate(db, copy);

  assert.deepEqual(copied, []);
});

Deno.test("a step that fails leaves the database at the version before", async () => {
  using db = new DatabaseSync(":memory:");
  const steps = ["CREATE TABLE a (x)", "INSERT INTO a VALUES (1); INSERT INTO b VALUES (1)"];
  const copy = () => Promise.resolve();
  await takeSteps(db, steps.slice(0, 1), copy);

  const failed = takeSteps(db, steps, copy);

  await assert.rejects(failed, /no such table: b/);
  assert.equal(db.prepare("PRAGMA user_version").get()?.user_version, 1);
  assert.equal(db.prepare("SELECT COUNT(*) AS rows FROM a").get()?.rows, 0);
});
