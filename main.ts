/**
 * stillalive: tells an admin by mail when an app falls silent.
 *
 * Reads arguments and settings and runs a command. The only place that knows
 * the machine: its clock, environment, files, signals and streams.
 *
 * @module
 */

import { parse as parseDotenv } from "dotenv";
import manifest from "./deno.json" with { type: "json" };
import { type Command, parseArguments } from "./lib/cli/arguments.ts";
import { checkedText, checkThroughOwner } from "./lib/cli/check.ts";
import { configTable } from "./lib/cli/config_table.ts";
import { curlLine, greeting, mailText, warnings } from "./lib/cli/greeting.ts";
import { helpText } from "./lib/cli/help.ts";
import { mailTest } from "./lib/cli/test_letter.ts";
import { type Alarm, type Clock, type Instant, MINUTE } from "./lib/clock.ts";
import { type Config, problemsText, readConfig, type Setup } from "./lib/config.ts";
import { AppError } from "./lib/errors.ts";
import { sampleLetter, testLetter } from "./lib/letter.ts";
import { type Log, makeLog } from "./lib/log.ts";
import { openBeside } from "./lib/sqlite/database.ts";
import { Memory } from "./lib/sqlite/memory.ts";
import { hashToken, makeToken } from "./lib/token.ts";
import {
  letterStyle,
  mailerBy,
  mailerOf,
  type Service,
  startService,
  takeOver,
} from "./service.ts";

/** The longest that a timer of the machine can wait, in milliseconds: 2^31 − 1. */
const LONGEST_TIMER = 2_147_483_647;

/** How long a pass for a command of this machine is good for. */
const PASS_LIFETIME = MINUTE;

/** The exit codes of the contract. */
const DONE = 0;
const FAILED = 1;
const MISUSED = 2;

const clock: Clock = { now: () => Date.now(), wakeAt };

function wakeAt(at: Instant, wake: () => void): Alarm {
  const wait = Math.min(Math.max(at - Date.now(), 0), LONGEST_TIMER);
  const timer = setTimeout(wake, wait);
  return { cancel: () => clearTimeout(timer) };
}

/** Runs the command that the arguments name, and returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const invocation = parseArguments(args);
  switch (invocation.kind) {
    case "help":
      print(helpText(invocation.command));
      return DONE;
    case "misuse":
      complain(`${invocation.message}\nSee "stillalive --help"`);
      return MISUSED;
    case "run":
      break;
  }
  const { command, flags } = invocation;
  if (command.name === "version") {
    print(`stillalive ${manifest.version} (Deno ${Deno.version.deno}, ${Deno.build.target})`);
    return DONE;
  }
  try {
    return await run(command, readSetup(flags));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    complain(problemsText(error));
    return FAILED;
  }
}

function readSetup(flags: Readonly<Record<string, string | undefined>>): Setup {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const sources = { dotenv: readDotenv(), environment: Deno.env.toObject(), flags, timeZone };
  return readConfig(sources, Deno.readTextFileSync);
}

function readDotenv(): Readonly<Record<string, string>> {
  try {
    return parseDotenv(Deno.readTextFileSync(".env"));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return {};
    const why = (cause as Error).message;
    throw new AppError("unusable", `Cannot read ".env": ${why}`, { cause });
  }
}

function run(command: Command, setup: Setup): Promise<number> | number {
  switch (command.name) {
    case "serve":
      return serve(setup);
    case "check":
      return check(setup.config);
    case "mail-test":
      return testMail(setup.config, command);
    case "config":
      print(configTable(setup.settings));
      return DONE;
    case "token":
      return renewToken(setup.config);
    case "version":
      return DONE;
  }
}

async function serve({ config, warnings: settingWarnings }: Setup): Promise<number> {
  const log = logOf(config);
  // Before anything else, so that a stop during the start is a clean one too.
  const stopped = signalled();
  for (const warning of settingWarnings) log.warn(warning);
  {
    await using service = await startService({ config, clock, log });
    welcome(service, config, log);
    void probeMail(config, log);
    log.info("stopping", { signal: await stopped });
  }
  log.info("stopped");
  return DONE;
}

function welcome({ url, isNew, madeToken }: Service, config: Config, log: Log): void {
  if (Deno.stdout.isTerminal()) {
    print(greeting({ version: manifest.version, config, url, isNew, madeToken }));
    return;
  }
  log.info("listening", { url, host: config.host, version: manifest.version });
  log.info("database", { path: config.database, is_new: isNew });
  log.info("mail", { to: mailText(config) });
  if (madeToken !== null) {
    const path = `${config.database}.admin-token`;
    Deno.writeTextFileSync(path, `${madeToken}\n`, { mode: 0o600 });
    log.info("admin token made", { file: path });
  }
  if (isNew) log.info("try it", { command: curlLine(url, config.heartbeatToken !== null) });
  for (const warning of warnings(config)) log.warn(warning);
}

/** Tells whether the mail server lets us in; nothing is mailed. */
async function probeMail(config: Config, log: Log): Promise<void> {
  const connection = await mailerOf(config)?.connect(AbortSignal.timeout(MINUTE));
  if (connection === undefined) {
    log.warn("mail is not set up: nobody will be told of anything");
  } else if (connection.outcome === "ready") {
    connection.session.close();
    log.info("mail works", { server: config.smtp?.host });
  } else {
    log.warn("mail does not work", { reason: connection.reason, hint: connection.hint });
  }
}

async function check(config: Config): Promise<number> {
  const ending = new AbortController();
  await using resources = new AsyncDisposableStack();
  const parts = { config, clock, log: logOf(config) };
  const owned = await takeOver(parts, resources, ending.signal);
  if (owned === null) {
    print(checkedText(await checkBeside(config)));
    return DONE;
  }
  // News gathers for the digest window first; nobody else will come to send it.
  const { promise, resolve } = Promise.withResolvers<void>();
  clock.wakeAt(clock.now() + config.timing.digestWindow, resolve);
  await promise;
  print(checkedText({ down: owned.down, ...await owned.watch.deliver({ isRetryNow: true }) }));
  return DONE;
}

/** Asks the owner. Who may write its database may have it look: a pass in there proves it. */
async function checkBeside({ database }: Config) {
  const pass = makeToken();
  using beside = openBeside(database);
  const memory = new Memory(beside);
  const expiresAt = clock.now() + PASS_LIFETIME;
  memory.addToken({ hash: hashToken(pass), purpose: "pass", expiresAt });
  const owner = memory.read("owner");
  if (owner === null || owner === "") {
    throw new AppError("unavailable", "Cannot check: the owner of the database does not serve yet");
  }
  return await checkThroughOwner(owner, pass);
}

async function testMail(
  config: Config,
  { address, isAlarm }: Extract<Command, { name: "mail-test" }>,
): Promise<number> {
  const { smtp, adminEmails } = config;
  const addresses = address === null ? adminEmails : [address];
  if (smtp === null || addresses.length === 0) {
    complain(`Cannot send a letter: mail is ${mailText(config)}`);
    return FAILED;
  }
  const now = clock.now();
  const style = { ...letterStyle(config), now };
  const { lines, isSent } = await mailTest({
    mailer: mailerBy(smtp),
    addresses,
    now,
    messageId: () => `<${crypto.randomUUID()}@${smtp.name}>`,
    letterTo: (to) =>
      isAlarm ? sampleLetter(style) : testLetter(style, { getsAlarms: isOneOf(to, adminEmails) }),
    signal: new AbortController().signal,
  });
  print(lines.join("\n"));
  return isSent ? DONE : FAILED;
}

/** Few mail servers tell `A@b.c` from `a@b.c`, and a test letter need not. */
function isOneOf(address: string, addresses: readonly string[]): boolean {
  return addresses.some((each) => each.toLowerCase() === address.toLowerCase());
}

/** Makes a new admin token in place of the one before. */
function renewToken({ database, adminToken }: Config): number {
  if (adminToken !== null) {
    complain("Cannot make a token: ADMIN_TOKEN is set, and wins over any that is made");
    return FAILED;
  }
  const token = makeToken();
  using beside = openBeside(database);
  new Memory(beside).addToken({ hash: hashToken(token), purpose: "admin", expiresAt: null });
  print(token);
  return DONE;
}

function logOf({ logLevel, logFormat }: Config): Log {
  return makeLog({ level: logLevel, format: logFormat, write: complain, clock });
}

/** Resolves with the name of the signal that asks us to stop. */
function signalled(): Promise<Deno.Signal> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      Deno.addSignalListener(signal, () => resolve(signal));
    }
  });
}

function print(text: string): void {
  writeAll(Deno.stdout, `${text}\n`);
}

function complain(text: string): void {
  writeAll(Deno.stderr, `${text}\n`);
}

function writeAll(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
}

if (import.meta.main) Deno.exit(await main(Deno.args));
