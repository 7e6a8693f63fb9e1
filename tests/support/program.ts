/** The program as a user has it: a process of its own, in an empty folder. */

import config from "../../deno.json" with { type: "json" };
import { TextLineStream } from "./text_lines.ts";

/** The executable to be tested, if there is one: by default the program runs from source. */
export const EXECUTABLE = Deno.env.get("STILLALIVE_EXECUTABLE");

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

const [, RUN = "", ...FLAGS] = config.tasks.start.command.split(" ").slice(0, -1);

/**
 * What starts the program, without its arguments: as its task does; but that the
 * runtime keeps to itself what it looks up in a registry.
 */
export const COMMAND: readonly string[] = EXECUTABLE === undefined
  ? [Deno.execPath(), RUN, "--quiet", ...FLAGS, MAIN]
  : [EXECUTABLE];

/** What a finished command said. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How it is started. */
export interface ProgramOptions {
  readonly folder: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it runs as a user who owns nothing, where we are root. */
  readonly isNobody?: boolean;
  /** What is started in its place, for who wants it otherwise than users have it. */
  readonly command?: readonly string[];
}

/** Runs a command to its end. */
export async function runProgram(options: ProgramOptions): Promise<Finished> {
  const { code, stdout, stderr } = await command(options).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** A program that runs. Disposed of, it is killed. */
export class Program implements AsyncDisposable {
  readonly lines: string[] = [];
  readonly #child: Deno.ChildProcess;
  readonly #read: Promise<unknown>;
  #waiting: { readonly pattern: RegExp; readonly resolve: (match: RegExpExecArray) => void }[] = [];
  #isRunning = true;

  constructor(options: ProgramOptions) {
    this.#child = command(options).spawn();
    this.#child.status.then(() => this.#isRunning = false);
    this.#read = Promise.all([this.#follow(this.#child.stdout), this.#follow(this.#child.stderr)]);
  }

  /** Resolves with the first line, on either stream, that matches; rejects when the program ends without. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (const line of this.lines) {
      const match = pattern.exec(line);
      if (match !== null) return match;
    }
    const come = new Promise<RegExpExecArray>((resolve) => {
      this.#waiting.push({ pattern, resolve });
    });
    const ended = this.#read.then(() => {
      throw new Error(`The program ended without saying ${pattern}:\n${this.lines.join("\n")}`);
    });
    return await Promise.race([come, ended]);
  }

  /** Its process. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Whether it has not ended, by a signal or by itself. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Sends a signal, and goes on. */
  signal(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Sends a signal, unless it has ended by itself, and resolves with the exit code. */
  async end(signal: Deno.Signal): Promise<number> {
    if (this.#isRunning) this.#child.kill(signal);
    return await this.ended();
  }

  /** Resolves with the exit code once it has ended, by a signal or by itself. */
  async ended(): Promise<number> {
    const { code } = await this.#child.status;
    await this.#read;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end("SIGKILL");
  }

  async #follow(stream: ReadableStream<Uint8Array>): Promise<void> {
    const lines = stream.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
    for await (const line of lines) {
      this.lines.push(line);
      this.#waiting = this.#waiting.filter(({ pattern, resolve }) => {
        const match = pattern.exec(line);
        if (match !== null) resolve(match);
        return match === null;
      });
    }
  }
}

function command(options: ProgramOptions): Deno.Command {
  const { folder, args = [], env = {}, isNobody } = options;
  const dropped = isNobody && Deno.uid() === 0 ? NOBODY : [];
  const [program = "", ...before] = [...dropped, ...(options.command ?? COMMAND)];
  return new Deno.Command(program, {
    args: [...before, ...args],
    cwd: folder,
    clearEnv: true,
    env: { ...ENVIRONMENT, ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

const NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

/** What Deno itself needs to run from source, and nothing that could be a setting. */
export const ENVIRONMENT: Readonly<Record<string, string>> = Object.fromEntries(
  ["HOME", "PATH", "DENO_DIR", "XDG_CACHE_HOME"].flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }),
);
