import assert from "node:assert/strict";
import { SECOND } from "../../lib/clock.ts";
import { BODY_LIMIT, BodyReader } from "../../lib/http/body.ts";
import { BODY_ROOM } from "../../lib/http/body_room.ts";
import { BODY_PATIENCE } from "../../lib/http/patience.ts";
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

Deno.test("who holds the most room gives some up for others: those of their own that came first", async () => {
  const reader = new BodyReader(new FakeClock());
  const fits = BODY_ROOM / BODY_LIMIT;
  const honest = slow();
  const taken = outcome(reader.heartbeats(honest.request, "198.51.100.7"));
  await honest.begin(BODY_LIMIT / 2);
  const crowd = Array.from({ length: 3 * fits }, slow);
  const fates = crowd.map(({ request }) => outcome(reader.heartbeats(request, ADDRESS)));

  for (const { begin } of crowd) await begin(BODY_LIMIT - 1);
  await honest.come("7");

  assert.equal(await taken, 7);
  // As many as there is room for beside the other wait on; the rest were given up in their order.
  const left = fits - 1;
  const givenUp = await Promise.all(fates.slice(0, -left));
  assert.deepEqual(new Set(givenUp), new Set(["unavailable"]));
  await crowd.at(-left)?.come("1");
  assert.equal(await fates.at(-left), 1);
});

Deno.test("room that was given back is there for others", async () => {
  const reader = new BodyReader(new FakeClock());
  for (let times = 0; times < 3 * BODY_ROOM / BODY_LIMIT; times++) {
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
