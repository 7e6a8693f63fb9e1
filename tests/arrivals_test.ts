import assert from "node:assert/strict";
import { Arrivals } from "../lib/arrivals.ts";
import { type Duration, MINUTE, SECOND } from "../lib/clock.ts";
import { drained } from "../lib/loop.ts";

/** The first port of clients. */
const FIRST_PORT = 32_768;

/** Each of so many connections brings a request, as a look at that time knows. */
function come(arrivals: Arrivals, count: number, at: Duration, host = "192.0.2.1"): void {
  arrivals.look(at);
  for (let index = 0; index < count; index++) arrivals.met(host, FIRST_PORT + index);
}

Deno.test("connections that nothing came over before are counted once each, while it is asked for", () => {
  const arrivals = new Arrivals();
  come(arrivals, 10, SECOND);

  arrivals.beginCount();
  come(arrivals, 30, 2 * SECOND);
  come(arrivals, 30, 2 * SECOND);
  arrivals.endCount();
  come(arrivals, 50, 3 * SECOND);

  assert.equal(arrivals.newcomers, 20);
});

Deno.test("a connection on which a client beats once a minute is no new one", () => {
  const arrivals = new Arrivals();
  come(arrivals, 600, MINUTE);

  arrivals.beginCount();
  come(arrivals, 600, 2 * MINUTE + 9 * SECOND);

  assert.equal(arrivals.newcomers, 0);
});

Deno.test("a port that is used again after some minutes is a new connection", () => {
  const arrivals = new Arrivals();
  come(arrivals, 5, SECOND);

  arrivals.beginCount();
  come(arrivals, 5, 3 * MINUTE);

  assert.equal(arrivals.newcomers, 5);
});

Deno.test("of 200 new connections a second from many hosts a burst is told nearly whole", () => {
  const arrivals = new Arrivals();
  const hosts = Array.from({ length: 250 }, (_, index) => `198.51.100.${index}`);
  for (let second = 0; second < 75; second++) {
    arrivals.look(second * SECOND);
    for (let each = 0; each < 200; each++) {
      const number = second * 200 + each;
      arrivals.met(hosts[number % hosts.length] ?? "", FIRST_PORT + number * 7 % 28_000);
    }
  }

  arrivals.beginCount();
  for (let each = 0; each < 512; each++) {
    arrivals.met(hosts[each % hosts.length] ?? "", FIRST_PORT + (each * 13 + 5) % 28_000);
  }

  assert.ok(arrivals.newcomers > 0.9 * 512, `${arrivals.newcomers}`);
});

Deno.test("all has been read once some turns bring nothing: the first ones only let in", async () => {
  const arrivals = new Arrivals();
  // As Deno 2.6 takes up what waits behind a loop that stood still: ten at each turn but the first.
  const reading = (async () => {
    await drained();
    for (let left = 50; left > 0; left--) {
      await drained();
      arrivals.count += 10;
    }
  })();

  await arrivals.allRead();
  const read = arrivals.count;
  await reading;

  assert.equal(read, 500);
});
