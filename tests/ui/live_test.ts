import assert from "node:assert/strict";
import { SECOND } from "../../lib/clock.ts";
import type { Change } from "../../lib/store.ts";
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

  static async of(service: TestService): Promise<OpenPage> {
    const { cookie } = await Person.logIn(service);
    const response = await fetch(`${service.url}/events`, { headers: { Cookie: cookie ?? "" } });
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
  const live = new Live({ store, clock, signal: new AbortController().signal });
  await using page = new OpenPage(live.stream().body as ReadableStream<Uint8Array>);
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

Deno.test("nobody listens who is not logged in", async () => {
  await using service = await testService();

  assert.equal((await new Person(service).get("/events")).status, 303);
});
