import assert from "node:assert/strict";
import { DAY, HOUR, MINUTE, SECOND } from "../../lib/clock.ts";
import type { Delivery, Errand } from "../../lib/outbox.ts";
import { openBeside } from "../../lib/sqlite/database.ts";
import type { SqliteStore } from "../../lib/sqlite/store.ts";
import { START } from "../support/fake_clock.ts";
import {
  ADMIN,
  beginTry,
  heartbeat,
  openStore,
  plainLetter,
  SILENCE,
  temporaryFolder,
} from "../support/store.ts";

const OTHER = "other@example.org";
const SENT: Delivery = { outcome: "sent", reply: "250 OK" };
const DOWN_AT = START + SILENCE;

function ends(outcome: Exclude<Delivery["outcome"], "sent">): Delivery {
  return { outcome, reason: `${outcome}!`, hint: null };
}

/** A store in which these apps have just fallen silent. */
async function withSilent(apps: readonly string[], options: Parameters<typeof openStore>[0] = {}) {
  const store = await openStore(options);
  await store.record(apps.map((id) => heartbeat(id)));
  await store.takeDown(DOWN_AT, 100);
  return store;
}

async function queue(store: SqliteStore, address = ADMIN) {
  const found = (await store.outbox()).queues.find((each) => each.address === address);
  assert.ok(found);
  return found;
}

Deno.test("news is owed from the flip on, until a server took its letter", async () => {
  using store = await withSilent(["23", "7"]);
  const before = await queue(store);

  const attempt = await beginTry(store, { now: DOWN_AT + 3 * SECOND });
  assert.ok(attempt);
  await store.settle(attempt, SENT, DOWN_AT + 4 * SECOND);

  assert.deepEqual(before.owed, { firstAt: DOWN_AT, firstDownAt: DOWN_AT });
  assert.equal(attempt.mail.subject, "down 23, down 7");
  assert.equal(attempt.mail.messageId, "<1@example.org>");
  assert.equal(attempt.debts, 2);
  assert.deepEqual(await queue(store), {
    address: ADMIN,
    owed: null,
    lastLetter: { takenAt: DOWN_AT + 4 * SECOND, isGoodNews: false },
    alarmsAt: [DOWN_AT + 4 * SECOND],
    messages: [],
    occasions: {
      remindedAt: DOWN_AT + 4 * SECOND,
      gap: null,
      proofFrom: null,
      capacityAt: null,
    },
  });
});

Deno.test("a letter taken at a retry starts no mail interval", async () => {
  using store = await withSilent(["23"]);
  const first = await beginTry(store);
  assert.ok(first);
  await store.settle(first, ends("deferred"), DOWN_AT);

  const second = await beginTry(store);
  assert.ok(second);
  await store.settle(second, SENT, DOWN_AT + MINUTE);

  assert.equal((await queue(store)).lastLetter, null);
});

Deno.test("after a definite refusal the text is written anew of all that is owed by then", async () => {
  using store = await withSilent(["1"]);
  const first = await beginTry(store);
  assert.ok(first);
  await store.settle(first, ends("deferred"), DOWN_AT);
  await store.record([heartbeat("2", { kind: "fail", at: DOWN_AT })]);

  const second = await beginTry(store, { messageId: "<2@example.org>" });

  assert.equal(second?.mail.subject, "down 1, down 2");
  assert.equal(second?.mail.messageId, "<1@example.org>");
  assert.equal(second?.tries, 2);
  assert.equal(second?.debts, 2);
});

Deno.test("after a try without an answer the text stands, and later news is another message", async () => {
  using store = await withSilent(["1"]);
  const first = await beginTry(store);
  assert.ok(first);
  await store.settle(first, ends("unanswered"), DOWN_AT);
  await store.record([heartbeat("1", { at: DOWN_AT + SECOND })]);

  const { owed, messages } = await queue(store);
  const again = await beginTry(store, { now: DOWN_AT + HOUR });
  assert.ok(again);
  await store.settle(again, ends("deferred"), DOWN_AT + HOUR);
  const stillFrozen = (await queue(store)).messages;

  assert.deepEqual(messages, [
    { id: first.id, kind: "news", isFrozen: true, nextTryAt: DOWN_AT + 15 * SECOND },
  ]);
  assert.deepEqual(again.mail, first.mail);
  assert.deepEqual(owed, { firstAt: DOWN_AT + SECOND, firstDownAt: null });
  assert.equal(stillFrozen[0]?.isFrozen, true);
});

Deno.test("a recovery answers the letter that told of the fall, taken or perhaps taken", async (t) => {
  for (const delivery of [SENT, ends("unanswered")]) {
    await t.step(delivery.outcome, async () => {
      using store = await withSilent(["1"]);
      const alarm = await beginTry(store);
      assert.ok(alarm);
      await store.settle(alarm, delivery, DOWN_AT);
      await store.record([heartbeat("1", { at: DOWN_AT + MINUTE })]);

      const errand: Errand = {
        at: 0,
        address: ADMIN,
        kind: "news",
        message: null,
        isRetry: false,
      };
      const recovery = await store.beginTry(errand, {
        now: DOWN_AT + MINUTE,
        messageId: "<2@example.org>",
        write: plainLetter,
      });

      assert.equal(recovery?.mail.subject, "back 1");
      assert.deepEqual(recovery?.mail.answers, ["<1@example.org>"]);
    });
  }
});

Deno.test("a fall and its end that were not told yet are one line that answers nothing", async () => {
  using store = await withSilent(["1"]);
  await store.record([heartbeat("1", { at: DOWN_AT + MINUTE })]);

  const attempt = await beginTry(store);

  assert.equal(attempt?.mail.subject, "away 1");
  assert.deepEqual(attempt?.mail.answers, []);
});

Deno.test("a letter names what is still down, but not what it tells anyway", async () => {
  using store = await withSilent(["1", "2"]);
  const first = await beginTry(store);
  assert.ok(first);
  await store.settle(first, SENT, DOWN_AT);
  await store.record([
    heartbeat("1", { at: DOWN_AT + SECOND }),
    heartbeat("3", { kind: "fail", at: DOWN_AT + SECOND }),
  ]);

  const second = await beginTry(store, { messageId: "<2@example.org>" });

  assert.equal(second?.mail.subject, "down 3, back 1, still 2");
  assert.deepEqual(second?.mail.answers, []);
});

Deno.test("a try cut short by a crash counts as without an answer: one text, one Message-ID", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const before = await withSilent(["1"], { path });
  const first = await beginTry(before);
  before[Symbol.dispose]();

  using store = await openStore({ path });
  await store.recover(DOWN_AT + HOUR);
  await store.record([heartbeat("2", { kind: "fail", at: DOWN_AT + HOUR })]);
  const again = await beginTry(store, { now: DOWN_AT + HOUR, messageId: "<2@example.org>" });

  assert.deepEqual(again?.mail, first?.mail);
  assert.equal(again?.tries, 2);
});

Deno.test("an address refused for 3 days fails, and the next letter to anyone names it", async () => {
  using store = await withSilent(["1"], { addresses: [ADMIN, OTHER] });
  const first = await beginTry(store, { address: OTHER, messageId: "<o@example.org>" });
  assert.ok(first);
  await store.settle(first, ends("refused"), DOWN_AT);
  const waits = (await queue(store, OTHER)).messages[0]?.nextTryAt;
  const second = await beginTry(store, { address: OTHER });
  assert.ok(second);
  await store.settle(second, ends("refused"), DOWN_AT + 3 * DAY);

  const named = await beginTry(store, { messageId: "<a@example.org>" });
  assert.ok(named);
  await store.settle(named, ends("deferred"), DOWN_AT + 3 * DAY);
  const renamed = await beginTry(store);
  assert.ok(renamed);
  await store.settle(renamed, SENT, DOWN_AT + 3 * DAY);
  await store.record([heartbeat("2", { kind: "fail", at: DOWN_AT + 4 * DAY })]);
  const later = await beginTry(store, { messageId: "<b@example.org>" });

  assert.equal(waits, DOWN_AT + HOUR);
  assert.deepEqual((await queue(store, OTHER)).messages, []);
  assert.equal(named.mail.subject, `down 1, failed ${OTHER} 1`);
  assert.equal(renamed.mail.subject, `down 1, failed ${OTHER} 1`);
  assert.equal(later?.mail.subject, "down 2, still 1");
  const [failed, ...others] = (await store.health()).failedAddresses;
  assert.deepEqual([failed?.address, others], [OTHER, []]);
});

Deno.test("news that joined a refused message late has 3 days of its own", async () => {
  using store = await withSilent(["1"]);
  for (const at of [DOWN_AT, DOWN_AT + 2 * DAY, DOWN_AT + 3 * DAY]) {
    if (at === DOWN_AT + 2 * DAY) await store.record([heartbeat("2", { kind: "fail", at })]);
    const attempt = await beginTry(store);
    assert.ok(attempt);
    await store.settle(attempt, ends("refused"), at);
  }

  const next = await beginTry(store);

  assert.equal(next?.mail.subject, `down 2, still 1, failed ${ADMIN} 1`);
});

Deno.test("a letter that may have arrived and is taken at last has told all that it names, though some of it had failed", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const before = await withSilent(["1"], { path });
  const refused = await beginTry(before);
  assert.ok(refused);
  await before.settle(refused, ends("refused"), DOWN_AT);
  await before.record([heartbeat("2", { kind: "fail", at: DOWN_AT + DAY })]);
  const cutShort = await beginTry(before);
  before[Symbol.dispose]();
  using store = await openStore({ path });
  await store.recover(DOWN_AT + DAY);
  for (const [delivery, at] of [[ends("refused"), 3 * DAY], [SENT, 3 * DAY + HOUR]] as const) {
    const attempt = await beginTry(store);
    assert.ok(attempt);
    assert.deepEqual(attempt.mail, cutShort?.mail);
    await store.settle(attempt, delivery, DOWN_AT + at);
  }
  await store.record([heartbeat("3", { kind: "fail", at: DOWN_AT + 4 * DAY })]);
  const next = await beginTry(store, { messageId: "<2@example.org>" });

  using beside = openBeside(path);
  const debts = beside.all("SELECT state, reason FROM debts ORDER BY id");
  assert.equal(cutShort?.mail.subject, "down 1, down 2");
  assert.equal(next?.mail.subject, "down 3, still 1, still 2");
  assert.deepEqual(debts.map(({ state, reason }) => [state, reason]), [
    ["sent", null],
    ["sent", null],
    ["waiting", null],
  ]);
});

Deno.test("a letter that may have arrived has not told what had failed before it was written", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const before = await withSilent(["1"], { path });
  for (const at of [0, 3 * DAY]) {
    if (at > 0) await before.record([heartbeat("2", { kind: "fail", at: DOWN_AT + DAY })]);
    const refused = await beginTry(before);
    assert.ok(refused);
    await before.settle(refused, ends("refused"), DOWN_AT + at);
  }
  const cutShort = await beginTry(before);
  before[Symbol.dispose]();
  using store = await openStore({ path });
  await store.recover(DOWN_AT + 3 * DAY);

  const again = await beginTry(store);
  assert.ok(again);
  await store.settle(again, SENT, DOWN_AT + 4 * DAY);

  using beside = openBeside(path);
  const debts = beside.all("SELECT state FROM debts ORDER BY id");
  assert.equal(cutShort?.mail.subject, "down 2, still 1, failed admin@example.org 1");
  assert.deepEqual(again.mail, cutShort.mail);
  assert.deepEqual(debts.map(({ state }) => state), ["failed", "sent"]);
});

Deno.test("a message whose debts are gone is closed, not tried for ever", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await withSilent(["1"], { path });
  const first = await beginTry(store);
  assert.ok(first);
  await store.settle(first, ends("deferred"), DOWN_AT);
  using beside = openBeside(path);
  beside.run("UPDATE debts SET state = 'suppressed', reason = 'paused'");

  const second = await beginTry(store);

  assert.equal(second, null);
  assert.deepEqual((await queue(store)).messages, []);
});

Deno.test("a letter whose app is paused while it is under way ends with its try", async (t) => {
  for (const outcome of ["deferred", "unanswered", "refused"] as const) {
    await t.step(outcome, async () => {
      using store = await withSilent(["1"]);
      const attempt = await beginTry(store);
      assert.ok(attempt);

      await store.pause("1", DOWN_AT);
      await store.settle(attempt, ends(outcome), DOWN_AT);

      assert.deepEqual((await queue(store)).messages, []);
    });
  }
});

Deno.test("the server's retry clock moves on with each failure, and stops when it lets us in", async () => {
  using store = await openStore();

  await store.serverFailed("535 no", START);
  await store.serverFailed("535 no", START + MINUTE);
  const failing = await store.outbox();
  const { waitingSince } = await store.health();
  await store.serverReady();

  assert.deepEqual(failing.server, { failures: 2, nextTryAt: START + 2 * MINUTE });
  assert.equal(waitingSince, START);
  assert.deepEqual((await store.outbox()).server, { failures: 0, nextTryAt: null });
  assert.equal((await store.health()).waitingSince, null);
});

Deno.test("an address fails only when it was refused for 3 days on end", async () => {
  using store = await withSilent(["1"]);
  const tries = [
    ["refused", 0],
    ["refused", 2 * DAY],
    ["deferred", 2 * DAY],
    ["refused", 4 * DAY],
  ] as const;
  for (const [outcome, after] of tries) {
    const attempt = await beginTry(store);
    assert.ok(attempt);
    await store.settle(attempt, ends(outcome), DOWN_AT + after);
  }

  assert.equal((await queue(store)).messages.length, 1);
  assert.deepEqual((await store.health()).failedAddresses, []);
});
