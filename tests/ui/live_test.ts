import assert from "node:assert/strict";
import { DAY, SECOND } from "../../lib/clock.ts";
import { openBeside } from "../../lib/sqlite/database.ts";
import { Memory } from "../../lib/sqlite/memory.ts";
import type { Change } from "../../lib/store.ts";
import { hashToken } from "../../lib/token.ts";
import { Live } from "../../lib/ui/live.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { Person } from "../support/person.ts";
import { type TestService, testService } from "../support/service.ts";

/** The stream of a page that is open; disposed of, the page is closed. */
class OpenPage implements AsyncDisposable {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor(body: ReadableStream<Uint8Array>) {
    this.#reader = body.getReader();
  }

  static async of(
    service: TestService,
    options: { readonly person?: Person | undefined; readonly from?: string } = {},
  ): Promise<OpenPage> {
    const { cookie } = options.person ?? await Person.logIn(service);
    const headers = { Cookie: cookie ?? "", "X-Forwarded-For": options.from ?? "192.0.2.1" };
    const response = await fetch(`${service.url}/events`, { headers });
    assert.equal(response.headers.get("Content-Type"), "text/event-stream");
    assert.ok(response.body);
    const page = new OpenPage(response.body);
    assert.equal(await page.next(), ": connected\n\n");
    return page;
  }

  /** What comes next; null when the stream has ended. */
  async next(): Promise<string | null> {
    const { value } = await this.#reader.read();
    return value === undefined ? null : new TextDecoder().decode(value);
  }

  /** All that comes until it has ended. */
  async rest(): Promise<string> {
    let all = "";
    for (let told = await this.next(); told !== null; told = await this.next()) all += told;
    return all;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel();
  }
}

const CHANGED = "data: changed\n\n";
const ALIVE = "event: alive\ndata: yes\n\n";

Deno.test("an open page learns of news within a second", async () => {
  await using service = await testService();
  await service.beat(23);
  await using page = await OpenPage.of(service);

  await service.beat(23, { kind: "fail" });
  service.clock.advance(SECOND / 2);

  assert.equal(await page.next(), CHANGED);
});

Deno.test("an open page learns within a second that apps were heard, and of time that passes", async () => {
  await using service = await testService();
  await service.beat(23);
  await using page = await OpenPage.of(service);

  await service.beat(23);
  service.clock.advance(SECOND);
  const told = [await page.next()];
  for (const wait of [3, 3, 2]) {
    service.clock.advance(wait * SECOND);
    told.push(await page.next());
  }

  assert.deepEqual(told.slice(0, 3), [CHANGED, ALIVE, ALIVE]);
  assert.ok(told[3]?.startsWith(CHANGED));
});

Deno.test("a page that does not read is told of what has changed before it hears that all is told", async () => {
  const clock = new FakeClock();
  const changed: ((change: Change) => void)[] = [];
  const store = { onChange: (listener: (change: Change) => void) => void changed.push(listener) };
  const { signal } = new AbortController();
  const live = new Live({ store, clock, signal, isLoggedIn: () => Promise.resolve(true) });
  await using page = new OpenPage(live.stream({ login: "one", address: "192.0.2.1" }));
  const told = [await page.next()];

  // That it is alive is on its way when something changes, and fills the stream.
  clock.advance(3 * SECOND);
  changed[0]?.({ deadlineAt: null, news: [], isOwed: false });
  clock.advance(SECOND);
  told.push(await page.next());
  clock.advance(2 * SECOND);
  told.push(await page.next());

  assert.deepEqual(told, [": connected\n\n", ALIVE, CHANGED]);
});

Deno.test("an open page does not hold up a stop", async () => {
  await using service = await testService();
  await using page = await OpenPage.of(service);

  await service.pause(() => Promise.resolve());

  assert.equal(await page.next(), null);
  assert.ok(!service.logged.some((line) => line.includes("stop not noted")));
});

const ENDED = {
  login: "event: ended\ndata: login\n\n",
  crowded: "event: ended\ndata: crowded\n\n",
} as const;

Deno.test("nobody listens who is not logged in, and a browser is told so in a stream", async () => {
  await using service = await testService();

  const response = await fetch(`${service.url}/events`);

  assert.equal(response.status, 200);
  assert.equal(response.headers.get("Content-Type"), "text/event-stream");
  assert.equal(await response.text(), ENDED.login);
});

Deno.test("a stream ends with its login, and says so", async (t) => {
  const ends:
    readonly (readonly [string, (person: Person, service: TestService) => Promise<void>])[] = [
      ["by logging out", async (person) => void await person.submit("/", "/logout")],
      ["by time", (_, { config, clock }) => {
        using beside = openBeside(config.database);
        beside.run("UPDATE sessions SET expires_at = :at", { at: clock.now() + SECOND });
        return Promise.resolve(clock.advance(15 * SECOND));
      }],
      ["by a new token, made beside the service", (_, { config, clock }) => {
        using beside = openBeside(config.database);
        const token = { hash: hashToken("another"), purpose: "admin", expiresAt: null } as const;
        new Memory(beside).addToken(token);
        return Promise.resolve(clock.advance(15 * SECOND));
      }],
    ];
  for (const [name, end] of ends) {
    await t.step(name, async () => {
      await using service = await serviceWithMadeToken();
      const person = await Person.logIn(service, { token: MADE });
      await using page = await OpenPage.of(service, { person });

      await end(person, service);

      assert.equal((await page.rest()).replaceAll(CHANGED, "").replaceAll(ALIVE, ""), ENDED.login);
    });
  }
});

Deno.test("a stream of somebody else goes on", async () => {
  await using service = await testService();
  const person = await Person.logIn(service);
  await using other = await OpenPage.of(service);
  await using mine = await OpenPage.of(service, { person });

  await person.submit("/", "/logout");
  const ended = await mine.next();
  await service.beat(23, { kind: "fail" });
  service.clock.advance(SECOND);

  assert.deepEqual([ended, await other.next()], [ENDED.login, CHANGED]);
});

Deno.test("of too many pages the oldest gives its place up, and nobody else is kept out", async (t) => {
  const trustedProxies = ["127.0.0.1"];
  await t.step("of one login: twenty", async () => {
    await using service = await testService({ config: { trustedProxies } });
    const person = await Person.logIn(service);
    await using others = await OpenPage.of(service);
    await using pages = await openPages(
      21,
      (number) => OpenPage.of(service, { person, from: `192.0.2.${number}` }),
    );

    assert.equal(await pages.at(0).next(), ENDED.crowded);
    await changed(service);
    assert.deepEqual(await news(pages.at(1), others), [CHANGED, CHANGED]);
  });
  await t.step("from one address: a hundred", async () => {
    await using service = await testService({ config: { trustedProxies } });
    const people = await several(6, () => Person.logIn(service));
    await using other = await OpenPage.of(service, { from: "192.0.2.2" });
    await using pages = await openPages(
      101,
      (number) =>
        OpenPage.of(service, { person: people[number % people.length], from: "192.0.2.1" }),
    );

    assert.equal(await pages.at(0).next(), ENDED.crowded);
    await changed(service);
    assert.deepEqual(await news(pages.at(100), other), [CHANGED, CHANGED]);
  });
  await t.step("in all: two hundred", async () => {
    await using service = await testService({ config: { trustedProxies } });
    const people = await several(20, () => Person.logIn(service));
    await using pages = await openPages(
      201,
      (number) =>
        OpenPage.of(service, { person: people[number % people.length], from: `192.0.2.${number}` }),
    );

    assert.equal(await pages.at(0).next(), ENDED.crowded);
    await changed(service);
    assert.deepEqual(await news(pages.at(1), pages.at(200)), [CHANGED, CHANGED]);
  });
});

Deno.test("a secret that is changed when a stream is opened reaches the browser", async () => {
  await using service = await testService();
  const { cookie } = await Person.logIn(service);
  service.clock.advance(2 * DAY);

  const response = await fetch(`${service.url}/events`, { headers: { Cookie: cookie ?? "" } });
  await response.body?.cancel();

  assert.match(response.headers.get("Set-Cookie") ?? "", /^stillalive_session=/);
});

/** The token of a service that has none in its settings. */
const MADE = "a-token-that-was-made";

async function serviceWithMadeToken(): Promise<TestService> {
  const service = await testService({ config: { adminToken: null } });
  using beside = openBeside(service.config.database);
  new Memory(beside).addToken({ hash: hashToken(MADE), purpose: "admin", expiresAt: null });
  return service;
}

/** What pages are told, but for signs of life. */
async function news(...pages: readonly OpenPage[]): Promise<readonly string[]> {
  const told: string[] = [];
  for (const page of pages) told.push((await page.next() ?? "").replaceAll(ALIVE, ""));
  return told;
}

/** Has all pages be told. */
async function changed(service: TestService): Promise<void> {
  await service.beat(23, { kind: "fail" });
  service.clock.advance(10 * SECOND);
}

async function several<T>(
  count: number,
  make: (number: number) => Promise<T>,
): Promise<readonly T[]> {
  const made: T[] = [];
  for (let number = 0; number < count; number++) made.push(await make(number));
  return made;
}

/** Pages that are opened one after the other; disposed of, all are closed. */
async function openPages(
  count: number,
  open: (number: number) => Promise<OpenPage>,
): Promise<AsyncDisposable & { at(index: number): OpenPage }> {
  await using opened = new AsyncDisposableStack();
  const pages = await several(count, async (number) => opened.use(await open(number)));
  const kept = opened.move();
  return {
    at(index) {
      const page = pages[index];
      assert.ok(page);
      return page;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
