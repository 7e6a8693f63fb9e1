/**
 * The clock on the wall is set while the program runs, by `faketime`, and so
 * that the steady clock goes on as it does on a real machine; and the program
 * is stopped for a while, as by a machine that sleeps or has no time for it.
 *
 * @module
 */

import { type Duration, HOUR, SECOND } from "../../lib/clock.ts";
import { temporaryFolder } from "../support/store.ts";
import { pause } from "../support/proof.ts";
import { type FaultRow, type Found, leftOut, meet, type Promises } from "./fault_row.ts";
import { Scene, SILENCE, TO_LETTER } from "./scene.ts";

/** Where Debian's `faketime` puts what it does. */
const LIBRARIES = [
  "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
  "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
];

interface Step {
  readonly fault: string;
  readonly by: Duration;
  /** What the ledger says of it; null where it is no gap. */
  readonly cause: string | null;
}

const STEPS: readonly Step[] = [
  { fault: "clock an hour forward", by: HOUR, cause: "clock" },
  { fault: "clock an hour back", by: -HOUR, cause: null },
];

/** How long the program is stopped: longer than its apps may be silent. */
const STOPPED_FOR: Duration = 2 * SILENCE;

/** And for how long at its shortest: over a deadline, and shorter than clients wait. */
const STALLED_FOR: Duration = 2 * SECOND;

/** A row for each step, and one for each stop. */
export async function clockRows(): Promise<readonly FaultRow[]> {
  const library = LIBRARIES.find((path) => exists(path));
  const steps = STEPS.map((step) => {
    if (library === undefined) return leftOut(step.fault, "no faketime (apt-get install faketime)");
    return meet(step.fault, (promises) => stepped(step, library, promises));
  });
  const stop = `stopped for ${STOPPED_FOR / SECOND} s (SIGSTOP)`;
  const stall = `stalled for ${STALLED_FOR / SECOND} s over a deadline (SIGSTOP)`;
  return await Promise.all([...steps, meet(stop, suspended), meet(stall, stalled)]);
}

async function stepped(
  { by, cause }: Step,
  library: string,
  promises: Promises,
): Promise<Found> {
  using folder = temporaryFolder();
  const offset = `${folder.path}/offset`;
  Deno.writeTextFileSync(offset, "+0");
  await using scene = await Scene.begin({
    settings: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: offset,
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      FAKETIME_NO_CACHE: "1",
    },
  });

  scene.die();
  const steppedAt = Date.now();
  // Never half a file: what is read at each look at the clock is replaced as a whole.
  Deno.writeTextFileSync(`${offset}.next`, `${by < 0 ? "" : "+"}${by / SECOND}`);
  Deno.renameSync(`${offset}.next`, offset);
  await promises.come("the dead app is told", scene.dead(SILENCE + TO_LETTER));
  const toldAfter = Date.now() - steppedAt;
  await pause(SILENCE);

  promises.expect(`all heartbeats stored (${scene.refused} were not)`, scene.refused === 0);
  const outcome = judge(scene, promises, { toldAfter, cause });
  return { outcome, repairedAfter: null };
}

/** What beats meanwhile waits at the kernel's door, and is heard late or never. */
async function suspended(promises: Promises): Promise<Found> {
  await using scene = await Scene.begin();

  scene.die();
  scene.program.process.signal("SIGSTOP");
  await pause(STOPPED_FOR);
  const goesOnAt = Date.now();
  scene.program.process.signal("SIGCONT");
  await promises.come("the dead app is told", scene.dead(SILENCE + TO_LETTER));
  const toldAfter = Date.now() - goesOnAt;
  await pause(SILENCE);

  const outcome = judge(scene, promises, { toldAfter, cause: "stalled" });
  return { outcome, repairedAfter: toldAfter };
}

/** What beats meanwhile is heard afterwards, so that alarms come later by the stall alone. */
async function stalled(promises: Promises): Promise<Found> {
  await using scene = await Scene.begin();

  scene.die();
  // It died within its last second, so its deadline is within the stall.
  await pause(SILENCE - 1.1 * SECOND);
  scene.program.process.signal("SIGSTOP");
  await pause(STALLED_FOR);
  const goesOnAt = Date.now();
  scene.program.process.signal("SIGCONT");
  await promises.come("the dead app is told", scene.dead(STALLED_FOR + TO_LETTER));
  const toldAfter = Date.now() - goesOnAt;
  await pause(SILENCE);

  promises.expect(`all heartbeats stored (${scene.refused} were not)`, scene.refused === 0);
  const moved = (scene.silence() ?? Infinity) - SILENCE;
  const length = scene.gaps().find(({ cause }) => cause === "stalled")?.length ?? 0;
  promises.expect(
    `its deadline moved by ${moved} ms, as long as the gap (${length})`,
    moved === length,
  );
  const outcome = judge(scene, promises, { toldAfter, cause: "stalled" });
  return { outcome, repairedAfter: toldAfter };
}

/** What came of it, and whether that is as promised. */
function judge(
  scene: Scene,
  promises: Promises,
  { toldAfter, cause }: { readonly toldAfter: Duration; readonly cause: string | null },
): string {
  const falls = scene.falseAlarms();
  promises.expect(`no false alarm (${falls.length})`, falls.length === 0);
  const gaps = scene.gaps().map((gap) => gap.cause);
  promises.expect(`in the ledger: ${cause}`, cause === null || gaps.includes(cause));
  return `dead app told after ${(toldAfter / SECOND).toFixed(1)} s, ` +
    `false alarms ${falls.length}, gaps: ${gaps.join(", ") || "none"}`;
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
