import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { heartbeatsIn } from "./support/history.ts";
import { COMMAND, ENVIRONMENT, Program, runProgram } from "./support/program.ts";
import { temporaryFolder } from "./support/store.ts";

const FAILURE = '{"app_id":"billing","kind":"fail"}';

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

Deno.test("an incident is acknowledged and an app snoozed from the command line", async () => {
  using folder = temporaryFolder();
  await using program = new Program({ folder: folder.path, env: ENV });
  const url = (await program.says(/listening url=(\S+)/))[1] ?? "";
  await (await fetch(`${url}/api/apps/`, { method: "POST", body: FAILURE })).text();
  const run = (...args: readonly string[]) => runProgram({ folder: folder.path, args });

  const acknowledged = await run("apps", "ack", "billing", "--json");
  const snoozed = await run("apps", "snooze", "billing", "--for", "20m", "--json");
  const ended = await run("apps", "snooze", "billing", "--end");
  const wrong = await run("apps", "snooze", "billing", "--for", "0s");
  const unknown = await run("apps", "ack", "shop");
  await program.end("SIGTERM");

  assert.equal(JSON.parse(acknowledged.stdout).status, "down", acknowledged.stderr);
  assert.equal(JSON.parse(snoozed.stdout).status, "down", snoozed.stderr);
  assert.match(ended.stdout, /^status {10}down$/m);
  assert.deepEqual([wrong.code, wrong.stderr.startsWith("Cannot snooze app: for ")], [1, true]);
  assert.deepEqual([unknown.code, unknown.stderr], [1, 'Cannot find app "shop"\n']);
  const done = program.lines.filter((line) => / app_id=billing/.test(line));
  assert.equal(done.filter((line) => /incident acknowledged/.test(line)).length, 1);
  assert.equal(done.filter((line) => /app snoozed/.test(line)).length, 2);
});

Deno.test("apps and check reach the service whatever proxy the environment names", async () => {
  using folder = temporaryFolder();
  await using program = new Program({ folder: folder.path, env: ENV });
  await program.says(/listening/);
  const env = { HTTP_PROXY: "http://127.0.0.1:1", http_proxy: "http://127.0.0.1:1" };

  const apps = await runProgram({ folder: folder.path, args: ["apps"], env });
  const check = await runProgram({ folder: folder.path, args: ["check"], env });

  assert.deepEqual([apps.code, apps.stdout], [0, "No apps\n"], apps.stderr);
  assert.equal(check.code, 0, check.stderr);
});

Deno.test("a service that was killed is told from one that stopped", async () => {
  using folder = temporaryFolder();
  await using program = new Program({ folder: folder.path, env: ENV });
  await program.says(/listening/);
  await program.end("SIGKILL");

  const { code, stderr } = await runProgram({ folder: folder.path, args: ["apps"] });

  assert.equal(code, 1);
  assert.match(stderr, /^Cannot ask the service at "http:.*": it does not answer; if it is not /);
});

Deno.test({
  name: "forget asks once more on a terminal",
  ignore: Deno.build.os !== "linux",
  fn: async (t) => {
    using folder = temporaryFolder();
    await using program = new Program({ folder: folder.path, env: ENV });
    await program.says(/listening/);
    const run = (...args: readonly string[]) => runProgram({ folder: folder.path, args });
    await run("apps", "set", "billing", "--note", "x");

    const cases = [["n", /^Not forgotten: /m, 0], ["y", /^Forgotten: billing/m, 1]] as const;
    for (const [answer, expected, code] of cases) {
      await t.step(answer, async () => {
        const screen = await onTerminal(["apps", "forget", "billing"], answer, folder.path);
        const { code: isGone } = await run("apps", "show", "billing");

        assert.match(screen, /^Forget app billing with all its history\? \[y\/N\]/m);
        assert.match(screen, expected);
        assert.equal(isGone, code);
      });
    }
  },
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

  assert.match(backup.stdout, /^Backed up to "copy.db" and checked: [\d,]+ bytes\n {2}apps {8}1\n/);
  assert.deepEqual([again.code, /there is a file already/.test(again.stderr)], [1, true]);
  assert.equal(verified.code, 0, verified.stdout);
  assert.match(verified.stdout, /^ok {5}SQLite finds the file whole$/m);
  assert.match(verified.stdout, /^Debts: 0 = 0 waiting \+ 0 sent \+ 0 suppressed \+ 0 failed$/m);
  assert.equal(broken.code, 1);
  assert.match(broken.stdout, /^WRONG {2}no deadline lies before .*\n {9}app 23: deadline 0/m);
});

Deno.test("a backup holds up no heartbeat, and holds all that were answered before it", async () => {
  using folder = temporaryFolder();
  await using program = new Program({ folder: folder.path, env: ENV });
  const url = (await program.says(/listening url=(\S+)/))[1] ?? "";
  const beat = async (apps: readonly number[]) => {
    const body = JSON.stringify(apps.map((id) => ({ app_id: id, message: "x".repeat(200) })));
    const response = await fetch(`${url}/api/apps/`, { method: "POST", body });
    await response.body?.cancel();
    return response.status;
  };
  const before = Array.from({ length: 1_000 }, (_, id) => id);
  for (let round = 0; round < 20; round++) await beat(before);
  let isCopied = false;
  const statuses: number[] = [];

  const copying = runProgram({ folder: folder.path, args: ["backup", "copy.db"] })
    .finally(() => isCopied = true);
  for (let id = 1_000; !isCopied; id++) statuses.push(await beat([id]));
  const { code, stderr } = await copying;
  const verified = await runProgram({
    folder: folder.path,
    args: ["verify", "--database", "copy.db"],
  });

  assert.equal(code, 0, stderr);
  assert.deepEqual([...new Set(statuses)], [200]);
  assert.equal(verified.code, 0, verified.stdout);
  const kept = heartbeatsIn(`${folder.path}/copy.db`).length;
  assert.ok(kept >= 20_000 && kept <= 20_000 + statuses.length, String(kept));
});

/** Runs a command on a terminal and answers its question; returns what was on the screen. */
async function onTerminal(
  args: readonly string[],
  answer: string,
  folder: string,
): Promise<string> {
  const line = [...COMMAND, ...args].map((word) => `'${word}'`).join(" ");
  const terminal = new Deno.Command("script", {
    args: ["-qec", line, "/dev/null"],
    cwd: folder,
    clearEnv: true,
    env: { ...ENVIRONMENT },
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const keyboard = terminal.stdin.getWriter();
  let screen = "";
  let isAnswered = false;
  for await (const text of terminal.stdout.pipeThrough(new TextDecoderStream())) {
    screen += text;
    if (isAnswered || !screen.includes("[y/N]")) continue;
    isAnswered = true;
    await keyboard.write(new TextEncoder().encode(`${answer}\n`));
  }
  await keyboard.close();
  await terminal.status;
  return screen.replaceAll("\r", "");
}
