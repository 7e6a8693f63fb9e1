/**
 * The fault matrix: everything that can break around the program, broken and
 * repaired.
 *
 *     deno run -A tests/prove/faults.ts [--quick]
 *
 * Prints a row for each fault: what became of it, and how long it took after
 * the repair until what was owed was told.
 */

import { readExtent, say, table } from "../support/proof.ts";
import { clockRows } from "./clock_rows.ts";
import { doorRows } from "./door_rows.ts";
import { fatalRows } from "./fatal_rows.ts";
import { cells } from "./fault_row.ts";
import { fileRows } from "./file_rows.ts";
import { logRows } from "./log_rows.ts";
import { MAIL_FAULTS } from "./mail_faults.ts";
import { mailRows } from "./mail_rows.ts";
import { slowRows } from "./slow_rows.ts";
import { strangerRows } from "./stranger_rows.ts";

const { isQuick } = readExtent({ full: 1, quick: 1 });
Deno.exit(await faults());

async function faults(): Promise<number> {
  const mailFaults = MAIL_FAULTS.filter(({ isExample }) => isExample || !isQuick);
  // Each row has programs of its own, which mostly wait; those that are to be busy come last.
  const idle = await Promise.all([
    mailRows(mailFaults),
    slowRows(isQuick),
    fatalRows(),
    logRows(),
    clockRows(),
    doorRows(),
  ]);
  const found = [...idle.flat(), ...await fileRows(isQuick), ...await strangerRows()];
  say(table([["fault", "outcome", "well again after", "promise"], ...found.map(cells)]));
  const broken = found.filter((row) => row.broken.length > 0).length;
  const leftOut = found.filter(({ outcome }) => outcome.startsWith("left out")).length;
  say(`\n${found.length} faults, ${leftOut} of them left out, ${broken} not as promised`);
  return broken === 0 ? 0 : 1;
}
