import assert from "node:assert/strict";
import fc from "fast-check";
import { HOUR, MINUTE, WEEK } from "../lib/clock.ts";
import { hundredths, sharesOf, uptime, WHOLE } from "../lib/share.ts";
import type { Piece, Standing } from "../lib/timeline.ts";

/** Pieces that follow on one another, each so many hours long. */
function pieces(...lengths: readonly (readonly [Standing, number])[]): readonly Piece[] {
  let to = 0;
  return lengths.map(([standing, hours]) => ({ standing, from: to, to: to += hours * HOUR }));
}

Deno.test("what is unknown is a share of its own, and uptime is of what is known", () => {
  const day = pieces(["new", 10], ["up", 3], ["unknown", 4], ["down", 1], ["paused", 6]);

  const shares = sharesOf(day);

  assert.deepEqual(shares, { up: 3 * HOUR, down: HOUR, unknown: 4 * HOUR, unjudged: 16 * HOUR });
  assert.deepEqual(uptime(shares), { up: 7_500, known: 5_000 });
});

Deno.test("where nothing is known there is no uptime, and where nothing was judged nothing is said", () => {
  assert.deepEqual(uptime(sharesOf(pieces(["unknown", 5]))), { up: null, known: 0 });
  assert.equal(uptime(sharesOf(pieces(["new", 5], ["paused", 1]))), null);
  assert.equal(uptime(sharesOf([])), null);
});

Deno.test("a fall of a millisecond in a month is not 100 %, nor a millisecond's life 0 %", () => {
  const month = 4 * WEEK;

  assert.equal(hundredths(month - 1, month), 9_999);
  assert.equal(hundredths(1, month), 1);
  assert.deepEqual(uptime({ up: month - MINUTE, down: 0, unknown: MINUTE, unjudged: 0 }), {
    up: WHOLE,
    known: 9_999,
  });
});

Deno.test("the whole is said of all alone, nothing of nothing alone, and never more than there is", () => {
  const span = fc.integer({ min: 1, max: 100 * 52 * WEEK });
  const pair = span.chain((whole) =>
    fc.tuple(fc.integer({ min: 0, max: whole }), fc.constant(whole))
  );
  fc.assert(fc.property(pair, ([part, whole]) => {
    const share = hundredths(part, whole);

    assert.ok(Number.isInteger(share) && share >= 0 && share <= WHOLE);
    assert.equal(share === WHOLE, part === whole);
    assert.equal(share === 0, part === 0);
    if (share > 1) assert.ok(BigInt(share) * BigInt(whole) <= BigInt(part) * BigInt(WHOLE));
  }));
});
