/**
 * Breaks one rule after the other in a copy of the source, and lets the
 * simulation find it.
 *
 *   deno run -A tests/simulation/mutate.ts --days 400 --jobs 2 --only "digest"
 */

import { parseArgs } from "node:util";
import { DOUBTING } from "./doubt_mutations.ts";
import { LISTENING } from "./listening_mutations.ts";
import { LOGGING } from "./log_mutations.ts";
import { MAILING } from "./mailing_mutations.ts";
import type { Edit, Mutation } from "./mutation.ts";
import { print } from "./print.ts";
import { REACHING } from "./reaching_mutations.ts";
import { SPEAKING } from "./speech_mutations.ts";
import { STORING } from "./storing_mutations.ts";

/** All of them. */
export const MUTATIONS: readonly Mutation[] = [
  ...STORING,
  ...MAILING,
  ...LISTENING,
  ...REACHING,
  ...LOGGING,
  ...DOUBTING,
  ...SPEAKING,
];

const ROOT = new URL("../../", import.meta.url);

/** What a simulation needs of the tree. */
const NEEDED: readonly string[] = [
  "lib",
  "tests/simulation",
  "tests/support",
  "engine.ts",
  "mailing.ts",
  "ownership.ts",
  "pages.ts",
  "worker.ts",
  "deno.json",
  "deno.lock",
];

/** What became of a mutation. */
interface Verdict {
  readonly isCaught: boolean;
  readonly how: string;
}

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: "string", default: "1" },
      days: { type: "string", default: "400" },
      jobs: { type: "string", default: "1" },
      only: { type: "string", default: "" },
    },
  });
  const { seed, days, jobs, only } = values;
  const options = ["--seed", seed, "--days", days, "--jobs", jobs];
  let survivors = 0;
  for (const mutation of MUTATIONS.filter(({ name }) => name.includes(only))) {
    const { isCaught, how } = await judge(mutation, options);
    if (!isCaught) survivors++;
    print(`${isCaught ? "caught  " : "SURVIVED"}  rule ${mutation.rule}: ${mutation.name}`);
    print(`          ${how}`);
  }
  print(`\n${survivors} survived`);
  return survivors === 0 ? 0 : 1;
}

async function judge(mutation: Mutation, options: readonly string[]): Promise<Verdict> {
  const folder = Deno.makeTempDirSync({ prefix: "stillalive-mutation-" });
  try {
    for (const path of NEEDED) copy(path, folder);
    mutate(mutation, folder);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--no-check", "-A", "tests/simulation/simulate.ts", ...options],
      cwd: folder,
    }).output();
    return verdict(code, new TextDecoder().decode(stdout), new TextDecoder().decode(stderr));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** A mutant that does not even run proves nothing. */
function verdict(code: number, stdout: string, stderr: string): Verdict {
  if (code === 0) return { isCaught: false, how: "nothing was found" };
  const found = /^(lost|false|late|doubled|broken): (.*)\non day ([\d.]+) of seed (\d+)/m.exec(
    stdout,
  );
  if (found === null) return { isCaught: false, how: `it does not run: ${stderr.slice(0, 500)}` };
  const [, kind, message, day, seed] = found;
  return { isCaught: true, how: `seed ${seed}, day ${day}: ${kind}: ${message}` };
}

function mutate(mutation: Mutation, folder: string): void {
  for (const edit of editsOf(mutation)) {
    const path = `${folder}/${edit.file}`;
    Deno.writeTextFileSync(path, mutated(Deno.readTextFileSync(path), edit));
  }
}

/** All changes that make a mutation. */
export function editsOf(mutation: Mutation): readonly Edit[] {
  return [mutation, ...mutation.also ?? []];
}

/** A source with the change in it; throws if it does not hold the text just once. */
export function mutated(source: string, { file, from, to }: Edit): string {
  const [before, after, ...more] = source.split(from);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`Cannot mutate "${file}": it does not hold the text just once: ${from}`);
  }
  return before + to + after;
}

/** Copies a file, or a folder with all that is in it. */
function copy(path: string, folder: string): void {
  const from = new URL(path, ROOT);
  if (!Deno.statSync(from).isDirectory) {
    Deno.copyFileSync(from, `${folder}/${path}`);
    return;
  }
  Deno.mkdirSync(`${folder}/${path}`, { recursive: true });
  for (const { name } of Deno.readDirSync(from)) copy(`${path}/${name}`, folder);
}

if (import.meta.main) Deno.exit(await main(Deno.args));
