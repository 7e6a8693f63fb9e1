/**
 * Simulates the service for many days, and says whether it kept its promises.
 *
 *   deno task simulate --seed 1 --days 100 --jobs 2
 */

import { parseArgs } from "node:util";
import { DAY } from "../../lib/clock.ts";
import { carryOut } from "./crew.ts";
import type { Account, Broken } from "./episode.ts";
import { print } from "./print.ts";
import { accountText, brokenText, sum } from "./summary.ts";

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: "string", default: "1" },
      days: { type: "string", default: "100" },
      jobs: { type: "string", default: "1" },
    },
  });
  const order = {
    seed: Number(values.seed),
    span: Number(values.days) * DAY,
    jobs: Number(values.jobs),
  };
  const accounts: Account[] = [];
  const broken: Broken[] = [];
  await carryOut(order, (result) => {
    if (result.isKept) accounts.push(result.account);
    else broken.push(result.broken);
  });
  print(accountText(sum(accounts)));
  for (const each of broken) print(`\n${brokenText(each)}`);
  const counts = ["lost", "false", "late", "doubled", "broken"].map((kind) =>
    `${kind} ${broken.filter((each) => each.kind === kind).length}`
  );
  print(`\n${counts.join(", ")}`);
  return broken.length === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
