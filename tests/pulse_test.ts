import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { type Duration, HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import { Distress } from "../lib/distress.ts";
import { makeLog } from "../lib/log.ts";
import { drained } from "../lib/loop.ts";
import { Pulse } from "../lib/pulse.ts";
import type { SqliteStore } from "../lib/sqlite/store.ts";
import type { FileLoss } from "../lib/store.ts";
import { FakeClock, START } from "./support/fake_clock.ts";
import {
  beginTry,
  heartbeat,
  openStore,
  plainLetter,
  SILENCE,
  temporaryFolder,
} from "./support/store.ts";

const LOOK = SECOND / 4;
const CADENCE = { lookEvery: LOOK, markEvery: 5 * SECOND };

/** A pulse over a real store, and the watchdog that it asks. */
interface Patient extends AsyncDisposable {
  readonly store: SqliteStore;
  readonly path: string;
  readonly logged: readonly string[];
  readonly losses: readonly FileLoss[];
  /** How often it beat, and wrote something. */
  readonly beats: { total: number; marks: number };
  /** How often the watchdog was asked. */
  asked(): number;
  /** What the watchdog is to answer from now on; null for well. */
  answer(reason: string | null): void;
  /** Has the next look at the door find it shut. */
  shutDoor(): void;
  /** Lets time go by, look by look, each of them to its end. */
  pass(duration: Duration): Promise<void>;
}

async function patient(): Promise<Patient> {
  const folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const clock = new FakeClock();
  const store = await openStore({ path, clock, cadence: CADENCE });
  const logged: string[] = [];
  const write = (line: string) => void logged.push(line.slice(31));
  const log = makeLog({ level: "info", format: "text", clock, write });
  const { signal } = new AbortController();
  const losses: FileLoss[] = [];
  const beats = { total: 0, marks: 0 };
  const door = { isShut: false };
  let asked = 0;
  let reason: string | null = null;
  const pulse = new Pulse({
    timing: { mailInterval: MINUTE },
    store,
    clock,
    log,
    signal,
    cadence: CADENCE,
    doorkeeper: {
      tend: () => Promise.resolve(false),
      look: () => {
        if (door.isShut) store.unreached();
        return Promise.resolve();
      },
    },
    distress: new Distress({
      mailer: null,
      addresses: [],
      clock,
      log,
      write: () => ({ subject: "", text: "", html: "" }),
      messageId: () => "<1@example.org>",
      signal,
    }),
    askWatchdog: () => {
      asked++;
      return Promise.resolve(reason);
    },
    onLost: (loss) => void losses.push(loss),
    onBeat: () => void beats.total++,
    onMark: () => {
      beats.marks++;
      return Promise.resolve();
    },
  });
  pulse.start();

  return {
    store,
    path,
    logged,
    losses,
    beats,
    asked: () => asked,
    answer: (given) => reason = given,
    shutDoor: () => void (door.isShut = true),
    async pass(duration) {
      for (let passed = 0; passed < duration; passed += LOOK) {
        clock.advance(LOOK);
        await drained();
      }
    },
    async [Symbol.asyncDispose]() {
      await pulse.close();
      store[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}

Deno.test("the watchdog is asked at the first look and then every minute, while all is well", async () => {
  await using of = await patient();

  await of.pass(LOOK);
  const first = of.asked();
  await of.pass(MINUTE - LOOK);
  const before = of.asked();
  await of.pass(10 * MINUTE);

  assert.deepEqual([first, before, of.asked()], [1, 1, 11]);
});

Deno.test("the watchdog is not asked while something is not well, and asked again after that", async (t) => {
  const troubles: readonly {
    readonly name: string;
    readonly begin: (of: Patient) => Promise<unknown>;
    /** How long it may last before somebody should look. */
    readonly patience: Duration;
    readonly end: (of: Patient) => Promise<unknown>;
  }[] = [
    {
      name: "a deadline that nobody sweeps",
      begin: ({ store }) => store.record([heartbeat("23", { at: START - SILENCE })]),
      patience: MINUTE,
      end: ({ store }) => store.takeDown(START, 1),
    },
    {
      name: "news that is not mailed",
      begin: ({ store }) => store.record([heartbeat("23", { kind: "fail" })]),
      patience: 15 * MINUTE,
      end: async ({ store }) => {
        const attempt = await beginTry(store, { write: plainLetter });
        assert.ok(attempt);
        await store.settle(attempt, { outcome: "sent", reply: "250" }, START);
      },
    },
  ];
  for (const { name, begin, patience, end } of troubles) {
    await t.step(name, async () => {
      await using of = await patient();
      await begin(of);

      await of.pass(patience);
      const patiently = of.asked();
      await of.pass(10 * MINUTE);
      const meanwhile = of.asked() - patiently;
      await end(of);
      await of.pass(MINUTE);

      assert.deepEqual([patiently, meanwhile], [patience / MINUTE, 0]);
      assert.equal(of.asked() - patiently - meanwhile, 1);
    });
  }

  await t.step("heartbeats that cannot be stored", async () => {
    await using of = await patient();
    using foreign = new DatabaseSync(of.path);
    foreign.exec("BEGIN IMMEDIATE");

    await of.pass(10 * SECOND); // by then it was noticed
    const before = of.asked();
    await of.pass(2 * MINUTE);
    const meanwhile = of.asked() - before;
    foreign.exec("ROLLBACK");
    await of.pass(2 * MINUTE);

    assert.equal(meanwhile, 0);
    assert.ok(of.asked() > before);
  });
});

Deno.test("the watchdog is not asked while nobody can connect, though it shut just then", async () => {
  await using of = await patient();
  await of.pass(MINUTE - LOOK);
  const before = of.asked();
  of.shutDoor();

  await of.pass(3 * MINUTE);

  assert.deepEqual([before, of.asked()], [1, 1]);
});

Deno.test("a watchdog that does not answer is a line in the log once an hour, and nothing else", async () => {
  await using of = await patient();
  of.answer("answered 500");

  await of.pass(HOUR);
  const first = [...of.logged];
  await of.pass(MINUTE);

  assert.deepEqual(first, ['watchdog does not answer reason="answered 500"']);
  assert.deepEqual(of.logged.slice(1), [
    'watchdog does not answer reason="answered 500" left_out=59',
  ]);
  assert.equal(of.asked(), 62 - 1);
});

Deno.test("the pulse beats on and marks that we listen, whatever it finds", async () => {
  await using of = await patient();

  await of.pass(MINUTE);

  assert.deepEqual(of.beats, { total: 240, marks: 12 });
  assert.deepEqual([of.losses, of.logged], [[], []]);
});

Deno.test("a database whose file is gone is told once", async () => {
  await using of = await patient();
  Deno.removeSync(of.path);

  await of.pass(2 * MINUTE);

  assert.deepEqual(of.losses, [{ database: of.path, what: "deleted" }]);
  assert.ok(of.asked() <= 1);
});
