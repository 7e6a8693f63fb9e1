import assert from "node:assert/strict";
import fc from "fast-check";
import { HEARTBEAT_KINDS } from "../../lib/heartbeat.ts";
import { numbered, Series, type Stretch } from "../../lib/sqlite/series.ts";
import { START } from "../support/fake_clock.ts";
import { heartbeat } from "../support/store.ts";

/** What apps send: mostly the same again, at any time, for clocks are set. */
const BEATS = fc.array(
  fc.record({
    at: fc.integer({ min: -100_000, max: 100_000 }).map((since) => START + since),
    kind: fc.constantFrom(...HEARTBEAT_KINDS),
    message: fc.option(fc.oneof(fc.constant("OK:200"), fc.string({ unit: "binary" }))),
    address: fc.constantFrom("192.0.2.1", null),
    userAgent: fc.constantFrom("curl/8", null),
  }).map((each) => heartbeat("1", { ...each, message: each.message?.toWellFormed() ?? null })),
  { minLength: 1 },
);

function textOf({ head, rest }: Stretch): string {
  return `[0,${head}]${rest}`;
}

Deno.test("a series comes back as it was, however it is cut into stretches", () => {
  fc.assert(fc.property(BEATS, fc.nat({ max: 500 }), fc.nat(), (beats, length, cut) => {
    const expected = beats.map(({ appId: _, ...beat }, index) => ({ number: index + 7, ...beat }));
    const middle = cut % beats.length;
    const series = new Series(beats.slice(0, middle));
    series.add(beats.slice(middle));

    let number = 7;
    const read = [...series.stretches(length)].flatMap((stretch) => {
      const part = numbered({ number, at: stretch.at, text: textOf(stretch) });
      number += stretch.count;
      assert.equal(part.length, stretch.count);
      assert.equal(part.at(-1)?.at, stretch.toAt);
      return part;
    });

    assert.deepEqual(read, expected);
    assert.deepEqual(series.numbered(7), expected);
  }));
});

Deno.test("a heartbeat that says the same again takes a few characters", () => {
  const series = new Series(
    [0, 60_012, 120_000].map((since) => heartbeat("1", { message: "OK:200", at: START + since })),
  );

  const [stretch] = series.stretches(1_000);

  assert.equal(stretch?.rest, ",60012,59988");
});
