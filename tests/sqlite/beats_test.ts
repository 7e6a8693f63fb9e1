import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { isDeepStrictEqual } from "node:util";
import { type Instant, MINUTE, SECOND } from "../../lib/clock.ts";
import type { HeartbeatKind } from "../../lib/heartbeat.ts";
import type { Beat } from "../../lib/silences.ts";
import type { SqliteStore } from "../../lib/sqlite/store.ts";
import type { BeatCursor } from "../../lib/store.ts";
import { START } from "../support/fake_clock.ts";
import { heartbeat, openStore, temporaryFolder } from "../support/store.ts";

/** All beats of app 23 from an instant on, and how many pages they took. */
async function allBeats(
  store: SqliteStore,
  from: Instant,
): Promise<{ readonly beats: readonly Beat[]; readonly pages: number }> {
  const beats: Beat[] = [];
  let cursor: BeatCursor | null = null;
  let pages = 0;
  do {
    const page = await store.beats("23", { from, cursor });
    assert.ok(page);
    beats.push(...page.beats);
    cursor = page.next;
    pages++;
  } while (cursor !== null);
  return { beats, pages };
}

/** A heartbeat each `every`, of kinds in turn. */
function train(from: Instant, count: number, every: number, kinds: readonly HeartbeatKind[]) {
  return Array.from({ length: count }, (_, index) => ({
    at: from + index * every,
    kind: kinds[index % kinds.length] ?? "success",
  }));
}

/** Has heartbeats stored, settled or not. */
async function send(store: SqliteStore, beats: readonly Pick<Beat, "at" | "kind">[]) {
  for (let first = 0; first < beats.length; first += 1_000) {
    await store.record(beats.slice(first, first + 1_000).map((beat) => heartbeat("23", beat)));
  }
}

/** Compares very many: a difference of all of them would take minutes to be put into words. */
function assertSame(found: readonly unknown[], expected: readonly unknown[]): void {
  assert.equal(found.length, expected.length);
  const differs = expected.findIndex((each, index) => !isDeepStrictEqual(each, found[index]));
  assert.deepEqual([differs, found[differs]], [-1, undefined]);
}

/** Adds rows as an import leaves them. */
function imported(path: string, instants: readonly Instant[]): void {
  using db = new DatabaseSync(path);
  const insert = db.prepare("INSERT INTO imported_heartbeats (app, at) VALUES (1, ?)");
  db.exec("BEGIN");
  for (const at of instants) insert.run(at);
  db.exec("COMMIT");
}

Deno.test("beats come in order with their kinds, from rows and from the journal, page by page", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const sent = train(START, 60_000, SECOND, ["success", "log", "success", "start"]);
  {
    using store = await openStore({ path });
    await send(store, sent.slice(0, 25_000));
    // A change of the app writes what it has sent into rows.
    await store.pause("23", START);
    await store.resume("23", START);
    await send(store, sent.slice(25_000));

    const from = START + 100 * SECOND;
    const { beats, pages } = await allBeats(store, from);

    const expected = sent.slice(100).map((beat) => ({ ...beat, isThinned: false }));
    const found = beats.map(({ at, kind, isThinned }) => ({ at, kind, isThinned }));
    assertSame(found, expected);
    assert.ok(pages > 2, `${pages} pages`);
  }
});

Deno.test("beats that were imported stand among those that were sent, by their instants", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path });
  const sent = train(START, 30_000, MINUTE, ["success", "log"]);
  await send(store, sent);
  await store.pause("23", START);
  const between = Array.from({ length: 50_000 }, (_, index) => START + index * MINUTE / 2 + 1);
  imported(path, between);

  const { beats, pages } = await allBeats(store, 0);

  const expected = [...sent.map(({ at }) => at), ...between].sort((a, b) => a - b);
  assertSame(beats.map(({ at }) => at), expected);
  assert.ok(pages > 2, `${pages} pages`);
});

Deno.test("beats of a clock that was set back come in the order they were stored", async () => {
  using store = await openStore();
  const sent = [
    ...train(START + 1_000 * MINUTE, 40_000, SECOND, ["success", "log"]),
    ...train(START, 40_000, SECOND, ["success", "fail"]),
  ];
  await send(store, sent);

  const { beats } = await allBeats(store, 0);

  assertSame(beats.map(({ at }) => at), sent.map(({ at }) => at));
});

Deno.test("an unknown app has no beats, and one that has sent none has an empty page", async () => {
  using store = await openStore();
  await store.record([heartbeat("7")]);

  assert.equal(await store.beats("23", { from: 0, cursor: null }), null);
  assert.deepEqual(await store.beats("7", { from: START + 1, cursor: null }), {
    beats: [],
    next: null,
  });
});
