import assert from "node:assert/strict";
import fc from "fast-check";
import { type App, status } from "../../lib/app.ts";
import { HOUR, MINUTE } from "../../lib/clock.ts";
import { HEARTBEAT_KINDS } from "../../lib/heartbeat.ts";
import { searchable } from "../../lib/search_text.ts";
import type { AppQuery } from "../../lib/store.ts";
import { DEFAULTS, heartbeat, openStore, sightAt, SILENCE } from "../support/store.ts";
import { START } from "../support/fake_clock.ts";

const ALL: AppQuery = {
  now: START,
  status: null,
  tag: null,
  text: null,
  order: "id",
  after: null,
  limit: 10,
};

type Lists = Awaited<ReturnType<typeof openStore>>;

/** All pages of a list, one after the other. */
async function pages(store: Lists, query: Partial<AppQuery>): Promise<(readonly App[])[]> {
  const all: (readonly App[])[] = [];
  for (let after: string | null = "";;) {
    const page = await store.apps({ ...ALL, ...query, after });
    all.push(page.apps);
    after = page.next;
    if (after === null) return all;
  }
}

async function ids(store: Lists, query: Partial<AppQuery>): Promise<readonly string[]> {
  return (await pages(store, query)).flat().map(({ id }) => id);
}

Deno.test("apps are listed by id, filtered and in pages", async (t) => {
  using store = await openStore({
    admission: { autoRegister: true, maxApps: 100, ignoredApps: new Set(["ignored"]) },
  });
  await store.record([
    heartbeat("Web-1"),
    heartbeat("ignored"),
    heartbeat("old", { at: START - DEFAULTS.period }),
    heartbeat("dead", { at: START - SILENCE }),
    heartbeat("failed", { kind: "fail" }),
    heartbeat("new", { kind: "start" }),
  ]);
  await store.change("new", { name: "Ночной [отчёт] ^2*", tags: ["prod", "eu"] }, START);
  const cases: readonly (readonly [Partial<AppQuery>, readonly string[]])[] = [
    [{}, ["Web-1", "dead", "failed", "ignored", "new", "old"]],
    [{ status: "up" }, ["Web-1"]],
    [{ status: "late" }, ["old"]],
    [{ status: "down" }, ["dead", "failed"]],
    [{ status: "new" }, ["new"]],
    [{ status: "ignored" }, ["ignored"]],
    [{ status: "paused" }, []],
    [{ text: "WEB" }, ["Web-1"]],
    [{ text: "b-1" }, ["Web-1"]],
    [{ text: "НОЧНОЙ" }, ["new"]],
    [{ text: "[Отчёт]" }, ["new"]],
    [{ text: "^2*" }, ["new"]],
    [{ text: "*" }, ["new"]],
    [{ text: "?" }, []],
    [{ text: "%" }, []],
    [{ text: " отчёт " }, ["new"]],
    [{ text: "отчет] ^2*" }, ["new"]],
    [{ text: "НОЧНОИ\u0306  [" }, ["new"]],
    [{ text: "  " }, ["Web-1", "dead", "failed", "ignored", "new", "old"]],
    [{ text: "prod" }, []],
    [{ text: "w\x1f" }, []],
    [{ tag: "prod" }, ["new"]],
    [{ tag: " PROD " }, ["new"]],
    [{ tag: " " }, ["Web-1", "dead", "failed", "ignored", "new", "old"]],
    [{ tag: 'prod","eu' }, []],
    [{ tag: "pro" }, []],
    [{ tag: "eu", status: "new", text: "e" }, ["new"]],
    [{ tag: "eu", status: "up" }, []],
  ];
  for (const [query, expected] of cases) {
    await t.step(JSON.stringify(query), async () => {
      assert.deepEqual(await ids(store, query), expected);
      assert.deepEqual(await ids(store, { ...query, limit: 1 }), expected);
    });
  }
});

Deno.test("for people, apps that one of them has set up come first, then those known for longest", async (t) => {
  using store = await openStore();
  for (const id of ["z", "m", "b", "y", "a"]) await store.record([heartbeat(id)]);
  await store.record([
    heartbeat("down-b", { kind: "fail" }),
    heartbeat("down-a", { kind: "fail" }),
  ]);
  await store.change("m", { name: "Payments" }, START);
  await store.change("a", { tags: ["prod"] }, START);
  await store.change("down-a", { note: "wake me" }, START);
  const cases: readonly (readonly [Partial<AppQuery>, readonly string[]])[] = [
    [{}, ["m", "a", "down-a", "z", "b", "y", "down-b"]],
    [{ status: "up" }, ["m", "a", "z", "b", "y"]],
    [{ status: "down" }, ["down-a", "down-b"]],
    [{ text: "a" }, ["m", "a", "down-a"]],
    [{ text: "down", status: "down" }, ["down-a", "down-b"]],
  ];
  for (const [query, expected] of cases) {
    for (const limit of [1, 2, 10]) {
      await t.step(`${JSON.stringify(query)} by ${limit}`, async () => {
        assert.deepEqual(await ids(store, { ...query, order: "precedence", limit }), expected);
      });
    }
  }
});

Deno.test("no page is followed by an empty one", async () => {
  using store = await openStore();
  await store.record([heartbeat("a"), heartbeat("b"), heartbeat("c"), heartbeat("d")]);

  const first = await store.apps({ ...ALL, limit: 2 });
  const second = await store.apps({ ...ALL, limit: 2, after: first.next });

  assert.equal(first.next, "b");
  assert.equal(second.next, null);
});

Deno.test("every app is in the list of its status, and in no other, whatever it sent last", async () => {
  const app = fc.constantFrom("a", "b", "c", "d");
  const beat = fc.record({
    app,
    kind: fc.constantFrom(...HEARTBEAT_KINDS),
    wait: fc.constantFrom(0, MINUTE, DEFAULTS.period, SILENCE, HOUR),
  });
  const step = fc.oneof(
    { weight: 6, arbitrary: beat },
    fc.record({ paused: app }),
    fc.record({ sweep: fc.constant(true) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.nat(HOUR), async (steps, later) => {
      using store = await openStore();
      let now = START;
      for (const each of steps) {
        if ("paused" in each) await store.pause(each.paused, now);
        else if ("sweep" in each) await store.takeDown(now, 10);
        else {
          now += each.wait;
          await store.record([heartbeat(each.app, { at: now, kind: each.kind })]);
        }
      }
      now += later;
      const apps = (await pages(store, { now })).flat();
      for (const wanted of ["new", "up", "late", "down", "paused", "unknown", "ignored"] as const) {
        const expected = apps.filter((app) => status(app, sightAt(now), DEFAULTS) === wanted);
        const query = { now, status: wanted, limit: 1 };
        assert.deepEqual((await pages(store, query)).flat(), expected);
        const listed = await ids(store, { ...query, order: "precedence" });
        assert.deepEqual(listed.toSorted(), expected.map(({ id }) => id));
      }
    }),
  );
});

/** What people call apps: letters that have two cases, two spellings, two forms. */
const NAME = fc.string({
  unit: fc.constantFrom(..."aAéeЁёеЕйЙиСсчЧςΣσIİ -\u0301\u0306\u0308\u00ad"),
  minLength: 1,
  maxLength: 12,
});

Deno.test("an app is found by whatever is in its id or name, as the core compares texts", async () => {
  const settings = fc.record({ name: NAME, tags: fc.array(fc.constantFrom("ё", "Е", "a", "É")) });
  const query = fc.record({
    text: fc.option(fc.oneof(NAME, fc.constantFrom("a-", "B"))),
    tag: fc.option(fc.constantFrom("е", "Ё", "A", "é", "b")),
    limit: fc.constantFrom(1, 10),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(settings, { maxLength: 5 }), query, async (apps, query) => {
      using store = await openStore();
      for (const [index, { name, tags }] of apps.entries()) {
        const period = null;
        await store.register(`A-${index}b`, { name, tags, note: null, period, grace: null }, START);
      }
      const is = (text: string, within: string) => searchable(within).includes(searchable(text));
      const expected = (await pages(store, {})).flat().filter(({ id, name, tags }) =>
        (query.text === null || is(query.text, id) || is(query.text, name ?? "")) &&
        (query.tag === null || tags.some((tag) => searchable(tag) === searchable(query.tag ?? "")))
      );
      assert.deepEqual((await pages(store, query)).flat(), expected);
    }),
  );
});

Deno.test("a list among very many apps comes in short pages, and is complete", async () => {
  const apps = 21_000;
  using store = await openStore({
    admission: { autoRegister: true, maxApps: apps, ignoredApps: new Set() },
  });
  const all = Array.from({ length: apps }, (_, index) => `app-${String(index).padStart(5, "0")}`);
  for (let first = 0; first < apps; first += 1_000) {
    // All but two are late.
    await store.record(
      all.slice(first, first + 1_000).map((id) =>
        heartbeat(id, { at: id.endsWith("-20500") ? START : START - DEFAULTS.period })
      ),
    );
  }

  const named = await pages(store, { text: "0999" });
  const up = await pages(store, { status: "up" });

  assert.deepEqual(named.flat().map(({ id }) => id), all.filter((id) => id.includes("0999")));
  assert.ok(named.length > 1, "in one page");
  assert.deepEqual(up.flat().map(({ id }) => id), ["app-20500"]);
  assert.ok(up.length > 1, "in one page");
});
