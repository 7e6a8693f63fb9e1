import assert from "node:assert/strict";
import { SECOND } from "../../lib/clock.ts";
import { BODY_PATIENCE, BodyReader } from "../../lib/http/body.ts";
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
  return { request, come };
}

/** What became of a body: its JSON, or why it was given up. */
async function outcome(json: Promise<unknown>): Promise<unknown> {
  try {
    return await json;
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
}

Deno.test("each body is given up when it has been awaited for long enough, and no other with it", async () => {
  const clock = new FakeClock();
  const reader = new BodyReader(clock);
  const [first, second, third] = [slow(), slow(), slow()];

  const early = outcome(reader.json(first.request));
  clock.advance(3 * SECOND);
  const whole = outcome(reader.json(second.request));
  const late = outcome(reader.json(third.request));
  await second.come("2");
  assert.equal(await whole, 2);
  clock.advance(BODY_PATIENCE - 3 * SECOND);
  assert.equal(await early, "timeout");
  await third.come("3");

  assert.equal(await late, 3);
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
