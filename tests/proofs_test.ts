import assert from "node:assert/strict";
import { DAY, HOUR, MINUTE, SECOND, WEEK } from "../lib/clock.ts";
import { NO_SETTINGS } from "../lib/registry.ts";
import { BareService, USUAL } from "./support/bare_service.ts";
import { START } from "./support/fake_clock.ts";
import { ADMIN } from "./support/store.ts";

const OTHER = "other@example.org";

const WEEKLY = { ...USUAL.timing, mailProof: WEEK };

/** A proof as tests read it; `since` is counted from the start. */
function proof(
  { apps = 0, down = 0, unknown = 0, others = "", incidents = 0, since = 0 } = {},
): string {
  return `proof of ${apps} apps, down ${down}, unknown ${unknown}, ${others}` +
    `incidents ${incidents} since ${START + since}`;
}

/** Adds an app that stays well. */
async function addWell(service: BareService, app: string): Promise<void> {
  await service.store.register(app, { ...NO_SETTINGS, period: 365 * DAY }, service.now);
  await service.beat(app);
}

Deno.test("the first proof comes a whole span after the first start, the next a span after it was taken", async () => {
  await using service = await BareService.start({ timing: WEEKLY });

  await service.pass(WEEK - 1);
  const before = service.news();
  await service.pass(1);
  const first = service.news();
  service.fate = "deferred";
  await service.pass(WEEK);
  service.fate = "sent";
  await service.pass(15 * SECOND);
  await service.pass(WEEK);

  const late = 2 * WEEK + 15 * SECOND;
  assert.deepEqual([before, first], [[], [[WEEK, proof()]]]);
  assert.deepEqual(service.news(), [
    [late, proof({ since: WEEK })],
    [late + WEEK, proof({ since: late })],
  ]);
});

Deno.test("a proof counts the apps that are judged, and the incidents since the one before", async () => {
  await using service = await BareService.start({ timing: WEEKLY });
  for (const app of ["well", "down", "back", "paused", "gone"]) await addWell(service, app);
  for (const app of ["down", "back", "gone"]) await service.beat(app, "fail");
  await service.beat("back");
  await service.store.pause("paused", service.now);
  await service.store.forget("gone", service.now);
  await service.pass(WEEK);
  await service.beat("well", "fail");
  await service.pass(WEEK);

  const proofs = service.news().filter(([, text]) => text.startsWith("proof"));
  assert.deepEqual(proofs, [
    [WEEK, proof({ apps: 3, down: 1, incidents: 2 })],
    [2 * WEEK, proof({ apps: 3, down: 2, incidents: 1, since: WEEK })],
  ]);
});

Deno.test("the clock of proofs goes on over restarts, and one that was missed comes at the next start", async () => {
  await using service = await BareService.start({ timing: WEEKLY });
  await service.pass(DAY);
  await service.restart({ off: DAY });
  await service.pass(WEEK - 2 * DAY);
  const first = service.news();

  await service.crash({ off: WEEK + HOUR });
  await service.pass(WEEK);

  assert.deepEqual(first, [[WEEK, proof()]]);
  assert.deepEqual(service.news(), [
    [2 * WEEK + HOUR, proof({ since: WEEK })],
    [3 * WEEK + HOUR, proof({ since: 2 * WEEK + HOUR })],
  ]);
});

Deno.test("a new address has a clock of its own, and its first proof tells what happened since", async () => {
  await using service = await BareService.start({ timing: WEEKLY });
  await addWell(service, "23");
  await service.beat("23", "fail");
  await service.beat("23");
  await service.pass(DAY);
  await service.restart({ addresses: [ADMIN, OTHER] });
  await service.pass(WEEK);

  const toOther = service.letters.filter(({ to }) => to === OTHER);
  assert.deepEqual(toOther.map(({ at, text }) => [at, text]), [
    [DAY + WEEK, proof({ apps: 1, since: DAY })],
  ]);
});

Deno.test("an app that was due while we were deaf counts as unknown until it is heard", async () => {
  await using service = await BareService.start({ timing: WEEKLY });
  await service.store.register("23", { ...NO_SETTINGS, period: 6 * DAY, grace: DAY }, START);
  await service.beat("23");
  await service.restart({ off: 5 * DAY + MINUTE });
  await service.pass(2 * DAY);

  const proofs = service.news().filter(([, text]) => text.startsWith("proof"));
  assert.deepEqual(proofs, [[WEEK, proof({ apps: 1, unknown: 1 })]]);
});

Deno.test("an app that was never heard is not counted as well, nor one that is late without a word", async () => {
  await using service = await BareService.start({ timing: WEEKLY });
  await addWell(service, "well");
  const late = { ...NO_SETTINGS, period: 6 * DAY, grace: 30 * DAY };
  await service.store.register("late", late, service.now);
  await service.beat("late");
  await service.store.register("new", NO_SETTINGS, service.now);
  await service.pass(WEEK);

  const proofs = service.news().filter(([, text]) => text.startsWith("proof"));
  assert.deepEqual(proofs, [[WEEK, proof({ apps: 2, others: "late 1, new 1, " })]]);
});

Deno.test("with proofs never, none come", async () => {
  await using service = await BareService.start();

  await service.pass(60 * WEEK);

  assert.deepEqual(service.news(), []);
});

Deno.test("a proof neither waits for the mail interval nor starts it", async () => {
  const timing = { ...WEEKLY, mailInterval: HOUR };
  await using service = await BareService.start({ timing });
  await service.pass(WEEK - 10 * SECOND);
  await service.beat("a", "fail");
  await service.pass(10 * SECOND);
  await service.pass(HOUR);
  await service.beat("b", "fail");
  await service.pass(3 * SECOND);

  assert.deepEqual(service.news().map(([at, text]) => [at - WEEK, text.split(" ")[0]]), [
    [-7 * SECOND, "down"],
    [0, "proof"],
    [HOUR + 3 * SECOND, "down"],
  ]);
});
