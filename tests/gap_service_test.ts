import assert from "node:assert/strict";
import { DAY, HOUR, type Instant, MINUTE, SECOND } from "../lib/clock.ts";
import type { Cadence } from "../lib/gap.ts";
import { START } from "./support/fake_clock.ts";
import { type TestService, testService } from "./support/service.ts";
import { DEFAULTS, SILENCE } from "./support/store.ts";

const CADENCE: Cadence = { lookEvery: SECOND, markEvery: 5 * SECOND };

/** From a success of an app of 25 hours to the deadline. */
const LONG_SILENCE = 25 * HOUR + 10 * MINUTE;

/** Registers an app of 25 hours, and hears it. */
async function beatDaily(service: TestService): Promise<void> {
  await (await service.request("PUT", "/api/apps/backup", { period: "25h", grace: "10m" })).text();
  await service.beat("backup");
}

async function deadline(service: TestService, appId = "backup"): Promise<Instant> {
  return Date.parse((await service.app(appId)).deadline_at);
}

function falls(service: TestService): readonly string[] {
  return service.logged.filter((line) => line.includes("app down"));
}

Deno.test("a service restarted hourly tells a silence of 25 hours exactly, if no gap touched the expected span", async () => {
  await using service = await testService();
  await beatDaily(service);
  service.clock.advance(HOUR / 2);

  for (let hour = 0; hour < 25; hour++) {
    await service.restart({}, { offFor: MINUTE });
    service.clock.advance(HOUR - MINUTE);
  }
  // The last one was off half an hour before it is due, which is earlier than its grace.
  const told = await service.app("backup");
  await service.logs("app down");

  assert.equal(service.gaps().length, 25);
  assert.ok(service.gaps().every(({ moved }) => moved === 0));
  assert.equal(told.status, "down");
  assert.match(falls(service)[0] ?? "", new RegExp(new Date(START + LONG_SILENCE).toISOString()));
});

Deno.test("a gap in the expected span gives a whole silence more, and later ones their own lengths", async () => {
  await using service = await testService();
  await beatDaily(service);
  service.clock.advance(25 * HOUR);

  await service.restart({}, { offFor: MINUTE });
  const end = service.clock.now();
  const moved = await deadline(service);
  service.clock.advance(HOUR);
  await service.restart({}, { offFor: 2 * MINUTE });
  service.clock.advance(HOUR);
  await service.restart({}, { offFor: 3 * MINUTE });
  const movedOn = await deadline(service);
  service.clock.moveTo(movedOn - 1);
  const before = await service.app("backup");
  service.clock.advance(1);
  await service.logs("app down");

  assert.equal(moved, end + LONG_SILENCE);
  assert.equal(movedOn, end + LONG_SILENCE + 5 * MINUTE);
  assert.equal(before.status, "unknown");
});

Deno.test("a nightly reboot when a daily job is due is no false alarm, and a dead job is told on the second night", async () => {
  await using service = await testService();
  const ids = ["alive", "dead"];
  for (const id of ids) {
    await (await service.request("PUT", `/api/apps/${id}`, { period: "1d", grace: "1h" })).text();
    await service.beat(id);
  }
  service.clock.advance(DAY - 2 * MINUTE);

  await service.restart({}, { offFor: 3 * MINUTE }); // both were due in it
  const firstNight = service.clock.now();
  service.clock.advance(2 * HOUR);
  const fellAtFirst = falls(service).length;
  service.clock.advance(DAY - 2 * HOUR - 3 * MINUTE);
  await service.restart({}, { offFor: 3 * MINUTE });
  await service.beat("alive");
  service.clock.advance(2 * HOUR);
  await service.logs("app down");

  assert.equal(fellAtFirst, 0);
  assert.equal(falls(service).length, 1);
  const told = new Date(firstNight + DAY + HOUR + 3 * MINUTE).toISOString();
  assert.match(falls(service)[0] ?? "", new RegExp(`app_id=dead at=${told}`));
});

Deno.test("after a kill the gap begins at the later of the last mark and the last heartbeat", async (t) => {
  const cases = [
    ["the mark", 5 * SECOND, START + 5 * SECOND],
    ["the heartbeat", 4 * SECOND, START + 4 * SECOND],
  ] as const;
  for (const [name, beatAfter, from] of cases) {
    await t.step(name, async () => {
      await using service = await testService({ cadence: CADENCE });
      service.clock.advance(beatAfter);
      await service.beat(23);
      service.clock.moveTo(from + 900);

      await service.crash({ offFor: MINUTE });

      assert.deepEqual(service.gaps(), [
        { from, to: from + 900 + MINUTE, cause: "off", moved: 1 },
      ]);
    });
  }
});

Deno.test("after a clean stop the gap begins where it stopped", async () => {
  await using service = await testService({ cadence: CADENCE });
  await service.beat(23);
  service.clock.advance(7_123);

  await service.restart({}, { offFor: 20 * SECOND });

  const from = START + 7_123;
  assert.deepEqual(service.gaps(), [{ from, to: from + 20 * SECOND, cause: "off", moved: 0 }]);
  assert.equal(await deadline(service, "23"), START + SILENCE);
});

Deno.test("a deadline that passed while it stood still is no alarm before a whole silence more", async () => {
  await using service = await testService({ cadence: CADENCE });
  await service.beat("dead");
  service.clock.advance(SECOND);
  await service.beat("alive");
  service.clock.stall(SILENCE);
  service.clock.advance(1); // only now it notices anything
  await service.logs("gap");

  const unknown = await (await service.request("GET", "/api/apps?status=unknown")).json();
  await service.beat("alive");
  const heard = await (await service.request("GET", "/api/apps?status=unknown")).json();
  service.clock.advance(SILENCE - 1);
  const early = falls(service);
  service.clock.advance(1);
  await service.logs("app down", 2);

  const ids = ({ apps }: { apps: { app_id: string }[] }) => apps.map(({ app_id }) => app_id);
  assert.deepEqual(early, []);
  assert.deepEqual(ids(unknown), ["alive", "dead"]);
  assert.deepEqual(ids(heard), ["dead"]);
  assert.deepEqual(service.gaps().map(({ cause, moved }) => [cause, moved]), [["stalled", 2]]);
});

Deno.test("other settings count from the start on, and the gap by those it was judged by", async () => {
  await using service = await testService({ cadence: CADENCE });
  await service.beat(23);
  service.clock.advance(MINUTE);

  await service.restart({ defaults: { ...DEFAULTS, period: HOUR } }, { offFor: MINUTE });

  const [gap] = service.gaps();
  assert.equal(gap?.moved, 1);
  assert.equal(await deadline(service, "23"), (gap?.to ?? 0) + HOUR + DEFAULTS.grace);
});
