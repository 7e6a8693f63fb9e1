import assert from "node:assert/strict";
import { backup, DatabaseSync } from "node:sqlite";
import { SECOND } from "../lib/clock.ts";
import { rows } from "./support/beside.ts";
import { Program, runProgram } from "./support/program.ts";
import { temporaryFolder } from "./support/store.ts";

const ENV = { HOST: "127.0.0.1", PORT: "0", PERIOD: "1h" };

/** Commands that open a database; what they are told of it must be the same. */
const COMMANDS: readonly (readonly string[])[] = [
  ["serve"],
  ["check"],
  ["import", "original.db"],
  ["verify"],
  ["backup", "another.db"],
  ["token"],
  ["apps"],
];

/** Runs the service, has it store heartbeats, and ends it; `meanwhile` is done while it runs. */
async function lived(
  folder: string,
  { end, meanwhile = () => {}, more = 0 }: {
    readonly end: Deno.Signal;
    readonly meanwhile?: () => unknown;
    /** So many heartbeats come after that: thousands of them fill the log, and it begins anew. */
    readonly more?: number;
  },
): Promise<void> {
  await using program = new Program({ folder, env: ENV });
  const [, url = ""] = await program.says(/listening url=(\S+)/);
  await beat(url, 100);
  await meanwhile();
  await beat(url, more);
  await program.end(end);
}

async function beat(url: string, count: number): Promise<void> {
  for (let at = 0; at < count; at += 1_000) {
    const length = Math.min(1_000, count - at);
    const body = Array.from({ length }, (_, index) => {
      return { app_id: `app-${count}-${at + index}`, message: `${"x".repeat(200)}${index}` };
    });
    const response = await fetch(`${url}/api/apps/`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    await response.json();
    assert.equal(response.status, 200);
  }
}

/** How many apps it starts with, or what it says instead. */
async function startsWith(folder: string, name = "stillalive.db"): Promise<number | string> {
  const program = new Program({ folder, env: { ...ENV, DATABASE: name } });
  try {
    await program.says(/listening url=(\S+)/);
    return Number(rows(`${folder}/${name}`, "SELECT COUNT(*) AS apps FROM apps")[0]?.apps);
  } catch {
    return program.lines.join("\n");
  } finally {
    await program.end("SIGTERM");
  }
}

/** Has each command refuse the database, and leave it as it was. */
async function refused(
  t: Deno.TestContext,
  folder: string,
  { name, says }: { readonly name: string; readonly says: RegExp },
): Promise<void> {
  using original = new DatabaseSync(`${folder}/original.db`);
  original.exec("CREATE TABLE appInfo (id INTEGER PRIMARY KEY, app_id, date, message)");
  const read = () => ["", "-wal"].map((part) => bytesOf(`${folder}/${name}${part}`));
  const before = read();
  for (const args of COMMANDS) {
    await t.step(args.join(" "), async () => {
      const said = args[0] === "serve"
        ? String(await startsWith(folder, name))
        : await failing(folder, args, name);

      assert.match(said, says);
      assert.equal(said.trim().split("\n").length, 1);
      assert.deepEqual(read(), before);
    });
  }
}

/** What a command says that ends with 1. */
async function failing(folder: string, args: readonly string[], name: string): Promise<string> {
  const finished = await runProgram({ folder, args, env: { ...ENV, DATABASE: name } });
  assert.equal(finished.code, 1, finished.stdout);
  return finished.stderr;
}

function bytesOf(path: string): Uint8Array | null {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

Deno.test("a file that was copied alone while it was in use is refused: which files belong together", async (t) => {
  using folder = temporaryFolder();
  const inside = (name: string) => `${folder.path}/${name}`;
  await lived(folder.path, {
    end: "SIGTERM",
    meanwhile: () => Deno.copyFileSync(inside("stillalive.db"), inside("copy.db")),
  });

  const says =
    /^Cannot use database "copy\.db": it was copied while it was in use, without its log ".*copy\.db-wal", .*; copy both together, or make copies by stillalive backup\. /;
  await refused(t, folder.path, { name: "copy.db", says });
  await t.step("and goes on with what it has for who says so", async () => {
    Deno.writeTextFileSync(inside("copy.db-wal"), "");
    assert.equal(typeof await startsWith(folder.path, "copy.db"), "number");
  });
});

Deno.test("a backup in place of a file beside the log of that is refused: what to remove", async (t) => {
  using folder = temporaryFolder();
  const inside = (name: string) => `${folder.path}/${name}`;
  await lived(folder.path, {
    end: "SIGKILL",
    meanwhile: () => runProgram({ folder: folder.path, args: ["backup", "backup.db"], env: ENV }),
    more: 50,
  });
  Deno.copyFileSync(inside("backup.db"), inside("stillalive.db"));

  const says =
    /^Cannot use database "stillalive\.db": ".*stillalive\.db-wal" is left from another database, .* remove ".*stillalive\.db-wal" and ".*stillalive\.db-shm"$/m;
  await refused(t, folder.path, { name: "stillalive.db", says });
  await t.step("and is taken once that is removed", async () => {
    for (const part of ["-wal", "-shm"]) Deno.removeSync(inside(`stillalive.db${part}`));
    assert.equal(await startsWith(folder.path), 100);
  });
});

Deno.test("whatever copy takes a file's place, nothing is judged by a mixture of the two", async (t) => {
  const copies: readonly (readonly [string, (from: string, to: string) => unknown])[] = [
    ["one by SQLite", async (from, to) => {
      using db = new DatabaseSync(from, { readOnly: true, timeout: 5 * SECOND });
      await backup(db, to);
      Deno.chmodSync(to, 0o600);
    }],
    ["one of the file alone", (from, to) => Deno.copyFileSync(from, to)],
  ];
  for (const [name, copy] of copies) {
    await t.step(name, async () => {
      using folder = temporaryFolder();
      const [file, other] = ["stillalive.db", "copy.db"].map((name) => `${folder.path}/${name}`);
      await lived(folder.path, {
        end: "SIGKILL",
        meanwhile: () => copy(file ?? "", other ?? ""),
        more: 10_000,
      });
      Deno.copyFileSync(other ?? "", file ?? "");

      assert.match(
        String(await startsWith(folder.path)),
        /^Cannot use database "stillalive\.db": .*stillalive\.db-wal" is left from another database/,
      );
    });
  }
});

Deno.test("a log without its file is refused: SQLite would remove it", async (t) => {
  using folder = temporaryFolder();
  const inside = (name: string) => `${folder.path}/${name}`;
  await lived(folder.path, { end: "SIGKILL" });
  Deno.renameSync(inside("stillalive.db"), inside("elsewhere.db"));

  for (const args of [["serve"], ["import", "original.db"]]) {
    await t.step(args.join(" "), async () => {
      using original = new DatabaseSync(inside("original.db"));
      original.exec(
        "CREATE TABLE IF NOT EXISTS appInfo (id INTEGER PRIMARY KEY, app_id, date, message)",
      );
      const said = args[0] === "serve"
        ? String(await startsWith(folder.path))
        : await failing(folder.path, args, "stillalive.db");

      assert.match(said, /^Cannot use database "stillalive\.db": only its log ".*-wal" is there, /);
    });
  }
  await t.step("and all is there once the file is put back", async () => {
    Deno.renameSync(inside("elsewhere.db"), inside("stillalive.db"));
    assert.equal(await startsWith(folder.path), 100);
  });
});

Deno.test("what belongs together is taken, however it was ended, moved or copied", async (t) => {
  const copyBoth = (folder: string, name: string) => {
    for (const part of ["", "-wal"]) {
      Deno.copyFileSync(`${folder}/stillalive.db${part}`, `${folder}/${name}${part}`);
    }
  };
  const cases: readonly (readonly [
    string,
    Deno.Signal,
    string,
    (folder: string) => unknown,
  ])[] = [
    ["killed", "SIGKILL", "stillalive.db", () => {}],
    ["killed, and looked at by a command", "SIGKILL", "stillalive.db", async (folder) => {
      const { code } = await runProgram({ folder, args: ["verify"], env: ENV });
      assert.equal(code, 0);
      assert.equal(bytesOf(`${folder}/stillalive.db-wal`), null);
    }],
    ["killed, and copied whole", "SIGKILL", "copy.db", (folder) => copyBoth(folder, "copy.db")],
    ["killed twice", "SIGKILL", "stillalive.db", async (folder) => {
      await using program = new Program({ folder, env: ENV });
      await program.says(/listening url=/);
      await program.end("SIGKILL");
    }],
    ["stopped", "SIGTERM", "stillalive.db", () => {}],
    ["stopped, and copied", "SIGTERM", "copy.db", (folder) => {
      Deno.copyFileSync(`${folder}/stillalive.db`, `${folder}/copy.db`);
    }],
    ["killed, and with an index of somebody's own", "SIGKILL", "stillalive.db", (folder) => {
      using db = new DatabaseSync(`${folder}/stillalive.db`);
      db.exec("CREATE INDEX theirs ON apps (name); ANALYZE");
    }],
  ];
  for (const [name, end, file, then] of cases) {
    await t.step(name, async () => {
      using folder = temporaryFolder();
      await lived(folder.path, { end, more: 3_000 });
      await then(folder.path);

      assert.equal(await startsWith(folder.path, file), 3_100);
    });
  }
});

Deno.test("copies by SQLite and by stillalive are whole by themselves", async (t) => {
  using folder = temporaryFolder();
  const inside = (name: string) => `${folder.path}/${name}`;
  await lived(folder.path, {
    end: "SIGTERM",
    meanwhile: async () => {
      using db = new DatabaseSync(inside("stillalive.db"), { timeout: 5 * SECOND });
      await backup(db, inside("sqlite.db"));
      Deno.chmodSync(inside("sqlite.db"), 0o600);
      await runProgram({ folder: folder.path, args: ["backup", "ours.db"], env: ENV });
    },
  });
  for (const name of ["sqlite.db", "ours.db"]) {
    await t.step(name, async () => assert.equal(await startsWith(folder.path, name), 100));
  }
});
