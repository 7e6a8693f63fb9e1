import assert from "node:assert/strict";
import { SECOND } from "../lib/clock.ts";
import { Fifo } from "./support/fifo.ts";
import { COMMAND, ENVIRONMENT, EXECUTABLE, Program, runProgram } from "./support/program.ts";
import { mailServer } from "./support/smtp_server.ts";
import { ADMIN, temporaryFolder } from "./support/store.ts";
import { until } from "./support/until.ts";

/** How long anything that must come may take. */
const PATIENCE = 20 * SECOND;

/** From SIGTERM to the end, on a busy machine: the service itself takes at most 5 s. */
const STOPS_WITHIN = 8 * SECOND;

const TOKEN = "an-admin-token-for-tests";

const QUICK = {
  HOST: "127.0.0.1",
  PERIOD: "1s",
  GRACE: "1s",
  DIGEST_WINDOW: "0s",
  MAIL_INTERVAL: "1s",
  ADMIN_TOKEN: TOKEN,
};

/** The program, its standard error where a redirection of the shell puts it. */
function redirected(redirection: string): readonly string[] {
  return ["bash", "-c", `exec "$0" "$@" ${redirection}`, ...COMMAND];
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function ask(url: string, path: string, body?: object): Promise<Response> {
  return await fetch(`${url}${path}`, {
    signal: AbortSignal.timeout(PATIENCE),
    headers: { Authorization: `Bearer ${TOKEN}` },
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
  });
}

/** Sends heartbeats, and reads what is answered. */
async function send(url: string, heartbeats: object): Promise<unknown> {
  return await (await ask(url, "/api/apps/", heartbeats)).json();
}

async function isAlive(url: string): Promise<boolean> {
  try {
    const { status, body } = await ask(url, "/healthz");
    await body?.cancel();
    return status === 200;
  } catch {
    // It does not listen yet.
    return false;
  }
}

async function dropped(url: string): Promise<number> {
  const text = await (await ask(url, "/metrics")).text();
  return Number(/^stillalive_log_lines_dropped_total (\d+)$/m.exec(text)?.[1]);
}

Deno.test("whatever its log is written to, an app that falls is told and the service stops cleanly", async (t) => {
  using gone = new Fifo({ isFull: false });
  using still = new Fifo({ isFull: true });
  const cases = [
    ["a pipe whose reader has gone", `2>'${gone.path}'`, true],
    ["a pipe whose reader stands still", `2>'${still.path}'`, false],
    ["a full disk", "2>/dev/full", true],
    ["nothing", "2>&-", false],
  ] as const;
  for (const [name, redirection, isDropped] of cases) {
    await t.step(name, async () => {
      await using mail = await mailServer();
      using folder = temporaryFolder();
      const port = freePort();
      const url = `http://127.0.0.1:${port}`;
      const { host, port: smtpPort, security } = mail.config;
      const env = {
        ...QUICK,
        PORT: String(port),
        ADMIN_EMAILS: ADMIN,
        SMTP_HOST: host,
        SMTP_PORT: String(smtpPort),
        SMTP_SECURITY: security,
        MAIL_FROM: "stillalive@example.test",
      };
      await using program = new Program({
        folder: folder.path,
        env,
        command: redirected(redirection),
      });
      await until("the service to listen", () => isAlive(url), PATIENCE);
      gone.leave();

      await send(url, { app_id: 23 });
      const letter = await until("the letter", () => mail.letters[0] ?? null, PATIENCE);
      const heard = await send(url, { app_id: 24 });
      const alive = await isAlive(url);
      const lost = await dropped(url);
      const began = performance.now();
      const code = await program.end("SIGTERM");

      assert.equal(letter.parsed.subject, "1 app is down: 23");
      assert.deepEqual(heard, { app_id: "24", status: "up" });
      assert.equal(alive, true);
      assert.equal(lost > 0, isDropped, String(lost));
      assert.equal(code, 0);
      assert.ok(performance.now() - began < STOPS_WITHIN);
    });
  }
});

Deno.test("once somebody reads the log again, it says how many lines are missing", async () => {
  using fifo = new Fifo({ isFull: false });
  using folder = temporaryFolder();
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { ...QUICK, PORT: String(port) };
  const command = redirected(`2>'${fifo.path}'`);
  await using program = new Program({ folder: folder.path, env, command });
  await until("the service to listen", () => isAlive(url), PATIENCE);

  fifo.leave();
  await send(url, { app_id: 23, kind: "fail" });
  await until("a line to be dropped", async () => await dropped(url) > 0, PATIENCE);
  const lines = await dropped(url);
  const reading = fifo.read(/stopped/);
  const code = await program.end("SIGTERM");
  const read = await reading;

  assert.equal(code, 0);
  assert.match(
    read,
    new RegExp(`\\n\\S+Z warn {2}log lines dropped lines=${lines}\\n\\S+Z info {2}stopping`),
  );
});

Deno.test("a command whose output cannot be written says so, and ends with 1", async (t) => {
  using folder = temporaryFolder();
  const start = { folder: folder.path, env: { ...QUICK, PORT: "0" } };
  await using program = new Program(start);
  await program.says(/listening url=/);
  const commands = [
    ["version"],
    ["help"],
    ["apps", "--help"],
    ["config"],
    ["apps"],
    ["apps", "set", "23", "--name", "Door"],
    ["apps", "--json"],
    ["apps", "forget", "23", "--yes"],
    ["check"],
    ["verify"],
    ["backup", "copy.db"],
  ];
  for (const args of commands) {
    await t.step(args.join(" "), async () => {
      const words = args[0] === "help" ? ["--help"] : args;
      const options = { ...start, args: words, command: redirected(">/dev/full") };
      const { code, stderr } = await runProgram(options);

      assert.equal(stderr, "Cannot print: No space left on device (os error 28)\n");
      assert.equal(code, 1);
    });
  }
});

Deno.test("a command whose reader has read enough ends without a word, as what it did ended", async (t) => {
  using folder = temporaryFolder();
  const start = { folder: folder.path, env: { ...QUICK, PORT: "0" } };
  await using program = new Program(start);
  const [, url = ""] = await program.says(/listening url=(\S+)/);
  // More than a pipe holds.
  const apps = Array.from(
    { length: 1_000 },
    (_, index) => ({ app_id: `app-${index}`, message: "x" }),
  );
  await send(url, apps);

  for (const [args, expected] of [["apps", 0], ["verify", 0], ["nonsense", 2]] as const) {
    await t.step(args, async () => {
      const script = `"$0" "$@" | head -c 1; exit "\${PIPESTATUS[0]}"`;
      const command = ["bash", "-c", script, ...COMMAND];
      const { code, stderr } = await runProgram({ ...start, args: [args], command });

      assert.equal(code, expected);
      assert.doesNotMatch(stderr, /error|Error|at /);
    });
  }
});

Deno.test("a token that nobody could read does not take the place of the one before", async (t) => {
  using folder = temporaryFolder();
  const { ADMIN_TOKEN: _, ...env } = { ...QUICK, PORT: "0" };
  const start = { folder: folder.path, env };
  await using program = new Program(start);
  const [, url = ""] = await program.says(/listening url=(\S+)/);
  await program.says(/admin token made/);
  const token = Deno.readTextFileSync(`${folder.path}/stillalive.db.admin-token`).trim();

  for (const redirection of [">/dev/full", "> >(exec true)"]) {
    await t.step(redirection, async () => {
      const options = { ...start, args: ["token"], command: redirected(redirection) };
      const { code } = await runProgram(options);
      const { status, body } = await fetch(`${url}/api/apps`, {
        headers: { Authorization: `Bearer ${token}` },
      });
      await body?.cancel();

      assert.equal(code, 1);
      assert.equal(status, 200);
    });
  }
});

Deno.test({
  name: "a terminal that shows nothing holds no service up, and the admin token is not lost",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    using folder = temporaryFolder();
    const port = freePort();
    const url = `http://127.0.0.1:${port}`;
    // A terminal in which somebody has pressed Ctrl-S.
    const script = "import os, pty, subprocess, sys, termios\n" +
      "_, terminal = pty.openpty()\n" +
      "termios.tcflow(terminal, termios.TCOOFF)\n" +
      "streams = dict(stdin=terminal, stdout=terminal, stderr=terminal)\n" +
      "child = subprocess.Popen(sys.argv[1:], **streams)\n" +
      "print(child.pid, flush=True)\n" +
      "sys.exit(child.wait())\n";
    const { ADMIN_TOKEN: _, ...env } = { ...QUICK, PORT: String(port) };
    const command = ["python3", "-c", script, ...COMMAND];
    await using terminal = new Program({ folder: folder.path, env, command });
    const [pid] = await terminal.says(/^\d+$/);

    await until("the service to listen", () => isAlive(url), PATIENCE);
    const path = `${folder.path}/stillalive.db.admin-token`;
    const token = await until("the token", () => {
      try {
        return Deno.readTextFileSync(path).trim();
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return null;
        throw error;
      }
    }, PATIENCE);
    const { status, body } = await fetch(`${url}/api/apps`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    await body?.cancel();
    Deno.kill(Number(pid), "SIGTERM");
    const code = await terminal.ended();

    assert.equal(status, 200);
    assert.equal(code, 0);
  },
});

Deno.test({
  name: "a fault that nobody handled is a line of the log, and what a package says too",
  ignore: EXECUTABLE !== undefined,
  fn: async (t) => {
    const script = new URL("support/crashing.ts", import.meta.url).pathname;
    for (const kind of ["rejection", "error"]) {
      for (const redirection of ["", "2>/dev/full"]) {
        await t.step(`${kind} ${redirection}`, async () => {
          const line = `exec "$0" run --no-prompt "$1" "$2" ${redirection}`;
          const { code, stderr } = await new Deno.Command("bash", {
            args: ["-c", line, Deno.execPath(), script, kind],
            env: { ...ENVIRONMENT, NO_COLOR: "1" },
          }).output();
          const text = new TextDecoder().decode(stderr);

          assert.equal(code, 1);
          if (redirection !== "") return;
          const [first = "", second = "", ...more] = text.split("\n");
          assert.match(first, / warn {2}console text="a package says 1"$/);
          assert.match(second, / error crashed error="Error: nobody .*\\n {4}at /);
          assert.deepEqual(more, [""]);
        });
      }
    }
  },
});
