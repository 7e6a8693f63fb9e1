import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { APPLICATION_ID } from "../lib/sqlite/tables.ts";
import { rows } from "./support/beside.ts";
import { COMMAND, ENVIRONMENT, EXECUTABLE, Program, runProgram } from "./support/program.ts";
import { TextLineStream } from "./support/text_lines.ts";
import { Person } from "./support/person.ts";
import { mailServer } from "./support/smtp_server.ts";
import type { MailServer } from "./support/smtp_server.ts";
import { ADMIN, temporaryFolder } from "./support/store.ts";

const LOGIN = { user: "stillalive@example.test", password: "an-app-password" };

/** The settings of the issue's own example: a letter within seconds. */
const QUICK = {
  PORT: "0",
  HOST: "127.0.0.1",
  PERIOD: "2s",
  GRACE: "1s",
  DIGEST_WINDOW: "1s",
  MAIL_INTERVAL: "1s",
  ADMIN_TOKEN: "an-admin-token-for-tests",
};

/** The settings that mail by this server, its authority in a file. */
function mailSettings(mail: MailServer, folder: string): Record<string, string> {
  const { host, port, security, authorities } = mail.config;
  Deno.writeTextFileSync(`${folder}/authority.pem`, authorities ?? "");
  return {
    ADMIN_EMAILS: ADMIN,
    SMTP_HOST: host,
    SMTP_PORT: String(port),
    SMTP_SECURITY: security,
    SMTP_USER: LOGIN.user,
    SMTP_PASSWORD: LOGIN.password,
    SMTP_CA_FILE: "authority.pem",
  };
}

async function curl(...args: readonly string[]): Promise<string> {
  const { stdout } = await new Deno.Command("curl", { args: ["-sS", ...args] }).output();
  return new TextDecoder().decode(stdout);
}

function beat(url: string, body: object): Promise<string> {
  const json = ["-H", "content-type: application/json", "-d", JSON.stringify(body)];
  return curl("-X", "POST", `${url}/api/apps/`, ...json);
}

async function started(program: Program): Promise<string> {
  return (await program.says(/listening url=(\S+)/))[1] ?? "";
}

Deno.test("heartbeats in, silence noticed, mail out, and all of it kept over a restart", async () => {
  await using mail = await mailServer({ security: "tls", login: LOGIN });
  using folder = temporaryFolder();
  const start = { folder: folder.path, env: { ...QUICK, ...mailSettings(mail, folder.path) } };
  await using program = new Program(start);
  const url = await started(program);

  const answer = await beat(url, { app_id: 23, message: "OK:200" });
  const alarm = await mail.letter(1);
  await beat(url, { app_id: 23, message: "here again" });
  const recovery = await mail.letter(2);
  await program.says(/letter sent.*is back/);
  const second = await runProgram(start);
  const code = await program.end("SIGTERM");
  await using again = new Program(start);
  const token = `authorization: Bearer ${QUICK.ADMIN_TOKEN}`;
  const app = JSON.parse(await curl("-H", token, `${await started(again)}/api/apps/23`));
  await again.says(/mail works/);
  const interrupted = await again.end("SIGINT");

  assert.equal(answer, '{"app_id":"23","status":"up"}');
  assert.equal(alarm.parsed.subject, "1 app is down: 23");
  assert.equal(recovery.parsed.subject, "1 app is back: 23");
  assert.equal(recovery.parsed.inReplyTo, alarm.parsed.messageId);
  assert.equal(second.code, 1);
  assert.match(
    second.stderr,
    /^Cannot use database "stillalive\.db": another stillalive owns it; /,
  );
  assert.equal(code, 0);
  assert.equal(app.last_message, "here again");
  assert.equal(interrupted, 0);
});

Deno.test("a killed program leaves what was answered, and its place to the next one", async () => {
  using folder = temporaryFolder();
  const start = { folder: folder.path, env: QUICK };
  await using program = new Program(start);
  await beat(await started(program), { app_id: 23 });
  await program.end("SIGKILL");

  await using next = new Program(start);
  const token = `authorization: Bearer ${QUICK.ADMIN_TOKEN}`;
  const app = JSON.parse(await curl("-H", token, `${await started(next)}/api/apps/23`));

  assert.equal(app.app_id, "23");
});

Deno.test("what is being mailed when it is stopped stays waiting, and comes again as the same letter", async () => {
  await using mail = await mailServer({ login: LOGIN });
  using folder = temporaryFolder();
  const start = { folder: folder.path, env: { ...QUICK, ...mailSettings(mail, folder.path) } };
  await using program = new Program(start);
  const url = await started(program);
  const held = mail.hold();
  await beat(url, { app_id: 23, kind: "fail" });
  await held.letter;

  const code = await program.end("SIGTERM");
  held.letGo();
  await mail.letter(1);
  const check = await runProgram({ ...start, args: ["check"] });

  assert.equal(code, 0);
  assert.match(check.stdout, /letters: 1 sent$/m);
  const [first, second] = mail.letters;
  assert.match(first?.parsed.subject ?? "", /: 23$/);
  assert.equal(second?.raw, first?.raw);
});

Deno.test("a database that is deleted under it ends the program with 1, after a letter", async () => {
  await using mail = await mailServer({ login: LOGIN });
  using folder = temporaryFolder();
  const env = { ...QUICK, ...mailSettings(mail, folder.path) };
  await using program = new Program({ folder: folder.path, env });
  const url = await started(program);
  await program.says(/mail works/);

  Deno.removeSync(`${folder.path}/stillalive.db`);
  const answer = JSON.parse(await beat(url, { app_id: 23 }));
  const letter = await mail.letter(1);
  const code = await program.ended();

  assert.equal(answer.status, 503);
  assert.equal(letter.parsed.subject, "The database was deleted: stillalive stops");
  assert.equal(code, 1);
});

Deno.test("a lock that is removed under it is there again, and whoever comes second is refused", async () => {
  using folder = temporaryFolder();
  const start = { folder: folder.path, env: QUICK };
  await using program = new Program(start);
  const url = await started(program);

  Deno.removeSync(`${folder.path}/stillalive.db.lock`);
  await program.says(/lock was removed, and is there again/);
  const { code, stderr } = await runProgram(start);
  const answer = JSON.parse(await beat(url, { app_id: 23 }));

  assert.deepEqual([code, answer.status], [1, "up"]);
  assert.match(stderr, /another stillalive owns it/);
});

Deno.test("who was slower to notice that its lock is gone ends with 1, after a letter, and writes nothing more", async () => {
  await using mail = await mailServer({ login: LOGIN });
  using folder = temporaryFolder();
  const start = { folder: folder.path, env: { ...QUICK, ...mailSettings(mail, folder.path) } };
  await using first = new Program(start);
  const url = await started(first);
  await first.says(/mail works/);

  first.signal("SIGSTOP");
  Deno.removeSync(`${folder.path}/stillalive.db.lock`);
  await using second = new Program({ ...start, env: QUICK });
  await started(second);
  const answering = beat(url, { app_id: "late" });
  first.signal("SIGCONT");
  const answer = JSON.parse(await answering);
  const letter = await mail.letter(1);
  const code = await first.ended();

  assert.equal(answer.status, 503);
  assert.equal(letter.parsed.subject, "The database was taken over: stillalive stops");
  assert.equal(code, 1);
  assert.deepEqual(rows(`${folder.path}/stillalive.db`, "SELECT app_id FROM apps"), []);
});

Deno.test("whatever signal asks it to end, it notes until when it listened, and ends with 0", async (t) => {
  const signals = [
    "SIGINT",
    "SIGTERM",
    "SIGHUP",
    "SIGQUIT",
    "SIGUSR1",
    "SIGUSR2",
    "SIGXCPU",
    "SIGPWR",
  ];
  for (const signal of signals as readonly Deno.Signal[]) {
    await t.step(signal, async () => {
      using folder = temporaryFolder();
      await using program = new Program({ folder: folder.path, env: QUICK });
      await started(program);
      await program.says(/mail is not set up/);

      const before = Date.now();
      const code = await program.end(signal);

      const [mark] = rows(`${folder.path}/stillalive.db`, "SELECT marked_at FROM listening");
      assert.equal(code, 0);
      await program.says(new RegExp(`stopping signal=${signal}$`));
      assert.ok(Number(mark?.marked_at) >= before);
    });
  }
});

Deno.test("a client that never ends its request does not keep it from stopping", async () => {
  using folder = temporaryFolder();
  await using program = new Program({ folder: folder.path, env: QUICK });
  const { hostname, port } = new URL(await started(program));
  using idle = await Deno.connect({ hostname, port: Number(port) });
  using half = await Deno.connect({ hostname, port: Number(port) });
  const head = "POST /api/apps/ HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\n";
  await idle.write(new TextEncoder().encode(`${head}{"app_id":1}`));
  await idle.read(new Uint8Array(1_000)); // answered, and kept open for more
  await half.write(new TextEncoder().encode(`${head}{`));

  assert.equal(await program.end("SIGTERM"), 0);
});

Deno.test("a first start without a terminal puts the admin token into a file, and says how to go on", async () => {
  using folder = temporaryFolder();
  const env = { PORT: "0", BASE_URL: "https://example.com/alive/" };
  await using program = new Program({ folder: folder.path, env });
  const url = await started(program);

  const file = (await program.says(/admin token made file=(\S+)/))[1] ?? "";
  const token = Deno.readTextFileSync(`${folder.path}/${file}`).trim();
  const apps = await curl("-H", `authorization: Bearer ${token}`, `${url}/api/apps`);
  await program.says(/try it command="curl -X POST /);
  await program.says(/warn .*everyone who reaches 0\.0\.0\.0 can send heartbeats/);
  await program.says(/warn .*BASE_URL has the path \/alive: .*the pages need a host name/);
  await program.says(/warn .*mail is not set up/);

  assert.deepEqual(JSON.parse(apps), { apps: [], next: null });
  assert.equal((Deno.statSync(`${folder.path}/${file}`).mode ?? 0) & 0o777, 0o600);
  assert.ok(program.lines.every((line) => !line.includes(token)));
});

Deno.test({
  name: "a first start on a terminal greets with the admin token, asks nothing, and ends by Ctrl-C",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    using folder = temporaryFolder();
    const words = [...COMMAND, "--port", "0"].map((word) => `'${word}'`);
    const line = ["exec", ...words].join(" ");
    const terminal = new Deno.Command("script", {
      args: ["-qec", line, "/dev/null"],
      cwd: folder.path,
      clearEnv: true,
      env: { ...ENVIRONMENT },
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const keyboard = terminal.stdin.getWriter();
    const seen: string[] = [];
    const logins: number[] = [];
    const lines = terminal.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());

    for await (const text of lines) {
      seen.push(text);
      if (!text.includes("mail is not set up: nobody")) continue;
      const link = /log in +(\S+)/.exec(seen.join("\n"))?.[1] ?? "";
      logins.push(...[await logInBy(link), await logInBy(link)]);
      await keyboard.write(new Uint8Array([3]));
    }
    await keyboard.close();
    const { code } = await terminal.status;

    const screen = seen.join("\n");
    assert.equal(code, 0, screen);
    assert.match(screen, /^ {2}listening {4}http:\/\/127\.0\.0\.1:\d+/m);
    assert.match(screen, /^ {2}database {5}stillalive\.db {2}\(new\)/m);
    assert.match(screen, /^ {2}mail {9}not set up: /m);
    assert.match(screen, /^ {2}admin token {2}[\w-]{43} {2}\(shown only now: keep it\)/m);
    assert.match(
      screen,
      /^ {2}log in {7}http:\/\/127\.0\.0\.1:\d+\/login\?code=[\w-]{43} {2}\(once/m,
    );
    // The link lets in once: the second time the code is used up.
    assert.deepEqual(logins, [303, 403]);
    assert.match(screen, /^ {2}curl -X POST http/m);
    assert.match(screen, /^Warning: everyone who reaches/m);
    assert.deepEqual([...Deno.readDirSync(folder.path)].map(({ name }) => name).sort(), [
      "stillalive.db",
      "stillalive.db.lock",
    ]);
  },
});

Deno.test("every page comes out of the program, with its look, and shows a hostile message as text", async (t) => {
  using folder = temporaryFolder();
  await using program = new Program({ folder: folder.path, env: QUICK });
  const url = await started(program);
  await beat(url, { app_id: 23, message: '<b>"><img src=x onerror=alert(1)>' });
  const person = await Person.logIn({ url }, { token: QUICK.ADMIN_TOKEN });

  const pages = ["/", "/apps/23", "/outbox", "/gaps", "/maintenance", "/settings", "/apps/24"];
  for (const path of pages) {
    await t.step(path, async () => {
      const { status, html } = await person.get(path);

      assert.equal(status, path === "/apps/24" ? 404 : 200);
      assert.match(html, /^<!DOCTYPE html><html lang="en"[ >].*<\/html>$/is);
      assert.doesNotMatch(html, /<b>|<img src=x/);
      const assets = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)];
      assert.ok(assets.length > 0);
      for (const [, asset = ""] of assets) assert.equal((await person.get(asset)).status, 200);
    });
  }
});

Deno.test("pages and lists are small on the wire", async (t) => {
  using folder = temporaryFolder();
  await using program = new Program({ folder: folder.path, env: QUICK });
  const url = await started(program);
  await beat(url, Array.from({ length: 100 }, (_, index) => ({ app_id: `app-${index}` })));
  const { cookie } = await Person.logIn({ url }, { token: QUICK.ADMIN_TOKEN });
  const size = async (...args: readonly string[]) =>
    Number(await curl("-o", "/dev/null", "-w", "%{size_download}", ...args));

  for (const path of ["/", "/api/apps"]) {
    await t.step(path, async () => {
      const token = `Authorization: Bearer ${QUICK.ADMIN_TOKEN}`;
      const args = ["-H", token, "-b", cookie ?? "", url + path];
      const [whole, small] = [await size(...args), await size("--compressed", ...args)];
      assert.ok(small < whole / 5, `${small} of ${whole} bytes`);
    });
  }
});

/** Opens a link that logs in, and presses its button; returns what that is answered with. */
async function logInBy(link: string): Promise<number> {
  const page = await (await fetch(link)).text();
  const code = /name="token" value="([^"]+)"/.exec(page)?.[1] ?? "";
  const { origin } = new URL(link);
  const body = new URLSearchParams({ token: code });
  const answer = await fetch(`${origin}/login`, { method: "POST", body, redirect: "manual" });
  await answer.body?.cancel();
  return answer.status;
}

Deno.test("each command does what its help says, with the exit codes of the contract", async (t) => {
  using folder = temporaryFolder();
  const cases: readonly (readonly [readonly string[], Record<string, string>, number, RegExp])[] = [
    [["version"], {}, 0, /^stillalive \d+\.\d+\.\d+ /],
    [["--version"], {}, 0, /^stillalive /],
    [["--help"], {}, 0, /mail-test/],
    [["check", "--help"], {}, 0, /check/],
    [["nonsense"], {}, 2, /Unknown command "nonsense"/],
    [["--nonsense"], {}, 2, /Unknown option "--nonsense"/],
    [["config"], { SMTP_USER: "a@b.c", SMTP_PASSWORD: "hush" }, 0, /^SMTP_PASSWORD +\*{8} +env/m],
    [["serve"], { PERIOD: "x", PORT: "y" }, 1, /^Cannot start: 2 settings are wrong\n {2}.*\n {2}/],
    [["token"], {}, 1, /there is none; start stillalive first/],
    [["mail-test"], {}, 1, /mail is not set up/],
    [["serve", "--database", "no/a.db"], {}, 1, /its folder does not exist/],
    [["serve", "--database", "."], {}, 1, /it is not a file/],
  ];
  for (const [args, env, code, expected] of cases) {
    await t.step(args.join(" "), async () => {
      const finished = await runProgram({ folder: folder.path, args, env });

      assert.match(finished.stdout + finished.stderr, expected);
      assert.equal(finished.code, code);
      assert.doesNotMatch(finished.stdout + finished.stderr, /hush/);
      assert.deepEqual([...Deno.readDirSync(folder.path)], []);
    });
  }
});

Deno.test("a .env is read as Windows writes it, and refused where a value would be cut", async (t) => {
  using folder = temporaryFolder();
  const config = () => runProgram({ folder: folder.path, args: ["config"] });
  const utf16 = new Uint16Array(
    [0xfeff, ..."PORT=8123\r\n"].map((each) =>
      typeof each === "number" ? each : each.charCodeAt(0)
    ),
  );

  await t.step("in UTF-16", async () => {
    Deno.writeFileSync(`${folder.path}/.env`, new Uint8Array(utf16.buffer));
    const { code, stdout } = await config();
    assert.equal(code, 0);
    assert.match(stdout, /^PORT +8123 +\.env$/m);
  });
  await t.step("in UTF-16 without a mark", async () => {
    Deno.writeFileSync(`${folder.path}/.env`, new Uint8Array(utf16.slice(1).buffer));
    const { code, stderr } = await config();
    assert.equal(code, 1);
    assert.equal(stderr, 'Cannot read ".env": it is not in UTF-8; save it in that\n');
  });
  await t.step('with a "#" in a password', async () => {
    Deno.writeTextFileSync(`${folder.path}/.env`, "SMTP_USER=a@b.c\nSMTP_PASSWORD=Qw#erty12\n");
    const { code, stdout, stderr } = await config();
    assert.equal(code, 1);
    assert.match(stderr, /^Cannot start: 1 setting is wrong\n {2}SMTP_PASSWORD has a "#"/);
    assert.doesNotMatch(stdout + stderr, /Qw|erty12/);
  });
});

Deno.test({
  name:
    "who else may get at .env and secrets in files is told in the log, and refused where they may write",
  ignore: Deno.build.os === "windows",
  fn: async (t) => {
    using folder = temporaryFolder();
    const write = (name: string, text: string, mode: number) => {
      Deno.writeTextFileSync(`${folder.path}/${name}`, text);
      Deno.chmodSync(`${folder.path}/${name}`, mode);
    };
    const start = { folder: folder.path, env: { HOST: "127.0.0.1", PORT: "0" } };

    await t.step("read", async () => {
      write(".env", "ADMIN_TOKEN_FILE=token\n", 0o644);
      write("token", QUICK.ADMIN_TOKEN, 0o604);
      await using program = new Program(start);
      for (const name of ["\\.env", "token"]) {
        const what = `every user of this machine may read "${name}": chmod 600 "${name}"`;
        await program.says(new RegExp(`warn {2}${what}$`));
      }
      await started(program);
    });
    for (const args of [["config"], ["check"], ["apps"]]) {
      await t.step(`read, by ${args[0]}`, async () => {
        const { stderr } = await runProgram({ ...start, args });

        assert.match(stderr, /^\S+ warn {2}every user of this machine may read "\.env": chmod 600/);
      });
    }
    for (const name of [".env", "token"]) {
      await t.step(`write ${name}`, async () => {
        write(".env", "ADMIN_TOKEN_FILE=token\n", name === ".env" ? 0o666 : 0o600);
        write("token", QUICK.ADMIN_TOKEN, name === "token" ? 0o602 : 0o600);

        const { code, stderr } = await runProgram(start);

        assert.equal(code, 1);
        assert.match(
          stderr,
          new RegExp(
            `every user of this machine may write "${name.replace(".", "\\.")}"; .* chmod 600`,
          ),
        );
      });
    }
  },
});

Deno.test({
  name: "a first start for which there is no room ends in a sentence, and is in no later one's way",
  // From source the runtime has files of its own to write.
  ignore: EXECUTABLE === undefined,
  fn: async (t) => {
    // In kB: an empty file, its mark, part of its schema, and nearly all of it.
    for (const room of [0, 4, 16, 64]) {
      await t.step(`${room} kB`, async () => {
        using folder = temporaryFolder();
        const command = ["bash", "-c", `ulimit -f ${room}; exec "$0" "$@"`, ...COMMAND];
        const start = { folder: folder.path, env: QUICK };

        const { code, stderr } = await runProgram({ ...start, command });
        await using again = new Program(start);
        await started(again);

        assert.equal(code, 1);
        assert.match(stderr, /^Cannot use database "stillalive\.db": .*SQLite says ".*"\n$/);
      });
    }
  },
});

/** Places in the way of which a command comes by itself. */
const OWN: readonly string[] = ["no/a.db", "text.db", "busy.db"];

Deno.test("whatever is in the way of a database, a start and each command say so in a sentence", async (t) => {
  using folder = temporaryFolder();
  const inside = (name: string) => `${folder.path}/${name}`;
  Deno.mkdirSync(inside("lock.db.lock"));
  Deno.mkdirSync(inside("log.db-wal"));
  Deno.writeTextFileSync(inside("text.db"), "Dear diary");
  Deno.writeTextFileSync(inside("busy.db.lock"), "Dear diary");
  Deno.symlinkSync("circle.db", inside("circle.db"));
  {
    using original = new DatabaseSync(inside("original.db"));
    original.exec("CREATE TABLE appInfo (id INTEGER PRIMARY KEY, app_id, date, message)");
  }
  const places = [
    ["no/a.db", /its folder does not exist|there is none/],
    [".", /it is not a file/],
    ["text.db", /the file is no SQLite database/],
    ["text.db/a.db", /Not a directory/],
    ["/dev/null", /it is not a file/],
    ["lock.db", /unable to open database file: .*lock\.db\.lock|there is none/],
    ["log.db", /disk I\/O error|unable to open|there is none/],
    ["busy.db", /its lock .* cannot be taken: .*file is not a database|there is none/],
    ["circle.db", /symbolic links/],
    [`${"a".repeat(300)}.db`, /File name too long/],
  ] as const;
  const commands = [
    ["serve"],
    ["check"],
    ["import", "original.db"],
    ["apps"],
    ["verify"],
    ["backup", "copy.db"],
    ["token"],
  ];
  for (const args of commands) {
    // What each does by itself; all else is one for all.
    const own = args[0] === "serve" ? places : places.filter(([place]) => OWN.includes(place));
    for (const [place, expected] of own) {
      await t.step(`${args[0]} ${place.slice(0, 20)}`, async () => {
        const options = {
          folder: folder.path,
          args: [...args, "--database", place],
          env: { PORT: "0" },
        };
        const { code, stdout, stderr } = await runProgram(options);

        assert.equal(code, 1);
        assert.equal(stdout, "");
        assert.match(stderr, /^Cannot use database ".*": .*\n$/);
        assert.match(stderr, expected);
      });
    }
  }
});

Deno.test({
  name: "a database that may not be written is refused with the reason, and left as it was",
  // Root may write everything, and from source nobody else may read the runtime of root.
  ignore: Deno.uid() === 0 && EXECUTABLE === undefined,
  fn: async () => {
    using folder = temporaryFolder();
    const path = `${folder.path}/stillalive.db`;
    await using program = new Program({ folder: folder.path, env: QUICK });
    await started(program);
    await program.end("SIGTERM");
    Deno.chmodSync(path, 0o444);
    Deno.chmodSync(folder.path, 0o755);
    const before = Deno.readFileSync(path);

    const refused = await runProgram({ folder: folder.path, env: QUICK, isNobody: true });

    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /^Cannot use database "stillalive\.db": it may not be written by /,
    );
    assert.deepEqual(Deno.readFileSync(path), before);
  },
});

Deno.test("a port that is taken is a clear error, and leaves no lock behind", async () => {
  using folder = temporaryFolder();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const env = { HOST: "127.0.0.1", PORT: String(taken.addr.port) };

  const refused = await runProgram({ folder: folder.path, env });
  await using next = new Program({ folder: folder.path, env: { PORT: "0" } });
  await started(next);

  assert.equal(refused.code, 1);
  assert.match(
    refused.stderr,
    /^Cannot listen on "127\.0\.0\.1:\d+": another program listens there/,
  );
});

Deno.test("mail-test sends a real letter, and says in words what became of it", async (t) => {
  await using mail = await mailServer({ security: "starttls", login: LOGIN });
  using folder = temporaryFolder();
  const env = mailSettings(mail, folder.path);

  await t.step("taken", async () => {
    const { code, stdout } = await runProgram({ folder: folder.path, args: ["mail-test"], env });
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^Sent to ${ADMIN}: the server said "250`));
    assert.deepEqual((await mail.letter(1)).to, [ADMIN]);
  });
  await t.step("an alarm, to someone else", async () => {
    const args = ["mail-test", "friend@example.org", "--alarm"];
    const { code } = await runProgram({ folder: folder.path, args, env });
    assert.equal(code, 0);
    assert.deepEqual((await mail.letter(2)).to, ["friend@example.org"]);
  });
  await t.step("a wrong password", async () => {
    const wrong = { ...env, SMTP_PASSWORD: "mistyped-secret" };
    const { code, stdout, stderr } = await runProgram({
      folder: folder.path,
      args: ["mail-test"],
      env: wrong,
    });
    assert.equal(code, 1);
    assert.match(stdout, /^Not sent: .*535/);
    assert.doesNotMatch(stdout + stderr, /mistyped-secret/);
  });
});

Deno.test("where no database is, no command makes one but serve and import", async (t) => {
  const commands = [["check"], ["verify"], ["backup", "copy.db"], ["token"], ["apps"]];
  for (const content of [null, ""]) {
    for (const args of commands) {
      await t.step(
        `${args[0]}, ${content === null ? "nothing there" : "an empty file"}`,
        async () => {
          using folder = temporaryFolder();
          const file = `${folder.path}/stillalive.db`;
          if (content !== null) Deno.writeTextFileSync(file, content, { mode: 0o600 });

          const { code, stderr } = await runProgram({ folder: folder.path, args });

          assert.equal(code, 1);
          assert.match(stderr, /^Cannot use database "stillalive\.db": there is none; .*\n$/);
          const left = [...Deno.readDirSync(folder.path)].map(({ name }) => name);
          assert.deepEqual(left, content === null ? [] : ["stillalive.db"]);
          if (content !== null) assert.equal(Deno.statSync(file).size, 0);
        },
      );
    }
  }
});

Deno.test("a database that a first start has not got far with is none for any other command", async (t) => {
  for (const args of [["check"], ["verify"], ["backup", "copy.db"], ["token"], ["apps"]]) {
    await t.step(`${args[0]}`, async () => {
      using folder = temporaryFolder();
      const file = `${folder.path}/stillalive.db`;
      Deno.writeTextFileSync(file, "", { mode: 0o600 });
      {
        using begun = new DatabaseSync(file);
        begun.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      }
      const before = Deno.readFileSync(file);

      const { code, stderr } = await runProgram({ folder: folder.path, args });

      assert.equal(code, 1);
      assert.match(stderr, /^Cannot use database "stillalive\.db": there is none; .*\n$/);
      assert.deepEqual(Deno.readFileSync(file), before);
    });
  }
});

Deno.test({
  name: "an import for which there is no room says which file, and goes on when there is some",
  // From source the runtime has files of its own to write.
  ignore: EXECUTABLE === undefined,
  fn: async () => {
    using folder = temporaryFolder();
    {
      using original = new DatabaseSync(`${folder.path}/original.db`);
      original.exec(`
        CREATE TABLE appInfo (id INTEGER PRIMARY KEY, app_id, date, message);
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
        INSERT INTO appInfo SELECT i, i % 50, 1700000000000 + i * 1000, HEX(RANDOMBLOB(20)) FROM n;
      `);
    }
    const start = { folder: folder.path, args: ["import", "original.db"] };
    // In kB: the schema has room, the history has none.
    const command = ["bash", "-c", `ulimit -f 700; exec "$0" "$@"`, ...COMMAND];

    const { code, stderr } = await runProgram({ ...start, command });
    const again = await runProgram(start);

    assert.equal(code, 1);
    assert.match(stderr, /^Cannot use database "stillalive\.db": SQLite says "[^"]*"$/m);
    assert.equal(again.code, 0);
    assert.match(again.stdout, /rows read +40,000\n/);
  },
});

Deno.test("check and token work beside the owner, and check without one", async () => {
  using folder = temporaryFolder();
  const env = { HOST: "127.0.0.1", PORT: "0", PERIOD: "1s", GRACE: "1s", DIGEST_WINDOW: "0s" };
  const alone = { folder: folder.path, args: ["check"], env };
  await using program = new Program({ folder: folder.path, env });
  const url = await started(program);

  const beside = await runProgram(alone);
  const token = await runProgram({ folder: folder.path, args: ["token"], env });
  const links = await runProgram({ folder: folder.path, args: ["token", "--links"], env });
  const inSettings = { ...env, ADMIN_TOKEN: "a-token-of-the-settings" };
  const onlyLinks = await runProgram({
    folder: folder.path,
    args: ["token", "--links"],
    env: inSettings,
  });
  const none = await runProgram({ folder: folder.path, args: ["token"], env: inSettings });
  const apps = await curl("-H", `authorization: Bearer ${links.stdout.trim()}`, `${url}/api/apps`);
  await program.end("SIGTERM");
  const without = await runProgram(alone);

  assert.deepEqual([beside.code, token.code, without.code], [0, 0, 0]);
  assert.match(token.stdout, /^[\w-]{43}\n$/);
  assert.match(token.stderr, /opens nothing any more.*\n.*badges still work: --links makes them/);
  assert.match(links.stdout, /^[\w-]{43}\n$/);
  assert.match(links.stderr, /Links in letters sent so far and addresses of badges open nothing/);
  assert.deepEqual([onlyLinks.code, onlyLinks.stdout, none.code], [0, "", 1]);
  assert.match(onlyLinks.stderr, /No token was made: ADMIN_TOKEN is set/);
  assert.match(beside.stdout, /^Checked: 0 newly down; letters: 0 sent/);
  assert.deepEqual(JSON.parse(apps), { apps: [], next: null });
  assert.match(without.stdout, /^Checked: /);
});
