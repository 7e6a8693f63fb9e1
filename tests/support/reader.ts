/** Whoever follows the README: a folder, a service in it, a mail server, and a shell. */

import assert from "node:assert/strict";
import { makeOriginal } from "./original.ts";
import { COMMAND, ENVIRONMENT, Program } from "./program.ts";
import { type MailServer, mailServer } from "./smtp_server.ts";
import { temporaryFolder } from "./store.ts";
import { TextLineStream } from "./text_lines.ts";

/** Where the README says that the service is, and another one: here both are the same. */
const TOLD = /http:\/\/localhost:8000|https:\/\/other\.example\.com/g;

/** Who gets the alarms, in the README's own example. */
const ADMIN = "you@yandex.ru";

const TOKEN = "an-admin-token-for-tests";

const LOGIN = { user: "stillalive@example.test", password: "an-app-password" };

/** What the service logs once it has been at the mail server. */
const MAIL_TRIED = /mail (works|does not work)/;

/** The repository. */
const ROOT = new URL("../../", import.meta.url).pathname;

/** Programs that the README takes for granted, and what they are here. */
const PROGRAMS: Readonly<Record<string, string>> = {
  deno: `exec "${Deno.execPath()}" "$@"`,
  // Of the version that it names the README's own command is a test already: this one runs in it.
  npx: '[ "$1 $2" = "-y deno@2.9.6" ] || exit 64; shift 2; exec deno "$@"',
  stillalive: `exec ${COMMAND.map((word) => `'${word}'`).join(" ")} "$@"`,
  // The reader's own job.
  "backup-shop": "exit 0",
};

/** What the original took before the reader moves. */
const ORIGINAL = [["5", "1700000000000", "'OK:200'"], ["6", "1700000060000", "NULL"]] as const;

/** Follows what the README says. Disposed of, all of it is gone. */
export class Reader implements AsyncDisposable {
  readonly #folder = temporaryFolder();
  readonly #programs = temporaryFolder();
  readonly #mail: MailServer;
  #service: Program | null = null;
  #url = "";

  private constructor(mail: MailServer) {
    this.#mail = mail;
  }

  /** An empty folder but for the original's database, and a service that serves there. */
  static async begin(): Promise<Reader> {
    const reader = new Reader(await mailServer({ security: "tls", login: LOGIN }));
    for (const [name, script] of Object.entries(PROGRAMS)) {
      const path = `${reader.#programs.path}/${name}`;
      Deno.writeTextFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    Deno.writeTextFileSync(reader.#path("authority.pem"), reader.#mail.config.authorities ?? "");
    makeOriginal(reader.#path("db.sqlite"), ORIGINAL);
    await reader.#start();
    return reader;
  }

  /** Runs a program in the folder to its end, which must be a good one; returns what it printed. */
  async run(program: string, ...args: readonly string[]): Promise<string> {
    return await this.#runIn(this.#folder.path, program, args);
  }

  /** The same for a command in the repository. */
  async runInRepository(command: string): Promise<void> {
    await this.#runIn(ROOT, "bash", ["-c", command]);
  }

  /** Types lines into the shell, which knows the functions of the lines before. */
  async shell(lines: string): Promise<string> {
    const before = "set -euo pipefail; [ ! -f .functions ] || . ./.functions";
    const after = "declare -f > .functions";
    return await this.run("bash", "-c", `${before}\n${lines}\n${after}`);
  }

  /** The same while the service is stopped. */
  async shellWhileStopped(lines: string): Promise<void> {
    assert.equal(await this.#service?.end("SIGTERM"), 0);
    try {
      await this.shell(lines);
    } finally {
      await this.#start();
    }
  }

  /** Writes a file into the folder and returns its path. */
  write(name: string, text: string): string {
    const path = this.#path(name);
    Deno.writeTextFileSync(path, this.#here(text));
    return path;
  }

  /** Starts the service from the repository, by a command, and stops it once it has tried mail. */
  async serveOnce(command: string): Promise<void> {
    const child = new Deno.Command("bash", {
      args: ["-c", `exec ${command}`],
      cwd: ROOT,
      clearEnv: true,
      env: { ...this.#environment(), DATABASE: this.#path("from-source.db") },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const lines: string[] = [];
    const read = child.stderr.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    for await (const line of read) {
      lines.push(line);
      if (MAIL_TRIED.test(line)) child.kill("SIGTERM");
    }
    assert.equal((await child.status).code, 0, lines.join("\n"));
    assert.match(lines.join("\n"), /listening url=.*mail works/s);
  }

  /** Resolves once a letter of the service was taken. */
  async mailed(): Promise<void> {
    await this.#service?.says(/letter sent/);
  }

  /** How many heartbeats the service has of the app. */
  async heartbeats(appId: string): Promise<number> {
    const response = await fetch(`${this.#url}/api/apps/${appId}/heartbeats?limit=1000`, {
      headers: { Authorization: `Bearer ${TOKEN}` },
    });
    const { heartbeats = [] } = await response.json();
    return heartbeats.length;
  }

  /** Sends a request to where the README says. */
  async send(url: string, request: RequestInit): Promise<number> {
    const response = await fetch(this.#here(url), request);
    await response.body?.cancel();
    return response.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#service?.[Symbol.asyncDispose]();
    await this.#mail[Symbol.asyncDispose]();
    this.#folder[Symbol.dispose]();
    this.#programs[Symbol.dispose]();
  }

  async #runIn(folder: string, program: string, args: readonly string[]): Promise<string> {
    const command = new Deno.Command(program, {
      args: args.map((arg) => this.#here(arg)),
      cwd: folder,
      clearEnv: true,
      env: this.#environment(),
      stdin: "null",
    });
    const { code, stdout, stderr } = await command.output();
    const decoder = new TextDecoder();
    const printed = decoder.decode(stdout);
    assert.equal(code, 0, `exit code ${code}: ${decoder.decode(stderr)}${printed}`);
    return printed;
  }

  #here(text: string): string {
    return text.replaceAll(TOLD, this.#url);
  }

  #path(name: string): string {
    return `${this.#folder.path}/${name}`;
  }

  async #start(): Promise<void> {
    this.#service = new Program({ folder: this.#folder.path, env: this.#environment() });
    this.#url = (await this.#service.says(/listening url=(\S+)/))[1] ?? "";
    // Cut short, its visit would leave the mail server a connection that Deno 2.6 never closes.
    await this.#service.says(MAIL_TRIED);
  }

  #environment(): Record<string, string> {
    const { host, port, security } = this.#mail.config;
    return {
      ...ENVIRONMENT,
      PATH: `${this.#programs.path}:${ENVIRONMENT.PATH}`,
      TOKEN,
      ADMIN_TOKEN: TOKEN,
      HOST: "127.0.0.1",
      PORT: "0",
      // No app falls silent while the README is followed, however slow the machine.
      PERIOD: "1d",
      // What is told of an alarm comes at once: nobody waits for more of them.
      DIGEST_WINDOW: "0s",
      ADMIN_EMAILS: ADMIN,
      SMTP_HOST: host,
      SMTP_PORT: String(port),
      SMTP_SECURITY: security,
      SMTP_USER: LOGIN.user,
      SMTP_PASSWORD: LOGIN.password,
      SMTP_CA_FILE: this.#path("authority.pem"),
    };
  }
}
