/**
 * Measures the service beside what it can be compared to, and says which of
 * its figures are reached.
 *
 *     deno task bench [--quick] [--only ingest]
 *
 * Ratios within one run matter, on a machine that does nothing else; absolute
 * figures are the machine's. With `STILLALIVE_EXECUTABLE` the floors are run by
 * the Deno that runs this: it should be the one that compiled the executable.
 */

import { parseArgs } from "node:util";
import { say } from "../support/proof.ts";
import { benchGrowth } from "./growth.ts";
import { benchIngest } from "./ingest.ts";
import { benchLarge } from "./large.ts";
import { Results } from "./results.ts";
import { benchPages } from "./pages.ts";
import { benchSpike } from "./spike.ts";
import { benchStart } from "./start.ts";

const SECTIONS: Readonly<Record<string, (results: Results) => Promise<void>>> = {
  start: benchStart,
  ingest: benchIngest,
  spike: benchSpike,
  large: benchLarge,
  pages: benchPages,
  growth: benchGrowth,
};

async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: "boolean", default: false }, only: { type: "string", default: "" } },
  });
  const chosen = values.only === "" ? Object.keys(SECTIONS) : values.only.split(",");
  say(machine());
  const results = new Results({ isQuick: values.quick });
  for (const name of chosen) {
    const section = SECTIONS[name];
    if (section === undefined) throw new Error(`Cannot find benchmark "${name}"`);
    say(`\n${name}`);
    await section(results);
  }
  results.conclude();
}

/** What it is measured on. */
function machine(): string {
  const info = Deno.readTextFileSync("/proc/cpuinfo");
  const model = /^model name\s*: (.*)$/m.exec(info)?.[1] ?? Deno.build.arch;
  const memory = Math.round(Deno.systemMemoryInfo().total / 2 ** 30);
  return `${navigator.hardwareConcurrency} × ${model}, ${memory} GiB, Linux ${Deno.osRelease()}, ` +
    `Deno ${Deno.version.deno}`;
}

if (import.meta.main) await main(Deno.args);
