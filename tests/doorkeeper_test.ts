import assert from "node:assert/strict";
import { Arrivals } from "../lib/arrivals.ts";
import { DatabaseSync } from "node:sqlite";
import { DAY, type Duration, MINUTE, SECOND } from "../lib/clock.ts";
import type { Passage } from "../lib/door.ts";
import { Doorkeeper, type DoorLoss, type Hinges } from "../lib/doorkeeper.ts";
import { makeLog } from "../lib/log.ts";
import type { SqliteStore } from "../lib/sqlite/store.ts";
import { Watch } from "../lib/watch.ts";
import { FakeClock, START } from "./support/fake_clock.ts";
import { heartbeat, openStore, plainLetter, SILENCE, temporaryFolder } from "./support/store.ts";

const CADENCE = { lookEvery: SECOND, markEvery: 5 * SECOND };

/** How long a quiet moment is waited for. */
const WAIT: Duration = SECOND / 2;

const OPEN: Passage = { kind: "open" };
const SHUT: Passage = { kind: "shut", reason: "Connection refused" };
const UNANSWERED: Passage = { kind: "unanswered", reason: "not let in for 2 s" };

/** A doorkeeper over a real store, and a door that does as a test says. */
interface House extends Disposable {
  readonly clock: FakeClock;
  readonly store: SqliteStore;
  readonly doorkeeper: Doorkeeper;
  readonly watch: Watch;
  readonly logged: readonly string[];
  readonly losses: readonly DoorLoss[];
  /** What was done to the door, in order. */
  readonly done: readonly string[];
  /** What the next looks find, and how many descriptors there are. */
  find(passage: Passage, room?: number): void;
  /** Whether it opens when it is asked to. */
  opens(isOpening: boolean): void;
  /** Whether there is a moment in which nobody is being answered. */
  calms(isQuiet: boolean): void;
  /** Lets time go by, a second at a time, and tends the door at each. */
  pass(duration: Duration): Promise<void>;
  /** Since START: from, to, cause and how many deadlines it moved. */
  gaps(): readonly unknown[];
}

async function house(): Promise<House> {
  const folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const clock = new FakeClock();
  const store = await openStore({ path, clock, cadence: CADENCE });
  const logged: string[] = [];
  const write = (line: string) => void logged.push(line.slice(24));
  const log = makeLog({ level: "info", format: "text", clock, write });
  const losses: DoorLoss[] = [];
  const done: string[] = [];
  let passage: Passage = OPEN;
  let room = 2_000;
  let isOpening = true;
  let isQuiet = true;
  const note = (what: string) => {
    done.push(what);
    return Promise.resolve();
  };
  const hinges: Hinges = {
    look: (most) => Promise.resolve({ passage, room: Math.min(room, most) }),
    measure: (most) => Math.min(room, most),
    spare: (thrift) => void (thrift !== "nothing" && note(`spare ${thrift}`)),
    letGo: async (isUrgent) => {
      await note(`let go${isUrgent ? ", urgently" : ""}`);
      if (isQuiet) return "all left";
      // It is waited for meanwhile.
      clock.advance(WAIT);
      return isUrgent ? "some cut off" : "nobody left";
    },
    open: (how) => {
      if (isOpening) passage = OPEN;
      return note(how);
    },
  };
  const onLost = (loss: DoorLoss) => void losses.push(loss);
  const doorkeeper = new Doorkeeper({ hinges, store, clock, log, onLost });
  const watch = new Watch({
    ...{ store, clock, log },
    arrivals: new Arrivals(),
    mailer: null,
    timing: { digestWindow: SECOND, mailInterval: MINUTE, remindEvery: null, mailProof: null },
    write: plainLetter,
    messageId: () => "<1@example.org>",
    signal: new AbortController().signal,
  });
  watch.judgeIf(() => doorkeeper.isSure());
  await store.beginListening();
  await doorkeeper.look();

  return {
    ...{ clock, store, doorkeeper, watch, logged, losses, done },
    find(found, left = 2_000) {
      passage = found;
      room = left;
    },
    opens: (given) => isOpening = given,
    calms: (given) => isQuiet = given,
    async pass(duration) {
      for (let passed = 0; passed < duration; passed += SECOND) {
        clock.advance(SECOND);
        await store.listen();
        await doorkeeper.tend();
      }
    },
    gaps() {
      using db = new DatabaseSync(path, { readOnly: true });
      const rows = db.prepare("SELECT began_at, ended_at, cause, moved FROM gaps ORDER BY id")
        .all();
      return rows.map(({ began_at, ended_at, cause, moved }) => [
        Number(began_at) - START,
        Number(ended_at) - START,
        cause,
        moved,
      ]);
    },
    [Symbol.dispose]() {
      store[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}

function told(of: House, event: string): number {
  return of.logged.filter((line) => line.slice(7).startsWith(event)).length;
}

Deno.test("a door found shut is a gap from when it was last known open, and opened at once", async () => {
  using of = await house();
  await of.store.record([heartbeat("23", { at: START })]);
  await of.pass(10 * SECOND);
  of.find(SHUT, 0);

  await of.pass(SECOND);

  const { shutSince } = await of.store.health();
  assert.deepEqual(of.gaps(), [[10 * SECOND, 11 * SECOND, "unreachable", 0]]);
  assert.deepEqual(of.done.filter((each) => !each.startsWith("spare")), ["reopen"]);
  assert.equal(shutSince, null);
  assert.deepEqual([told(of, "door shut"), told(of, "door open again")], [1, 1]);
});

Deno.test("nobody is taken down by silence that runs through a shut door, however long it lasts", async () => {
  using of = await house();
  await of.store.record([heartbeat("23", { at: START })]);
  await of.pass(SILENCE - 5 * SECOND);
  of.opens(false);
  of.find(SHUT);

  await of.pass(10 * SECOND);
  const down = await of.watch.sweep();
  const deadline = (await of.store.nextDeadline() ?? 0) - START;

  assert.equal(down, 0);
  const now = SILENCE + 5 * SECOND;
  assert.deepEqual(of.gaps(), [[SILENCE - 5 * SECOND, now, "unreachable", 1]]);
  assert.equal(deadline, now + SILENCE);
});

Deno.test("a sweep finds out that the door has shut since the look before, and takes nobody down", async () => {
  using of = await house();
  await of.store.record([heartbeat("23", { at: START })]);
  await of.pass(SILENCE - SECOND);
  of.find(SHUT);

  of.clock.advance(SECOND);
  const down = await of.watch.sweep();

  assert.equal(down, 0);
  assert.deepEqual(of.gaps(), [[SILENCE - SECOND, SILENCE, "unreachable", 1]]);
});

Deno.test("who fell silent before the door shut is told all the same", async () => {
  using of = await house();
  await of.store.record([heartbeat("23", { at: START })]);
  of.opens(false);
  // The look is at the deadline; nobody has swept yet.
  await of.pass(SILENCE);
  of.find(SHUT);

  await of.pass(2 * SECOND);
  const down = await of.watch.sweep();

  assert.equal(down, 1);
});

Deno.test("a shut door is one gap, however much is written meanwhile", async () => {
  using of = await house();
  await of.store.record([heartbeat("fresh", { at: START })]);
  await of.pass(SILENCE - 5 * SECOND);
  of.opens(false);
  of.find(SHUT);

  for (let passed = 0; passed < 8; passed++) {
    await of.pass(SECOND);
    // Who has a connection from before is heard all the while.
    await of.store.record([heartbeat("connected", { at: of.clock.now() })]);
  }
  of.opens(true);
  await of.pass(SECOND);
  await of.store.record([heartbeat("connected", { at: of.clock.now() })]);

  const from = SILENCE - 5 * SECOND;
  assert.deepEqual(of.gaps(), [[from, from + 9 * SECOND, "unreachable", 1]]);
  const { gaps } = await of.store.figures();
  assert.deepEqual(gaps, [{ cause: "unreachable", count: 1, deaf: 9 * SECOND }]);
});

Deno.test("while the door is shut health says so, and no longer", async () => {
  using of = await house();
  await of.pass(3 * SECOND);
  of.opens(false);
  of.find(SHUT);
  await of.pass(2 * SECOND);

  const shut = await of.store.health();
  const deaf = (await of.store.figures()).deafSince;
  of.opens(true);
  await of.pass(SECOND);
  const open = await of.store.health();

  assert.deepEqual([shut.shutSince, open.shutSince], [START + 3 * SECOND, null]);
  assert.notEqual(deaf, null);
  assert.equal((await of.store.figures()).deafSince, null);
});

Deno.test("a door that cannot be opened for 15 s is told of once, with why", async () => {
  using of = await house();
  of.opens(false);
  of.find(SHUT);

  await of.pass(15 * SECOND);
  const early = of.losses.length;
  await of.pass(5 * SECOND);

  assert.equal(early, 0);
  assert.deepEqual(of.losses, [{ since: START, reason: "Connection refused" }]);
  assert.equal(told(of, "door shut"), 1);
});

Deno.test("while it is in doubt whether the door is open nobody is taken down, and then who was silent", async () => {
  using of = await house();
  await of.store.record([heartbeat("23", { at: START })]);
  await of.pass(SILENCE - SECOND);
  of.find(UNANSWERED);
  of.clock.advance(SECOND);

  const doubted = await of.watch.sweep();
  of.find(OPEN);
  const sure = await of.watch.sweep();

  assert.deepEqual([doubted, sure], [0, 1]);
  assert.deepEqual(of.gaps(), []);
});

Deno.test("a door that shuts as soon as it is opened is one gap, till it was seen open in between", async () => {
  using of = await house();
  await of.pass(SECOND);
  of.find(SHUT);
  of.clock.advance(SECOND);
  await of.doorkeeper.look();
  of.clock.advance(SECOND / 2);
  of.find(SHUT);
  await of.doorkeeper.look();
  of.clock.advance(SECOND / 2);
  await of.doorkeeper.look();
  of.clock.advance(SECOND / 2);
  of.find(SHUT);
  await of.doorkeeper.look();

  assert.deepEqual(of.gaps(), [
    [SECOND, 2.5 * SECOND, "unreachable", 0],
    [3 * SECOND, 3.5 * SECOND, "unreachable", 0],
  ]);
});

Deno.test("a crowd at the door is told to go, then let go, and the log says so once a minute", async () => {
  using of = await house();
  await of.pass(2 * SECOND);
  of.find(OPEN, 100);
  await of.pass(SECOND);
  const scarce = [...of.done];
  of.find(OPEN, 3);

  await of.pass(20 * SECOND);

  assert.deepEqual(scarce, ["spare streams"]);
  assert.equal(of.done.filter((each) => each === "let go, urgently").length, 4);
  assert.equal(told(of, "connections let go"), 1);
});

Deno.test("a start with few descriptors says so, and how to have more; one with enough does not", async () => {
  using few = await house();
  few.find(OPEN, 980);
  using many = await house();

  await few.pass(SECOND);
  await many.pass(SECOND);

  assert.equal(told(few, "few descriptors connections=980"), 1);
  assert.match(few.logged.join("\n"), /LimitNOFILE=.*--ulimit nofile=/);
  assert.equal(told(many, "few descriptors"), 0);
});

Deno.test("a door that cannot be seen from here is no gap, and said once", async () => {
  const { hinges, store, clock, log, logged } = await blind();
  const doorkeeper = new Doorkeeper({ hinges, store, clock, log, onLost: () => assert.fail() });

  for (let looks = 0; looks < 30; looks++) {
    clock.advance(SECOND);
    await doorkeeper.tend();
  }

  assert.equal((await store.health()).shutSince, null);
  assert.equal(logged.filter((line) => line.includes("door cannot be looked at")).length, 1);
  store[Symbol.dispose]();
});

Deno.test("room for a letter is made where there is none, and only then", async () => {
  using of = await house();
  await of.pass(2 * SECOND);

  const ample = await of.doorkeeper.makeRoom();
  of.find(SHUT, 0);
  const none = await of.doorkeeper.makeRoom();

  assert.deepEqual([ample, none], [false, true]);
  assert.ok(of.done.includes("reopen"));
});

Deno.test("a stop looks once more: what it finds shut is a gap up to the stop", async () => {
  using of = await house();
  await of.pass(SECOND);
  of.find(SHUT);
  of.clock.advance(SECOND);

  await of.doorkeeper.close();
  await of.store.endListening(of.clock.now());

  assert.deepEqual(of.gaps(), [[SECOND, 2 * SECOND, "unreachable", 0]]);
  assert.deepEqual(of.done, []);
});

/** Whoever keeps us from connecting to ourselves does so from the start on. */
async function blind() {
  const clock = new FakeClock();
  const store = await openStore({ clock, cadence: CADENCE });
  await store.beginListening();
  const logged: string[] = [];
  const log = makeLog({
    level: "info",
    format: "text",
    clock,
    write: (line) => void logged.push(line),
  });
  const hinges: Hinges = {
    look: (room) => Promise.resolve({ passage: UNANSWERED, room }),
    measure: (most) => most,
    spare: () => {},
    letGo: () => assert.fail("nobody is to be let go"),
    open: () => assert.fail("nothing is to be opened"),
  };
  return { clock, store, log, logged, hinges };
}

Deno.test("who hangs about is let go at the first quiet moment after a day, looked for every ten minutes", async () => {
  using of = await house();
  await of.doorkeeper.tend();
  of.calms(false);
  const look = async (wait: Duration) => {
    of.clock.advance(wait);
    await of.doorkeeper.look();
  };

  await look(DAY);
  await look(10 * MINUTE - 1);
  const inVain = [...of.done];
  of.calms(true);
  await look(1);
  await look(10 * MINUTE);

  // It is soon tried again: who beats often is not to be there by then.
  assert.deepEqual(inVain, ["let go", "spare answers"]);
  assert.deepEqual(of.done, ["let go", "spare answers", "let go"]);
});

Deno.test("who was sending when room had to be made counts as not heard", async () => {
  using of = await house();
  await of.pass(10 * SECOND);
  of.calms(false);
  of.find(OPEN, 3);

  await of.pass(SECOND);
  const { shutSince } = await of.store.health();

  assert.equal(shutSince, null);
  assert.deepEqual(of.gaps(), [[11 * SECOND, 11 * SECOND + WAIT, "unreachable", 0]]);
});
