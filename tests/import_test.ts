import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { makeOriginal } from "./support/original.ts";
import { Program, runProgram } from "./support/program.ts";
import { temporaryFolder } from "./support/store.ts";

const NOW = String(Date.UTC(2026, 0, 1));

/** Fills a database with so many rows over a hundred apps. */
function makeLarge(path: string, rows: number): void {
  makeOriginal(path, []);
  using db = new DatabaseSync(path);
  db.exec(`
    WITH RECURSIVE row (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM row WHERE n < ${rows - 1})
    INSERT INTO appInfo (app_id, date, message) SELECT n % 100, ${NOW} + n, 'OK:200' FROM row
  `);
}

function taken(folder: string): number {
  using db = new DatabaseSync(`${folder}/stillalive.db`);
  return Number(db.prepare("SELECT COUNT(*) AS rows FROM imported_heartbeats").get()?.rows);
}

Deno.test("import brings a history over, twice, and says what it did", async () => {
  using folder = temporaryFolder();
  makeOriginal(`${folder.path}/db.sqlite`, [["23", NOW, "'OK:200'"], ["1.5", NOW, "NULL"]]);
  const start = { folder: folder.path, args: ["import", "db.sqlite"] };

  const first = await runProgram(start);
  const second = await runProgram(start);

  assert.equal(first.code, 0);
  assert.match(first.stdout, /^Imported\.\n {2}rows read {7}2\n {2}taken {11}1\n/);
  assert.match(first.stdout, /^Refused, for app_id is none that an app can have: 1$/m);
  assert.match(second.stdout, /^ {2}taken {11}0\n {2}already there {3}1$/m);
});

Deno.test("import says at once what is wrong with a database whose rows never end", async () => {
  using folder = temporaryFolder();
  {
    using db = new DatabaseSync(`${folder.path}/db.sqlite`);
    db.exec(`
      CREATE VIEW appInfo AS
      WITH RECURSIVE row (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM row)
      SELECT id, 23 AS app_id, ${NOW} AS date, NULL AS message FROM row
    `);
  }

  const { code, stderr } = await runProgram({
    folder: folder.path,
    args: ["import", "db.sqlite"],
  });
  const named = await runProgram({ folder: folder.path, args: ["import", "\u001b[31m\u202e.db"] });

  assert.equal(code, 1);
  assert.equal(named.stderr, 'Cannot import "\\u001b[31m\\u202e.db": there is no such file\n');
  assert.match(stderr, /^Cannot import "db\.sqlite": its appInfo is a view, .*\n$/);
});

Deno.test("import is refused while the service owns the database", async () => {
  using folder = temporaryFolder();
  makeOriginal(`${folder.path}/db.sqlite`, [["23", NOW, "NULL"]]);
  const env = { HOST: "127.0.0.1", PORT: "0" };
  await using program = new Program({ folder: folder.path, env });
  await program.says(/listening/);

  const refused = await runProgram({ folder: folder.path, args: ["import", "db.sqlite"] });

  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /another stillalive owns it/);
});

Deno.test("an import that is killed, or stopped, goes on where it was", async () => {
  using folder = temporaryFolder();
  const rows = 60_000;
  makeLarge(`${folder.path}/db.sqlite`, rows);
  const start = { folder: folder.path, args: ["import", "db.sqlite"] };

  await using killed = new Program(start);
  await killed.says(/ rows read$/);
  await killed.end("SIGKILL");
  const whenKilled = taken(folder.path);
  await using stopped = new Program(start);
  await stopped.says(/ rows read$/);
  const code = await stopped.end("SIGTERM");
  const whenStopped = taken(folder.path);
  const last = await runProgram(start);

  assert.ok(0 < whenKilled && whenKilled < rows, String(whenKilled));
  assert.equal(code, 1);
  assert.match(stopped.lines.join("\n"), /^Stopped after [\d,]+ of 60,000 rows\. Repeat it/m);
  assert.ok(whenKilled <= whenStopped && whenStopped < rows, String(whenStopped));
  assert.equal(last.code, 0);
  assert.equal(taken(folder.path), rows);
});
