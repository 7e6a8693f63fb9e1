import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { Program, runProgram } from "./support/program.ts";
import { temporaryFolder } from "./support/store.ts";

const ENV = { HOST: "127.0.0.1", PORT: "0" };

Deno.test("the registry is walked through from the command line, beside the service", async () => {
  using folder = temporaryFolder();
  await using program = new Program({ folder: folder.path, env: ENV });
  await program.says(/listening/);
  const run = (...args: readonly string[]) => runProgram({ folder: folder.path, args });

  const set = await run("apps", "set", "billing", "--period", "5m", "--name", "Billing", "--json");
  const list = await run("apps");
  const wrong = await run("apps", "set", "billing", "--period", "400d");
  const paused = await run("apps", "pause", "billing", "--json");
  const unsure = await run("apps", "forget", "billing");
  const forgotten = await run("apps", "forget", "billing", "--yes");
  const gone = await run("apps", "show", "billing");

  assert.equal(JSON.parse(set.stdout).period, "5m");
  assert.match(list.stdout, /^APP .*\nbilling {2}new .* {2}Billing {2}-\n$/);
  assert.deepEqual([wrong.code, wrong.stderr.startsWith("Cannot change app: period")], [1, true]);
  assert.equal(JSON.parse(paused.stdout).status, "paused");
  assert.deepEqual([unsure.code, /--yes/.test(unsure.stderr)], [1, true]);
  assert.deepEqual([forgotten.code, forgotten.stdout], [0, "Forgotten: billing\n"]);
  assert.deepEqual([gone.code, gone.stderr], [1, 'Cannot find app "billing"\n']);
});

Deno.test("apps says so when no service runs", async () => {
  using folder = temporaryFolder();
  const never = await runProgram({ folder: folder.path, args: ["apps"] });
  {
    await using program = new Program({ folder: folder.path, env: ENV });
    await program.says(/listening/);
    await program.end("SIGTERM");
  }

  const stopped = await runProgram({ folder: folder.path, args: ["apps"] });

  assert.deepEqual([never.code, stopped.code], [1, 1]);
  assert.match(never.stderr, /there is none; start stillalive first/);
  assert.match(stopped.stderr, /none is running; start stillalive/);
});

Deno.test("backup and verify work beside the service, and say what they found", async () => {
  using folder = temporaryFolder();
  await using program = new Program({ folder: folder.path, env: ENV });
  const url = (await program.says(/listening url=(\S+)/))[1] ?? "";
  await (await fetch(`${url}/api/apps/`, { method: "POST", body: '{"app_id":23}' })).text();
  const run = (...args: readonly string[]) => runProgram({ folder: folder.path, args });

  const backup = await run("backup", "copy.db");
  const again = await run("backup", "copy.db");
  const verified = await run("verify");
  {
    using db = new DatabaseSync(`${folder.path}/copy.db`);
    db.exec("UPDATE apps SET deadline_at = 0");
  }
  const broken = await run("verify", "--database", "copy.db");

  assert.match(backup.stdout, /^Backed up to "copy.db" and checked: \d+ bytes, 1 apps, 1 heart/);
  assert.deepEqual([again.code, /there is a file already/.test(again.stderr)], [1, true]);
  assert.equal(verified.code, 0, verified.stdout);
  assert.match(verified.stdout, /^ok {5}SQLite finds the file whole$/m);
  assert.match(verified.stdout, /^Debts: 0 = 0 waiting \+ 0 sent \+ 0 suppressed \+ 0 failed$/m);
  assert.equal(broken.code, 1);
  assert.match(broken.stdout, /^WRONG {2}no deadline lies before .*\n {9}app 23: deadline 0/m);
});
