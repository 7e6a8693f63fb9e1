import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { MINUTE } from "../../lib/clock.ts";
import { NO_SETTINGS } from "../../lib/registry.ts";
import { openBeside } from "../../lib/sqlite/database.ts";
import type { SqliteStore } from "../../lib/sqlite/store.ts";
import { EXAMPLES } from "../../lib/sqlite/verify.ts";
import type { Try } from "../../lib/store.ts";
import { START } from "../support/fake_clock.ts";
import {
  ADMIN,
  beginTry,
  DEFAULTS,
  heartbeat,
  openStore,
  SILENCE,
  temporaryFolder,
} from "../support/store.ts";
import { verdictOn, wrongIn } from "../support/verified.ts";

const DOWN_AT = START + SILENCE;

/** What SQLite makes a page of, unless told otherwise. */
const PAGE_BYTES = 4096;

const DEFERRED = { outcome: "deferred", reason: "not now", hint: null } as const;

const OTHER = "other@example.org";

/** Opens a store as a start with mail does. */
async function started(path: string, addresses: readonly string[], now = START) {
  const store = await openStore({ path, addresses });
  await store.endListening(now);
  await store.recover(now);
  await store.adopt(
    { defaults: DEFAULTS, ignoredApps: new Set(), addresses, hasMail: addresses.length > 0 },
    now,
  );
  return store;
}

/** A database in which all that can happen has happened. */
async function lived(path: string): Promise<void> {
  using store = await started(path, [ADMIN, OTHER]);
  await store.record(["up", "down", "back", "gone", "asleep"].map((id) => heartbeat(id)));
  await store.record([heartbeat("up", { at: DOWN_AT - 1 })]);
  await store.takeDown(DOWN_AT, 10);
  const first = await beginTry(store);
  assert.ok(first);
  await store.settle(first, { outcome: "sent", reply: "250" }, DOWN_AT);
  await store.record([heartbeat("back", { at: DOWN_AT }), heartbeat("new", { kind: "start" })]);
  await store.forget("gone", DOWN_AT);
  await store.pause("asleep", DOWN_AT);
  await store.record([heartbeat("failed", { kind: "fail", at: DOWN_AT })]);
  const second = await beginTry(store, { messageId: "<2@example.org>" });
  assert.ok(second);
  await store.settle(second, DEFERRED, DOWN_AT);
}

function wrong(path: string): readonly string[] {
  return wrongIn(path).map(({ rule }) => rule);
}

Deno.test("a database that was only used is as the rules say, and every debt is accounted for", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  await lived(path);

  const { findings, account } = verdictOn(path);

  assert.deepEqual(findings.filter(({ faults }) => faults.length > 0), []);
  assert.match(findings.at(-1)?.rule ?? "", / \(9 heartbeats looked at\)$/);
  // Two addresses and six pieces of news: four fell, one of them forgotten since and one paused;
  // one came back, and one failed.
  assert.deepEqual(account, { waiting: 6, sent: 4, suppressed: 2, failed: 0 });
});

Deno.test("a schema that is not the one that this version makes is found", async (t) => {
  const cases: readonly (readonly [string, string])[] = [
    ["DROP INDEX apps_by_deadline", "index apps_by_deadline is missing"],
    ["CREATE TABLE notes (text TEXT)", "table notes is none of ours"],
    ["CREATE VIEW sorrows AS SELECT 1", "view sorrows is none of ours"],
    [
      "CREATE TRIGGER thief AFTER INSERT ON debts BEGIN DELETE FROM debts; END",
      "trigger thief is none of ours",
    ],
    ["ALTER TABLE apps ADD COLUMN mood TEXT", "table apps is not as this version makes it"],
    [
      "DROP INDEX flips_by_app; CREATE INDEX flips_by_app ON flips (app)",
      "index flips_by_app is not as this version makes it",
    ],
    ["DROP TABLE sessions", "table sessions is missing"],
  ];
  for (const [damage, expected] of cases) {
    await t.step(expected, async () => {
      using folder = temporaryFolder();
      const path = `${folder.path}/a.db`;
      await lived(path);
      {
        using db = new DatabaseSync(path);
        db.exec(damage);
      }

      const rule = "tables and indexes are those that this version makes";
      assert.deepEqual(wrongIn(path), [{ rule, faults: [expected] }]);
    });
  }
});

Deno.test("whatever breaks a rule is found", async (t) => {
  const app = (id: string) => `(SELECT id FROM apps WHERE app_id = '${id}')`;
  const putOff = ({ ended = "NULL", owed = 0 }: { ended?: 1 | "NULL"; owed?: number } = {}) =>
    `INSERT INTO put_offs (app, at, due_at, deadline_at, other_gaps, ended_at, owed_to)
    VALUES (${app("up")}, 1, 1, 1, 0, ${ended}, ${owed})`;
  const cases: readonly (readonly [string, string, string])[] = [
    [
      "a flip from where the app was not",
      "each app's flips alternate",
      `UPDATE flips SET from_state = 'paused' WHERE app = ${app("up")}`,
    ],
    [
      "a state that no flip led to",
      "each app is where its last flip led",
      "UPDATE apps SET state = 'new', deadline_at = NULL WHERE app_id = 'up'",
    ],
    [
      "an app that is down since another instant",
      "each open incident is its app's last fall, from that instant on",
      "UPDATE apps SET down_since = down_since + 1 WHERE app_id = 'down'",
    ],
    [
      "an incident of another app",
      "each open incident is its app's last fall, from that instant on",
      `UPDATE apps SET incident = (SELECT incident FROM apps WHERE app_id = 'failed'),
      down_since = ${DOWN_AT} WHERE app_id = 'down'`,
    ],
    [
      "an incident that a later fall has followed",
      "each open incident is its app's last fall, from that instant on",
      `INSERT INTO flips (app, at, from_state, to_state, reason, owed_to)
      VALUES (${app("down")}, ${DOWN_AT}, 'up', 'down', 'silence', 0)`,
    ],
    [
      "a recovery that ends another app's fall",
      "each recovery ends the fall before it",
      `UPDATE flips SET ends = (SELECT incident FROM apps WHERE app_id = 'down')
      WHERE app = ${app("back")} AND ends IS NOT NULL`,
    ],
    [
      "a recovery that ends nothing",
      "each recovery ends the fall before it",
      "UPDATE flips SET ends = NULL",
    ],
    [
      "a deadline before the last success",
      "no deadline lies before the heartbeat that it counts from",
      "UPDATE apps SET deadline_at = success_at - 1 WHERE app_id = 'up'",
    ],
    [
      "a success that no heartbeat was",
      "each app that is up counts from a heartbeat that came, or from being watched",
      "UPDATE apps SET success_at = last_heartbeat_at + 1 WHERE app_id = 'up'",
    ],
    [
      "a deadline that is early",
      "each deadline is a period and a grace after the heartbeat or gap that it counts from",
      "UPDATE apps SET deadline_at = deadline_at - 1 WHERE app_id = 'up'",
    ],
    [
      "a deadline that is late",
      "each deadline is a period and a grace after the heartbeat or gap that it counts from",
      "UPDATE apps SET deadline_at = deadline_at + 100000 WHERE app_id = 'up'",
    ],
    [
      "a deadline put off, and no gap",
      "only a gap puts a deadline off",
      "UPDATE apps SET excused_at = success_at, deadline_at = deadline_at WHERE app_id = 'up'",
    ],
    [
      "a deadline that was put off to before",
      "a deadline that gaps put off is later than it was",
      "UPDATE apps SET old_deadline_at = deadline_at + 1 WHERE app_id = 'up'",
    ],
    [
      "nobody knows of an app that was heard",
      "of whom people are told that nobody knows, nobody has heard since",
      `${putOff({ ended: 1 })}; UPDATE apps SET put_off = 1 WHERE app_id = 'up'`,
    ],
    [
      "nobody knows of an app, and that is of another",
      "of whom people are told that nobody knows, nobody has heard since",
      `${putOff()}; UPDATE apps SET put_off = 1, state = 'up' WHERE app_id = 'back'`,
    ],
    [
      "news that nobody knows of an app, which is known",
      "of whom people are told that nobody knows, nobody has heard since",
      putOff(),
    ],
    [
      "an alarm of an app in a snooze",
      "nobody is told of what fell in a snooze or maintenance before that ends",
      "UPDATE apps SET muted_until = down_since + 1 WHERE app_id = 'failed'",
    ],
    [
      "a reminder of what is over",
      "only open incidents that nobody acknowledged are reminded of",
      "UPDATE debts SET reminded_at = 1 WHERE is_down = 0",
    ],
    [
      "a reminder of what was acknowledged",
      "only open incidents that nobody acknowledged are reminded of",
      "UPDATE apps SET acknowledged_at = down_since WHERE state = 'down'",
    ],
    [
      "news that is owed to nobody",
      "each piece of news is owed to as many addresses as there were",
      `DELETE FROM debts WHERE flip IN (SELECT id FROM flips WHERE app = ${app("failed")})`,
    ],
    [
      "news that nobody knows of an app, owed to nobody",
      "each piece of news is owed to as many addresses as there were",
      putOff({ ended: 1, owed: 1 }),
    ],
    [
      "the newest debt lost",
      "each piece of news is owed to as many addresses as there were",
      "DELETE FROM debts WHERE id = (SELECT MAX(id) FROM debts)",
    ],
    [
      "debts lost in the middle",
      "each debt that was made is there, or counted as one of a forgotten app",
      "DELETE FROM debts WHERE id < 6",
    ],
    [
      "debts of a forgotten app not counted any more",
      "each debt that was made is there, or counted as one of a forgotten app",
      "UPDATE forgotten_debts SET debts = 0",
    ],
    [
      "a debt for good news that was bad",
      "only news is owed",
      "UPDATE debts SET is_down = 1 - is_down",
    ],
    [
      "a debt for what is no news",
      "only news is owed",
      `UPDATE debts SET flip = (SELECT MIN(id) FROM flips) WHERE id = 1`,
    ],
    [
      "a debt for bad news that nobody knows of an app",
      "only news is owed",
      `${putOff({ owed: 1 })}; INSERT INTO debts
      (put_off, address, state, is_down, owed_from, precedence) VALUES (1, 'a@x', 'waiting', 1, 1, 1)`,
    ],
    [
      "a debt out of its turn",
      "what a person has set up comes first in what is owed",
      "UPDATE debts SET precedence = precedence + 1 WHERE state = 'waiting'",
    ],
    [
      "a letter that names nobody",
      "each letter names what counts as sent by it",
      "UPDATE messages SET text = 'down: down, but not gone' WHERE state = 'sent'",
    ],
    [
      "a debt in a message to somebody else",
      "each debt is in a message to its own address, or in none",
      `UPDATE debts SET message = 1 WHERE address = '${OTHER}' AND state = 'waiting'`,
    ],
    [
      "a debt sent by a message that was not",
      "what counts as sent was in a message that was taken",
      "UPDATE debts SET message = 2 WHERE state = 'sent'",
    ],
    [
      "a debt sent by no message",
      "what counts as sent was in a message that was taken",
      "UPDATE debts SET message = NULL WHERE state = 'sent'",
    ],
    [
      "a debt that waits in a message that was taken",
      "what waits is in no message, or in one that waits",
      "UPDATE debts SET message = 1 WHERE state = 'waiting'",
    ],
    [
      "a message that waits for nothing",
      "a message that waits has something to tell",
      "UPDATE debts SET message = NULL WHERE state = 'waiting'",
    ],
    [
      "a row of history that is gone",
      "each app's history goes on from row to row, up to its newest heartbeat",
      `UPDATE segments SET first = 2 WHERE app = ${app("up")}`,
    ],
    [
      "a heartbeat that is gone",
      "the newest rows of history hold what they say (9 heartbeats looked at)",
      `UPDATE segments SET beats = '[0,"success",null,null,null],1' WHERE app = ${app("new")}`,
    ],
    [
      "a journal with a hole",
      "what an app has sent is in its history, or in the journal in one piece",
      `INSERT INTO journal (heartbeats) VALUES ('[[' || (${
        app("up")
      }) || ',9,0,"log",null,null,null]]')`,
    ],
    [
      "a flip of an app that is not there",
      "SQLite finds the file whole",
      `UPDATE flips SET app = 999 WHERE app = ${app("up")}`,
    ],
    [
      "a suppressed debt without a reason",
      "SQLite finds the file whole",
      "UPDATE debts SET state = 'suppressed' WHERE state = 'waiting'",
    ],
    [
      "a debt in a state that does not exist",
      "SQLite finds the file whole",
      "UPDATE debts SET state = 'lost' WHERE state = 'waiting'",
    ],
  ];
  for (const [name, rule, sql] of cases) {
    await t.step(name, async () => {
      using folder = temporaryFolder();
      const path = `${folder.path}/a.db`;
      await lived(path);
      {
        using db = new DatabaseSync(path);
        db.exec(`PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; ${sql}`);
      }

      assert.ok(wrong(path).includes(rule), JSON.stringify(wrong(path)));
    });
  }
});

Deno.test("a file that is damaged is found to be, as far as it can be read", async (t) => {
  const cases = [["all but its head", false], ["one table", true]] as const;
  for (const [name, isReadable] of cases) {
    await t.step(name, async () => {
      using folder = temporaryFolder();
      const path = `${folder.path}/a.db`;
      await lived(path);
      const first = isReadable ? rootOf(path, "flips") - 1 : 1;
      const pages = isReadable ? 1 : Deno.statSync(path).size / PAGE_BYTES - 1;
      {
        using file = Deno.openSync(path, { write: true });
        file.seekSync(first * PAGE_BYTES, Deno.SeekMode.Start);
        file.writeSync(new Uint8Array(pages * PAGE_BYTES).fill(0x55));
      }

      const { findings, account } = verdictOn(path);

      assert.equal(findings[0]?.rule, "SQLite finds the file whole");
      assert.notDeepEqual(findings[0]?.faults, []);
      assert.ok(
        findings.some(({ faults }) => faults[0]?.startsWith("cannot be read: SQLite says")),
      );
      assert.equal(account !== null, isReadable);
    });
  }
});

/** The page where a table begins, counted from 1. */
function rootOf(path: string, table: string): number {
  using db = new DatabaseSync(path);
  const row = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?").get(table);
  return Number(row?.rootpage);
}

Deno.test("whoever verifies keeps nobody from writing", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path });
  await store.record([heartbeat("1")]);
  using beside = openBeside(path);

  const recorded = beside.snapshot(() => {
    beside.get("SELECT COUNT(*) FROM apps");
    const recording = store.record([heartbeat("2")]);
    void store.flush();
    return recording;
  });

  assert.deepEqual(await recorded, [{ appId: "2", status: "up", isSpared: false }]);
});

Deno.test("of many faults a few are named, and that there are more", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  {
    using store = await openStore({ path });
    await store.record(Array.from({ length: 50 }, (_, id) => heartbeat(String(id))));
  }
  {
    using db = new DatabaseSync(path);
    db.exec("UPDATE apps SET deadline_at = 0");
  }

  const faults = verdictOn(path).findings.flatMap((finding) => finding.faults);

  assert.equal(faults.length, EXAMPLES + 1);
  assert.equal(faults.at(-1), "and more");
});

/** Something that happens to a service; time goes on before each. */
const EVENT = fc.oneof(
  fc.record({
    kind: fc.constant("heartbeat" as const),
    app: fc.constantFrom("a", "b", "c"),
    signal: fc.constantFrom("success", "success", "fail", "log"),
  }),
  fc.record({
    kind: fc.constantFrom("pause" as const, "resume" as const, "forget" as const, "set" as const),
    app: fc.constantFrom("a", "b", "c"),
  }),
  fc.record({ kind: fc.constantFrom("sweep" as const, "begin" as const) }),
  fc.record({
    kind: fc.constant("end" as const),
    outcome: fc.constantFrom("sent", "deferred", "refused", "unanswered"),
  }),
  fc.record({
    kind: fc.constant("restart" as const),
    addresses: fc.constantFrom([ADMIN, OTHER], [ADMIN], [OTHER], []),
  }),
);

Deno.test("whatever happens to a service, its database is as the rules say", async () => {
  const events = fc.array(fc.tuple(fc.constantFrom(1, MINUTE, 5_000 * MINUTE), EVENT), {
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(events, async (happened) => {
      using folder = temporaryFolder();
      const path = `${folder.path}/a.db`;
      let now = START;
      let store = await started(path, [ADMIN, OTHER]);
      let tries: readonly Try[] = [];
      for (const [passed, event] of happened) {
        now += passed;
        if (event.kind === "restart") {
          store[Symbol.dispose]();
          tries = [];
          store = await started(path, event.addresses, now);
        } else {
          tries = await happen(store, event, { now, tries });
        }
      }
      store[Symbol.dispose]();

      assert.deepEqual(verdictOn(path).findings.flatMap(({ faults }) => faults), []);
    }),
    { numRuns: 60 },
  );
});

type Event = Exclude<
  typeof EVENT extends fc.Arbitrary<infer Each> ? Each : never,
  { readonly kind: "restart" }
>;

/** Has it happen, and returns the tries that are under way then. */
async function happen(
  store: SqliteStore,
  event: Event,
  { now, tries }: { readonly now: number; readonly tries: readonly Try[] },
): Promise<readonly Try[]> {
  switch (event.kind) {
    case "heartbeat":
      await store.record([heartbeat(event.app, { kind: event.signal as "success", at: now })]);
      return tries;
    case "pause":
    case "resume":
      for (const each of tries) await store.settle(each, DEFERRED, now);
      await store[event.kind](event.app, now);
      return [];
    case "forget":
      for (const each of tries) await store.settle(each, DEFERRED, now);
      if (await store.forget(event.app, now)) await store.erase(1);
      return [];
    case "set":
      await store.register(event.app, { ...NO_SETTINGS, period: MINUTE }, now);
      return tries;
    case "sweep":
      await store.takeDown(now, 10);
      return tries;
    case "begin": {
      const begun = await beginTry(store, { now, messageId: `<${now}@example.org>` });
      return begun === null ? tries : [...tries, begun];
    }
    case "end": {
      const [ended, ...others] = tries;
      if (ended === undefined) return tries;
      const told = event.outcome === "sent" ? { reply: "250" } : { reason: "no", hint: null };
      await store.settle(ended, { outcome: event.outcome, ...told } as never, now);
      return others;
    }
  }
}
