import assert from "node:assert/strict";
import { DAY, HOUR, MINUTE } from "../lib/clock.ts";
import { Pruner } from "../lib/pruning.ts";
import { FakeClock, START } from "./support/fake_clock.ts";
import { testService } from "./support/service.ts";
import { heartbeat, openStore, temporaryFolder } from "./support/store.ts";
import { heartbeatsIn } from "./support/history.ts";

/** Heartbeats so large that each is a row of its own, by the days on which they came. */
function large(...days: readonly number[]): ReturnType<typeof heartbeat>[] {
  return days.map((day) =>
    heartbeat("1", { at: START + day * DAY, kind: "log", message: `${day}`.repeat(2_000) })
  );
}

/** A store and its pruner, which keeps heartbeats for 7 days, on the tenth. */
async function tenthDay(path: string) {
  const store = await openStore({ path });
  const clock = new FakeClock(START + 10 * DAY);
  const retention = { heartbeats: 7 * DAY, flips: 700 * DAY, isImportedPruned: false };
  const pruner = new Pruner({ store, clock, retention });
  await store.record(large(1, 2, 4, 9));
  await store.endListening(START + 10 * DAY);
  const kept = () => heartbeatsIn(path).map(({ at }) => (at - START) / DAY);
  return { clock, pruner, kept, [Symbol.dispose]: () => store[Symbol.dispose]() };
}

Deno.test("what is kept for long enough is pruned, and once an hour what has become so since", async () => {
  using folder = temporaryFolder();
  using it = await tenthDay(`${folder.path}/a.db`);
  const { signal } = new AbortController();

  await it.pruner.prune(signal);
  const first = it.kept();
  it.clock.set(2 * DAY); // the steady clock has not gone on
  it.clock.advance(HOUR - MINUTE);
  await it.pruner.prune(signal);
  const second = it.kept();
  it.clock.advance(MINUTE);
  await it.pruner.prune(signal);

  assert.deepEqual(first, [4, 9]);
  assert.deepEqual(second, first);
  assert.deepEqual(it.kept(), [9]);
});

Deno.test("a service that stops does not wait until all is pruned", async () => {
  using folder = temporaryFolder();
  using it = await tenthDay(`${folder.path}/a.db`);

  await it.pruner.prune(AbortSignal.abort());

  assert.deepEqual(it.kept(), [1, 2, 4, 9]);
});

Deno.test("the service prunes by itself, as its settings say", async () => {
  await using service = await testService({ config: { retainHeartbeats: HOUR } });
  const beat = { kind: "log", message: "x".repeat(4_000) };
  await service.beat(1, beat);
  await service.restart({}, { offFor: 2 * HOUR });
  await service.beat(1, beat);

  // It prunes beside what is asked of it: each answer gives it a turn.
  let heartbeats = [];
  for (let left = 100; left > 0 && heartbeats.length !== 1; left--) {
    const page = await service.request("GET", "/api/apps/1/heartbeats");
    ({ heartbeats } = await page.json());
  }

  assert.equal(heartbeats.length, 1);
});
