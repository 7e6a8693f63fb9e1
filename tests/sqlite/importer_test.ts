import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { DAY, SECOND } from "../../lib/clock.ts";
import { Tally } from "../../lib/original.ts";
import { openDatabase } from "../../lib/sqlite/database.ts";
import { Importer } from "../../lib/sqlite/importer.ts";
import { Source } from "../../lib/sqlite/source.ts";
import { FakeClock, START } from "../support/fake_clock.ts";
import { makeOriginal } from "../support/original.ts";
import { DEFAULTS, heartbeat, openStore, SILENCE, temporaryFolder } from "../support/store.ts";

const ROW = ["23", String(START), "'OK:200'"] as const;

/** Imports all of a source, so many rows at a time. */
async function importAll(
  paths: { readonly source: string; readonly database: string },
  options: {
    readonly step?: number;
    readonly ignored?: readonly string[];
    readonly isWatching?: boolean;
  } = {},
) {
  const { step = 100, ignored = [], isWatching = false } = options;
  using source = new Source(paths.source);
  const { database } = await openDatabase(paths.database);
  using db = database;
  const importer = new Importer(db, { ignoredApps: new Set(ignored), flappingFlips: 6 });
  const tally = new Tally();
  for (const rows of source.rows(step)) tally.took(importer.take(tally.readable(rows, START)));
  const watched = isWatching ? importer.watch(DEFAULTS, START) : 0;
  const refused = [...tally.refused].map(([reason, { count }]) => `${reason}: ${count}`);
  const { read, taken, known } = tally;
  return { read, taken, known, refused, registered: importer.registered, watched };
}

function rows(path: string, sql: string): readonly unknown[] {
  using db = new DatabaseSync(path, { readOnly: true });
  return db.prepare(sql).all().map((row) => Object.values(row));
}

Deno.test("each row is taken once, however often it is imported and after it was pruned", async () => {
  using folder = temporaryFolder();
  const paths = { source: `${folder.path}/db.sqlite`, database: `${folder.path}/a.db` };
  // The same app at the same instant, twice: two rows of the original, and two heartbeats.
  makeOriginal(paths.source, [ROW, ROW, ["7", String(START - 1), "NULL"]]);

  const first = await importAll(paths, { step: 2 });
  const second = await importAll(paths);
  {
    using db = new DatabaseSync(paths.database);
    db.exec("DELETE FROM imported_heartbeats");
  }
  const third = await importAll(paths);
  {
    using db = new DatabaseSync(paths.source);
    db.exec(`INSERT INTO appInfo (app_id, date) VALUES (23, ${START})`);
  }
  const grown = await importAll(paths);

  const none = { taken: 0, refused: [], registered: 0, watched: 0 };
  assert.deepEqual(first, { ...none, read: 3, taken: 3, known: 0, registered: 2 });
  assert.deepEqual(second, { ...none, read: 3, known: 3 });
  assert.deepEqual(third, second);
  assert.deepEqual(grown, { ...none, read: 4, taken: 1, known: 3 });
});

Deno.test("rows are read by their ids, not as text", async () => {
  using folder = temporaryFolder();
  const paths = { source: `${folder.path}/db.sqlite`, database: `${folder.path}/a.db` };
  makeOriginal(paths.source, Array.from({ length: 123 }, () => ROW));

  const { read, taken } = await importAll(paths, { step: 10 });

  assert.deepEqual([read, taken], [123, 123]);
});

Deno.test("no row ends an import, whatever SQLite let into it", async () => {
  using folder = temporaryFolder();
  const paths = { source: `${folder.path}/db.sqlite`, database: `${folder.path}/a.db` };
  makeOriginal(paths.source, [
    ROW,
    ["'billing'", String(START), "CAST(X'ff00fe' AS TEXT)"],
    ["1.5", String(START), "NULL"],
    ["9223372036854775807", String(START), "NULL"],
    ["23", "9223372036854775807", "NULL"],
    ["23", "-1", "NULL"],
    ["23", "'soon'", "NULL"],
    ["23", "32503680000000", "NULL"], // the year 3000
    ["X'00'", String(START), "NULL"],
    ["23", String(START), "X'ff00fe'"],
    ["23", String(START), "hex(zeroblob(5000000)) || 'the last line'"], // 10 MB
    ["23", String(START), "'a' || char(0) || 'b'"],
  ]);

  const imported = await importAll(paths);

  assert.deepEqual(imported.refused, [
    "app_id is none that an app can have: 3",
    "date is no whole number of milliseconds: 2",
    "date is negative: 1",
    "date is in the future: 1",
  ]);
  assert.deepEqual([imported.read, imported.taken], [12, 5]);
  const messages = rows(
    paths.database,
    "SELECT LENGTH(message), message FROM imported_heartbeats ORDER BY id",
  );
  assert.deepEqual(messages[0], [6, "OK:200"]);
  const [length, long] = messages[3] as unknown[];
  assert.equal(length, 3_905);
  assert.match(String(long), /^0+\n\[…\]\n0+the last line$/);
  assert.deepEqual(messages[4], [3, "a␀b"]);
});

Deno.test("imported apps are new, ignored if the settings say so, and judged from now if asked for", async () => {
  using folder = temporaryFolder();
  const paths = { source: `${folder.path}/db.sqlite`, database: `${folder.path}/a.db` };
  makeOriginal(paths.source, [ROW, ["7", String(START), "'seven'"], ["8", String(START), "NULL"]]);
  {
    using store = await openStore({ path: paths.database });
    await store.record([heartbeat("8", { at: START + SECOND, message: "here" })]);
  }

  await importAll(paths, { ignored: ["7"] });
  const before = rows(paths.database, "SELECT app_id, state, is_ignored, last_message FROM apps");
  const { watched } = await importAll(paths, { ignored: ["7"], isWatching: true });
  using store = await openStore({ path: paths.database });

  assert.deepEqual(before, [["8", "up", 0, "here"], ["23", "new", 0, "OK:200"], [
    "7",
    "new",
    1,
    "seven",
  ]]);
  assert.equal(watched, 1);
  assert.deepEqual((await store.app("23"))?.state, {
    kind: "up",
    successAt: START,
    excusedAt: null,
    oldDeadlineAt: null,
    isPutOff: false,
    deadlineAt: START + SILENCE,
  });
  assert.equal((await store.flips("23", { limit: 1, before: null }))?.flips[0]?.reason, "watched");
  const history = await store.heartbeats("8", { limit: 10, cursor: null });
  assert.deepEqual(history?.heartbeats.map(({ message }) => message), ["here", null]);
});

Deno.test("an app that is watched from its first import on shows what it said last", async () => {
  using folder = temporaryFolder();
  const paths = { source: `${folder.path}/db.sqlite`, database: `${folder.path}/a.db` };
  makeOriginal(paths.source, [ROW, ["23", String(START - SECOND), "'before that'"]]);

  await importAll(paths, { isWatching: true });

  using store = await openStore({ path: paths.database });
  const app = await store.app("23");
  const flips = await store.flips("23", { limit: 1, before: null });
  assert.deepEqual(app?.lastHeartbeat, { at: START, message: "OK:200" });
  assert.deepEqual(flips?.flips[0]?.heartbeat, { at: START, message: "OK:200" });
});

Deno.test("the source is left untouched, also one that was not closed", async (t) => {
  const open = (path: string) => {
    makeOriginal(path, [ROW]);
    const db = new DatabaseSync(path);
    db.exec("PRAGMA journal_mode = WAL");
    db.exec(`INSERT INTO appInfo (app_id, date) VALUES (24, ${START})`);
    return db;
  };
  const cases: readonly (readonly [string, (path: string) => Disposable | null, number])[] = [
    ["closed", (path) => (makeOriginal(path, [ROW]), null), 1],
    ["open and written ahead", open, 2],
    ["closed and written ahead", (path) => (open(path)[Symbol.dispose](), null), 2],
  ];
  for (const [name, make, taken] of cases) {
    await t.step(name, async () => {
      using folder = temporaryFolder();
      using elsewhere = temporaryFolder();
      const source = `${folder.path}/db.sqlite`;
      using _open = make(source);
      const look = () =>
        [...Deno.readDirSync(folder.path)].map((file) => {
          const path = `${folder.path}/${file.name}`;
          return [file.name, Deno.statSync(path).mtime?.getTime(), Deno.readFileSync(path)];
        });
      const before = look();

      const imported = await importAll({ source, database: `${elsewhere.path}/a.db` });

      assert.equal(imported.taken, taken);
      assert.deepEqual(look(), before);
    });
  }
});

Deno.test("what is no database of the original is refused with the reason", async (t) => {
  const cases: readonly (readonly [string, MakeSource, RegExp])[] = [
    ["nothing", () => {}, /there is no such file$/],
    ["a text", (path) => Deno.writeTextFileSync(path, "Dear diary"), /is no SQLite database$/],
    ["an empty file", (path) => Deno.writeTextFileSync(path, ""), /is no SQLite database$/],
    ["a folder", (path) => Deno.mkdirSync(path), /it is not a file$/],
    ["no such table", (path) => {
      using db = new DatabaseSync(path);
      db.exec("CREATE TABLE other (id INTEGER PRIMARY KEY)");
    }, /it has no table appInfo, as the original's has$/],
    ["other columns", (path) => {
      using db = new DatabaseSync(path);
      db.exec("CREATE TABLE appInfo (id INTEGER PRIMARY KEY, name)");
    }, /is not the original's: expected the columns id .*, app_id, date and message/],
    [
      "ids that need not be one of a kind",
      makeBy("CREATE TABLE appInfo (id, app_id, date, message)"),
      /expected the columns id \(INTEGER PRIMARY KEY\)/,
    ],
    [
      "a column that is computed",
      makeBy(`
      CREATE TABLE appInfo (
        id INTEGER PRIMARY KEY, app_id, date, message AS (HEX(ZEROBLOB(100000000)))
      )
    `),
      /none of them computed$/,
    ],
    [
      "a view without end",
      makeBy(`
      CREATE VIEW appInfo AS
      WITH RECURSIVE row (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM row)
      SELECT id, 23 AS app_id, 1 AS date, NULL AS message FROM row
    `),
      /its appInfo is a view, which can have rows without end; name the file that the original/,
    ],
    [
      "a virtual table",
      makeBy("CREATE VIRTUAL TABLE appInfo USING rtree(id, app_id, date)"),
      /its appInfo is a virtual table/,
    ],
    ["a database of ours", async (path) => {
      (await openDatabase(path)).database[Symbol.dispose]();
    }, /it is a database of stillalive; name the original's, "db\.sqlite"$/],
    ["a pipe", makePipe, /it is not a file$/],
    ["a device", (path) => Deno.symlinkSync("/dev/zero", path), /it is not a file$/],
    ["a pipe in place of its log", async (path) => {
      makeOriginal(path, [ROW]);
      await makePipe(`${path}-wal`);
    }, /"[^"]*db\.sqlite-wal" is not a file$/],
    ["pages that lead round in a circle", makeCircle, /is damaged: it leads round in a circle/],
    ["one that is being written", (path) => {
      makeOriginal(path, [ROW]);
      const db = new DatabaseSync(path);
      db.exec("BEGIN EXCLUSIVE");
      return db;
    }, /another program is writing it/],
  ];
  for (const [name, make, expected] of cases) {
    await t.step(name, async () => {
      using folder = temporaryFolder();
      const path = `${folder.path}/db.sqlite`;
      using _open = await make(path) ?? null;

      assert.throws(() => {
        using source = new Source(path);
        [...source.rows(10)];
      }, { code: "unusable", message: expected });
    });
  }
});

Deno.test("rows are counted as many as there are, a part at a time", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/db.sqlite`;
  makeOriginal(path, Array.from({ length: 25 }, () => ROW));
  using source = new Source(path);

  assert.deepEqual([...source.counts(10)], [10, 10, 5]);
});

Deno.test("of a value that is too large to be held its size is taken, and the heartbeat counts", async () => {
  using folder = temporaryFolder();
  const paths = { source: `${folder.path}/db.sqlite`, database: `${folder.path}/a.db` };
  makeOriginal(paths.source, [["23", String(START), "CAST(ZEROBLOB(20000000) AS TEXT)"]]);

  const { taken } = await importAll(paths);

  assert.equal(taken, 1);
  const messages = rows(paths.database, "SELECT message FROM imported_heartbeats");
  assert.deepEqual(messages, [["(20000000 bytes)"]]);
});

/** Makes what is no source, at this path. */
type MakeSource = (path: string) => Disposable | void | Promise<void>;

function makeBy(sql: string): MakeSource {
  return (path) => {
    using db = new DatabaseSync(path);
    db.exec(sql);
  };
}

async function makePipe(path: string): Promise<void> {
  await new Deno.Command("mkfifo", { args: [path] }).output();
}

/** Many rows, of which all the pages above lead to the same few. */
function makeCircle(path: string): void {
  makeOriginal(path, []);
  makeBy(`
    WITH RECURSIVE row (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM row WHERE id < 5000)
    INSERT INTO appInfo (app_id, date, message) SELECT 23, ${START}, 'OK:200' FROM row
  `)(path);
  using db = new DatabaseSync(path, { readOnly: true });
  const root = Number(db.prepare("SELECT rootpage FROM sqlite_schema").get()?.rootpage);
  const size = Number(db.prepare("PRAGMA page_size").get()?.page_size);
  const bytes = Deno.readFileSync(path);
  // An inner page of a table (file format §1.6): its cells begin with the number of a page below.
  const page = new DataView(bytes.buffer, (root - 1) * size, size);
  assert.equal(page.getUint8(0), 5);
  const cells = Array.from(
    { length: page.getUint16(3) },
    (_, index) => page.getUint16(12 + 2 * index),
  );
  // The last one stands in the head.
  for (const place of [...cells, 8]) page.setUint32(place, page.getUint32(cells[0] ?? 0));
  Deno.writeFileSync(path, bytes);
}

Deno.test("apps that are watched from an import on are no alarm, however much later the service starts", async () => {
  using folder = temporaryFolder();
  const paths = { source: `${folder.path}/db.sqlite`, database: `${folder.path}/a.db` };
  makeOriginal(paths.source, [ROW]);
  const { watched } = await importAll(paths, { isWatching: true });
  const clock = new FakeClock(START + DAY);
  using store = await openStore({ path: paths.database, clock });

  const gap = await store.beginListening();
  const { down } = await store.takeDown(clock.now(), 10);

  assert.equal(watched, 1);
  assert.deepEqual(gap, { from: START, to: START + DAY, cause: "off" });
  assert.equal(down, 0);
  assert.equal(await store.nextDeadline(), START + DAY + SILENCE);
});

Deno.test("what is imported was not heard, and hides nothing that was", async () => {
  using folder = temporaryFolder();
  const paths = { source: `${folder.path}/db.sqlite`, database: `${folder.path}/a.db` };
  makeOriginal(paths.source, [ROW, ["7", String(START - 1), "NULL"]]);
  const clock = new FakeClock();
  {
    using store = await openStore({ path: paths.database, clock });
    await store.beginListening();
    clock.advance(SECOND);
    // And then it was killed.
    await store.record([heartbeat("a", { at: clock.now() })]);
  }

  await importAll(paths);

  using store = await openStore({ path: paths.database, clock });
  assert.equal(await store.heardUntil(), START + SECOND);
});
