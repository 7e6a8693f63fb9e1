/**
 * stillalive: tells an admin by mail when an app falls silent.
 *
 * Reads arguments and settings and runs a command. The only place that knows
 * the machine: its clock, environment, files, signals and, by streams.ts, streams.
 *
 * @module
 */

import manifest from "./deno.json" with { type: "json" };
import { type Command, parseArguments } from "./lib/cli/arguments.ts";
import { configTable } from "./lib/cli/config_table.ts";
import { helpText } from "./lib/cli/help.ts";
import type { Alarm, Clock, Duration, Instant } from "./lib/clock.ts";
import { problemsText, readConfig, type Setup } from "./lib/config.ts";
import { AppError, outsideFault } from "./lib/errors.ts";
import type { Usage } from "./lib/program.ts";
import type { Machine, Outcome } from "./machine.ts";
import { SettingsFiles } from "./settings_files.ts";
import { Streams } from "./streams.ts";

/** The longest that a timer of the machine can wait: 2^31 − 1 ms. */
const LONGEST_TIMER: Duration = 2_147_483_647;

/**
 * What people and keepers of processes send: each would end us without a listening mark. Among them
 * is a terminal that was closed, a limit on CPU time, and UPS software; SIGBREAK is Windows' Ctrl-Break.
 */
const STOP_SIGNALS: readonly Deno.Signal[] = [
  "SIGINT",
  "SIGTERM",
  "SIGHUP",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGXCPU",
  "SIGPWR",
  "SIGBREAK",
];

/** The exit codes of the contract. */
const EXIT_CODES: Readonly<Record<Outcome | "misused", number>> = {
  done: 0,
  failed: 1,
  misused: 2,
};

const CLOCK: Clock = {
  now: () => Date.now(),
  elapsed: () => Math.round(performance.now()),
  stopwatch: () => performance.now(),
  wakeAt,
};

/** Does what the arguments ask for, and returns the exit code. */
async function main(args: readonly string[], streams: Streams): Promise<number> {
  try {
    return EXIT_CODES[await obey(args, streams)];
  } catch (error) {
    const outside = outsideFault(error);
    if (error instanceof AppError) streams.complain(problemsText(error));
    else if (outside !== null) streams.complain(`Cannot go on: ${outside}`);
    else streams.tellFault(error);
    return EXIT_CODES.failed;
  }
}

async function obey(args: readonly string[], streams: Streams): Promise<Outcome | "misused"> {
  const invocation = parseArguments(args);
  switch (invocation.kind) {
    case "help":
      await streams.print(helpText(invocation.command));
      return "done";
    case "misuse":
      streams.complain(`${invocation.message}\nSee "stillalive --help"`);
      return "misused";
    case "run":
      return await run(invocation.command, invocation.flags, streams);
  }
}

async function run(
  command: Command,
  flags: Readonly<Record<string, string | undefined>>,
  streams: Streams,
): Promise<Outcome> {
  const machine = theMachine(streams);
  if (command.name === "version") {
    const { version, runtime, target } = machine.program;
    await machine.print(`stillalive ${version} (Deno ${runtime}, ${target})`);
    return "done";
  }
  const { config, settings, warnings } = readSetup(flags);
  const log = streams.logAs({ level: config.logLevel, format: config.logFormat });
  for (const warning of warnings) log.warn(warning);
  // Each is loaded when it is asked for: serving takes 150 kB of code, the other commands 55.
  if (command.name === "serve") {
    const { serve } = await import("./serve.ts");
    return await serve(config, machine, { log, settings });
  }
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
      return await commands.verifyDatabase(config, machine);
    case "token":
      return await commands.renewToken(config, machine, command);
    case "config":
      await machine.print(configTable(settings));
      return "done";
  }
}

function readSetup(flags: Readonly<Record<string, string | undefined>>): Setup {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const files = new SettingsFiles();
  const said = { ...files.readDotenv(), environment: Deno.env.toObject(), flags, timeZone };
  const setup = readConfig(said, files.readText);
  return { ...setup, warnings: [...setup.warnings, ...files.warnings] };
}

function theMachine(streams: Streams): Machine {
  return {
    clock: CLOCK,
    program: {
      version: manifest.version,
      runtime: Deno.version.deno,
      target: Deno.build.target,
      startedAt: Math.round(performance.timeOrigin),
      usage,
      droppedLogLines: () => streams.droppedLines,
    },
    isTerminal: streams.isTerminal,
    print: (text) => streams.print(text),
    complain: (text) => streams.complain(text),
    confirm: (question) => streams.confirm(question),
    progress: (progress) => streams.progress(progress),
    takeWarnings: () => streams.takeWarnings(),
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

function wakeAt(at: Instant, wake: () => void): Alarm {
  const wait = Math.min(Math.max(at - Date.now(), 0), LONGEST_TIMER);
  const timer = setTimeout(wake, wait);
  return { cancel: () => clearTimeout(timer) };
}

function signalled(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of STOP_SIGNALS) {
      try {
        Deno.addSignalListener(signal, () => resolve(signal));
      } catch (error) {
        // No system has all of them.
        if (!(error instanceof TypeError)) throw error;
      }
    }
  });
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
  const streams = new Streams(CLOCK);
  streams.takeConsole();
  const crashed = streams.crashed().then(() => EXIT_CODES.failed);
  const code = await Promise.race([main(Deno.args, streams), crashed]);
  await streams.end();
  Deno.exit(code);
}
