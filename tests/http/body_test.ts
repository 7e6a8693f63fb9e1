import assert from "node:assert/strict";
import { SECOND } from "../../lib/clock.ts";
import { BODY_LIMIT, BodyReader } from "../../lib/http/body.ts";
import { FREE_BYTES, TURN_LENGTH, TURNS } from "../../lib/http/body_turns.ts";
import { BODY_PATIENCE } from "../../lib/http/patience.ts";
import { drained } from "../../lib/loop.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** A request whose body comes when told to. */
function slow() {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const request = new Request("http://localhost/", { method: "POST", body: readable });
  const come = async (text: string) => {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  };
  /** A piece; it is taken when that resolves. */
  const begin = (bytes: number) => writer.write(new Uint8Array(bytes).fill(0x20));
  return { request, come, begin };
}

/** What became of a body: its JSON, or why it was given up. */
async function outcome(json: Promise<unknown>): Promise<unknown> {
  try {
    return await json;
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
}

const ADDRESS = "192.0.2.1";

/** Of a body that needs a turn. */
const LARGE = FREE_BYTES + 1;

Deno.test("each body is given up when it has been awaited for long enough, and no other with it", async (t) => {
  const kinds = {
    "of the registry": (reader: BodyReader, request: Request) => reader.json(request),
    "of heartbeats": (reader: BodyReader, request: Request) => reader.heartbeats(request, ADDRESS),
  };
  for (const [name, read] of Object.entries(kinds)) {
    await t.step(name, async () => {
      const clock = new FakeClock();
      const reader = new BodyReader(clock);
      const [first, second, third] = [slow(), slow(), slow()];

      const early = outcome(read(reader, first.request));
      clock.advance(3 * SECOND);
      const whole = outcome(read(reader, second.request));
      const late = outcome(read(reader, third.request));
      await second.come("2");
      assert.equal(await whole, 2);
      clock.advance(BODY_PATIENCE - 3 * SECOND);
      assert.equal(await early, "timeout");
      await third.come("3");

      assert.equal(await late, 3);
    });
  }
});

Deno.test("a body that comes after it was given up takes nobody's place", async () => {
  const clock = new FakeClock();
  const reader = new BodyReader(clock);
  const gone = slow();
  const early = outcome(reader.json(gone.request));
  clock.advance(BODY_PATIENCE);
  assert.equal(await early, "timeout");
  const [next, other] = [slow(), slow()];
  const [waiting, alike] = [
    outcome(reader.json(next.request)),
    outcome(reader.json(other.request)),
  ];

  await gone.come("1");
  clock.advance(BODY_PATIENCE);

  assert.deepEqual([await waiting, await alike], ["timeout", "timeout"]);
});

/** As many bodies as have turns from one address, and as many that wait. */
async function crowdIn(reader: BodyReader) {
  const bodies = Array.from({ length: 2 * TURNS }, slow);
  const fates = bodies.map(({ request }) => outcome(reader.heartbeats(request, ADDRESS)));
  for (const { begin } of bodies) await begin(LARGE);
  return bodies.map((body, index) => ({ ...body, fate: fates[index] }));
}

Deno.test("who brings many large bodies is not in the way of who comes from elsewhere", async () => {
  const clock = new FakeClock();
  const reader = new BodyReader(clock);
  const crowd = await crowdIn(reader);
  const honest = slow();

  const taken = outcome(reader.heartbeats(honest.request, "198.51.100.7"));
  await honest.begin(LARGE);
  await honest.come("7");

  assert.equal(await taken, 7);
  assert.equal(await crowd[0]?.fate, "unavailable");
  // Its turn went on to who came last, and so did one that ended.
  await crowd[1]?.come("1");
  await crowd.at(-1)?.come("2");
  await crowd.at(-2)?.come("3");
  const fates = [crowd[1], crowd.at(-1), crowd.at(-2)].map((each) => each?.fate);
  assert.deepEqual(await Promise.all(fates), [1, 2, 3]);
  clock.advance(BODY_PATIENCE);
});

Deno.test("behind one address a turn that lasts passes on to who came last", async () => {
  const clock = new FakeClock();
  const reader = new BodyReader(clock);
  const crowd = await crowdIn(reader);
  clock.advance(TURN_LENGTH - 1);
  const honest = slow();
  const taken = outcome(reader.heartbeats(honest.request, ADDRESS));
  await honest.begin(LARGE);

  clock.advance(1);
  const first = await Promise.all(crowd.slice(0, TURNS).map(({ fate }) => fate));
  await honest.come("7");

  assert.equal(await taken, 7);
  assert.deepEqual(new Set(first), new Set(["unavailable"]));
  clock.advance(BODY_PATIENCE - TURN_LENGTH);
  const others = await Promise.all(crowd.slice(TURNS).map(({ fate }) => fate));
  // As many as had turns by then, which nobody else wanted any more.
  assert.deepEqual(new Set(others), new Set(["timeout"]));
});

Deno.test("while nobody waits, a turn lasts as long as a body may take", async () => {
  const clock = new FakeClock();
  const reader = new BodyReader(clock);
  const slowly = slow();
  const read = outcome(reader.heartbeats(slowly.request, ADDRESS));
  await slowly.begin(LARGE);

  clock.advance(BODY_PATIENCE - 1);
  await slowly.come("1");

  assert.equal(await read, 1);
});

Deno.test("what is small needs no turn, however its length is said", async () => {
  const reader = new BodyReader(new FakeClock());
  const crowd = Array.from({ length: TURNS }, slow);
  const fates = crowd.map(({ request }) => outcome(reader.heartbeats(request, ADDRESS)));
  for (const { begin } of crowd) await begin(LARGE);
  const small = slow();

  const taken = outcome(reader.heartbeats(small.request, ADDRESS));
  await small.come('{"app_id":23}');

  assert.deepEqual(await taken, { app_id: 23 });
  for (const { come } of crowd) await come("1");
  assert.deepEqual(new Set(await Promise.all(fates)), new Set([1]));
});

Deno.test("a long text that has no turn counts with how it begins", async () => {
  const clock = new FakeClock();
  const reader = new BodyReader(clock);
  await crowdIn(reader);
  const long = slow();
  const text = reader.message(long.request, ADDRESS);
  await long.begin(LARGE);

  clock.advance(BODY_PATIENCE);

  assert.deepEqual(await text, { text: " ".repeat(LARGE), isWhole: false });
});

Deno.test("however fast a text comes, the event loop turns for others meanwhile", async () => {
  const piece = new Uint8Array(64 * 1024);
  let left = 1_600;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => left-- > 0 ? controller.enqueue(piece) : controller.close(),
  });
  const request = new Request("http://localhost/", { method: "POST", body });
  let isRead = false;

  const read = new BodyReader(new FakeClock()).message(request, ADDRESS).then(() => isRead = true);
  let turns = 0;
  for (; !isRead; turns++) await drained();
  await read;

  assert.ok(turns >= 50, `${turns} turns`);
});

Deno.test("turns that were given back are there for others", async () => {
  const reader = new BodyReader(new FakeClock());
  for (let times = 0; times < 3 * TURNS; times++) {
    const large = slow();
    const read = outcome(reader.heartbeats(large.request, ADDRESS));
    await large.begin(BODY_LIMIT - 1);
    await large.come("1");
    assert.equal(await read, 1);
  }
});

Deno.test("a form may be of 64 KiB, however its length is said", async (t) => {
  const reader = new BodyReader(new FakeClock());
  const form = (bytes: number, headers: HeadersInit = {}) =>
    new Request("http://localhost/", { method: "POST", body: "x".repeat(bytes), headers });
  for (const bytes of [64 * 1024, 64 * 1024 + 1]) {
    const expected = bytes > 64 * 1024 ? "too_large" : "x".repeat(bytes);
    await t.step(`${bytes} bytes`, async () => {
      assert.equal(await outcome(reader.text(form(bytes))), expected);
      const said = form(bytes, { "Content-Length": String(bytes) });
      assert.equal(await outcome(reader.text(said)), expected);
    });
  }
});
