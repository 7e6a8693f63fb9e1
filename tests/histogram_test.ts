import assert from "node:assert/strict";
import { Histogram } from "../lib/histogram.ts";

Deno.test("a histogram counts what took up to a bound, the bound included, and all that took longer", () => {
  const histogram = new Histogram([1, 2.5, 10]);

  for (const took of [0, 1, 1.001, 2.5, 10, 10.001, 1_000]) histogram.observe(took);

  const { buckets, count, sum } = histogram.read();
  assert.deepEqual(buckets, [{ upTo: 1, count: 2 }, { upTo: 2.5, count: 4 }, {
    upTo: 10,
    count: 5,
  }]);
  assert.equal(count, 7);
  assert.ok(Math.abs(sum - 1_024.502) < 1e-9);
});

Deno.test("a histogram that has seen nothing says so", () => {
  assert.deepEqual(new Histogram([1]).read(), {
    buckets: [{ upTo: 1, count: 0 }],
    count: 0,
    sum: 0,
  });
});
