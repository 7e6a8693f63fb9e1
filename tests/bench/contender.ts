/**
 * Servers that are measured beside each other, each a process of its own.
 *
 * @module
 */

import { type Duration, SECOND } from "../../lib/clock.ts";
import { COMMAND, EXECUTABLE, Program } from "../support/program.ts";
import { temporaryFolder } from "../support/store.ts";

/** A server that runs. Disposed of, it is killed and all of it is gone. */
export interface Contender extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
}

/** The service as {@linkcode SERVICE} starts it. */
export interface Service extends Contender {
  /** Its database file. */
  readonly database: string;
}

/**
 * What starts the service: the executable by `STILLALIVE_EXECUTABLE`, or what is
 * put into one, run by the Deno that runs this.
 */
export const SERVICE: readonly string[] = EXECUTABLE === undefined
  ? [...COMMAND.slice(0, -1), new URL("../../.bundle/main.js", import.meta.url).pathname]
  : COMMAND;

const FLOOR = new URL("floor.ts", import.meta.url).pathname;

const LISTENING = /listening url=(\S+)/;

/** The admin token of services that are measured. */
export const ADMIN_TOKEN = "an-admin-token-for-benchmarks";

/** Nothing falls silent, nothing is mailed: what is measured is the way of heartbeats alone. */
const SETTINGS = {
  HOST: "127.0.0.1",
  PORT: "0",
  PERIOD: "1h",
  MAX_APPS: "10000000",
  TIMEZONE: "UTC",
  ADMIN_TOKEN,
};

/** Starts a server that does the least; see floor.ts. */
export async function startFloor(
  floor: "bare" | "hono" | "disk",
  name: string,
): Promise<Contender> {
  const folder = temporaryFolder();
  const leave = ["--no-prompt", "--allow-net", "--allow-read", "--allow-write"];
  const command = [Deno.execPath(), "run", ...leave, FLOOR, floor, `${folder.path}/floor.db`];
  return await started(name, new Program({ folder: folder.path, command }), folder);
}

/** Starts the service on a database of its own, or on a given one. */
export async function startService(
  name: string,
  options: { readonly database?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Service> {
  const folder = temporaryFolder();
  const database = options.database ?? `${folder.path}/stillalive.db`;
  const env = { ...SETTINGS, DATABASE: database, ...options.env };
  const program = new Program({ folder: folder.path, env, command: SERVICE });
  return { ...await started(name, program, folder), database };
}

async function started(name: string, program: Program, folder: Disposable): Promise<Contender> {
  const [, url = ""] = await program.says(LISTENING);
  return {
    name,
    url,
    pid: program.pid,
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

/** How long a process has kept processors busy, over all its threads. */
export function busyFor(pid: number): Duration {
  // The name stands in parentheses and may hold anything; utime and stime are the 14th and 15th
  // fields of proc_pid_stat(5).
  const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * (SECOND / TICKS_A_SECOND);
}

/** As Linux has it on every platform that Deno runs on. */
const TICKS_A_SECOND = 100;

/** How much memory a process holds now, and held at most, in bytes. */
export function memoryOf(pid: number): { readonly now: number; readonly most: number } {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const bytes = (name: string) =>
    1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]);
  return { now: bytes("VmRSS"), most: bytes("VmHWM") };
}
