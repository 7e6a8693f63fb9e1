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
import { configTable } from "./lib/cli/config_table.ts";
import { helpText } from "./lib/cli/help.ts";
import { progressBar, progressLine } from "./lib/cli/import_report.ts";
import { type Alarm, type Clock, type Duration, type Instant, SECOND } from "./lib/clock.ts";
import { problemsText, readConfig, type Setup } from "./lib/config.ts";
import { AppError } from "./lib/errors.ts";
import { makeLog } from "./lib/log.ts";
import type { Usage } from "./lib/program.ts";
import type { Machine, Outcome } from "./machine.ts";
import { serve } from "./serve.ts";

/** The longest that a timer of the machine can wait: 2^31 − 1 ms. */
const LONGEST_TIMER: Duration = 2_147_483_647;

/** Back to the line's beginning, and all of it gone (ECMA-48). */
const ERASE_LINE = "\r\x1b[K";

/** The exit codes of the contract. */
const EXIT_CODES: Readonly<Record<Outcome | "misused", number>> = {
  done: 0,
  failed: 1,
  misused: 2,
};

/** Runs the command that the arguments name, and returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const machine = theMachine();
  const invocation = parseArguments(args);
  switch (invocation.kind) {
    case "help":
      machine.print(helpText(invocation.command));
      return EXIT_CODES.done;
    case "misuse":
      machine.complain(`${invocation.message}\nSee "stillalive --help"`);
      return EXIT_CODES.misused;
    case "run":
      break;
  }
  try {
    return EXIT_CODES[await run(invocation.command, invocation.flags, machine)];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    machine.complain(problemsText(error));
    return EXIT_CODES.failed;
  }
}

async function run(
  command: Command,
  flags: Readonly<Record<string, string | undefined>>,
  machine: Machine,
): Promise<Outcome> {
  if (command.name === "version") {
    const { version, runtime, target } = machine.program;
    machine.print(`stillalive ${version} (Deno ${runtime}, ${target})`);
    return "done";
  }
  const { config, settings, warnings } = readSetup(flags);
  const { logLevel: level, logFormat: format } = config;
  const log = makeLog({ level, format, write: machine.complain, clock: machine.clock });
  if (command.name === "serve") {
    return await serve(config, machine, { log, settings, warnings });
  }
  // Loaded only for who asks for them: a start that serves should not wait for them.
  const commands = await import("./commands.ts");
  switch (command.name) {
    case "check":
      return await commands.check(config, machine, log);
    case "mail-test":
      return await commands.sendTestLetter(config, machine, command);
    case "import":
      return await commands.importFile(config, machine, command);
    case "apps":
      return await commands.manage(config, machine, command);
    case "backup":
      return await commands.backUpTo(config, machine, command.file);
    case "verify":
      return commands.verifyDatabase(config, machine);
    case "token":
      return commands.renewToken(config, machine, command);
    case "config":
      machine.print(configTable(settings));
      return "done";
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
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("unusable", `Cannot read ".env": ${why}`, { cause });
  }
}

function theMachine(): Machine {
  return {
    clock: {
      now: () => Date.now(),
      elapsed: () => Math.round(performance.now()),
      stopwatch: () => performance.now(),
      wakeAt,
    } satisfies Clock,
    program: {
      version: manifest.version,
      runtime: Deno.version.deno,
      target: Deno.build.target,
      startedAt: Math.round(performance.timeOrigin),
      usage,
    },
    isTerminal: Deno.stdout.isTerminal(),
    print: (text) => write(Deno.stdout, text),
    complain: (text) => write(Deno.stderr, text),
    confirm: (question) => Deno.stdin.isTerminal() && confirm(question),
    progress: progressOn(Deno.stdout.isTerminal()),
    stopped: signalled,
  };
}

/** What `/proc` would tell, which our permissions do not open. */
async function usage(): Promise<Usage> {
  // Loaded with the first question: Deno 2.9 takes 10 ms for it, which no start should wait for.
  const { default: process } = await import("node:process");
  const { rss, heapTotal } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6, residentBytes: rss, heapBytes: heapTotal };
}

/** Redraws one line on a terminal, ten times a second; elsewhere a line every five seconds. */
function progressOn(isTerminal: boolean): Machine["progress"] {
  const every = isTerminal ? SECOND / 10 : 5 * SECOND;
  let shownAt = 0;
  return (progress) => {
    if (progress === null) {
      if (isTerminal) writeAll(Deno.stdout, ERASE_LINE);
    } else if (Date.now() - shownAt >= every) {
      shownAt = Date.now();
      if (isTerminal) writeAll(Deno.stdout, `${ERASE_LINE}${progressBar(progress)}`);
      else write(Deno.stderr, progressLine(progress));
    }
  };
}

function wakeAt(at: Instant, wake: () => void): Alarm {
  const wait = Math.min(Math.max(at - Date.now(), 0), LONGEST_TIMER);
  const timer = setTimeout(wake, wait);
  return { cancel: () => clearTimeout(timer) };
}

function signalled(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      Deno.addSignalListener(signal, () => resolve(signal));
    }
  });
}

type Stream = Pick<typeof Deno.stdout, "writeSync">;

function write(stream: Stream, text: string): void {
  writeAll(stream, `${text}\n`);
}

function writeAll(stream: Stream, text: string): void {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
}

/**
 * A limit on the size of files is to be an error that SQLite tells, like a full
 * disk, and not our death by a signal.
 */
function outliveSizeLimits(): void {
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGXFSZ", () => {});
}

if (import.meta.main) {
  outliveSizeLimits();
  Deno.exit(await main(Deno.args));
}
