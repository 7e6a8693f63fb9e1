/** What the program's own look at a database finds. */

import { openBeside } from "../../lib/sqlite/database.ts";
import { type Finding, type Verdict, verify } from "../../lib/sqlite/verify.ts";

/** All that is looked at. */
export function verdictOn(path: string): Verdict {
  using beside = openBeside(path);
  return verify(beside);
}

/** What is not as it should be. */
export function wrongIn(path: string): readonly Finding[] {
  return verdictOn(path).findings.filter(({ faults }) => faults.length > 0);
}
