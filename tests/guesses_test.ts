import assert from "node:assert/strict";
import { HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import { Guesses } from "../lib/guesses.ts";
import { START } from "./support/fake_clock.ts";

const ONE = "192.0.2.1";

/** So many wrong ones, as soon as each may be made; returns what the last one waited. */
function miss(guesses: Guesses, address: string, times: number, from = START): number {
  let [now, waited] = [from, 0];
  for (let left = times; left > 0; left--) {
    waited = guesses.wait(address, now);
    now += waited;
    guesses.wrong(address, now);
  }
  return waited;
}

Deno.test("five guesses are free, then each wrong one waits twice as long as the one before", () => {
  const waits = [5, 6, 7, 8].map((times) => miss(new Guesses(), ONE, times));

  assert.deepEqual(waits, [0, SECOND, 2 * SECOND, 4 * SECOND]);
});

Deno.test("no guess waits for more than a quarter of an hour", () => {
  assert.equal(miss(new Guesses(), ONE, 30), 15 * MINUTE);
});

Deno.test("whoever knows the secret, or stays away for an hour, starts anew", () => {
  const guesses = new Guesses();
  miss(guesses, ONE, 5);

  assert.equal(guesses.wait(ONE, START), SECOND);
  assert.equal(guesses.wait(ONE, START + HOUR + 1), 0);
  guesses.right(ONE);
  assert.equal(guesses.wait(ONE, START), 0);
});

Deno.test("a clock that was set back makes nobody wait for longer", () => {
  const guesses = new Guesses();
  miss(guesses, ONE, 5);

  assert.equal(guesses.wait(ONE, START - HOUR), SECOND);
});

Deno.test("guesses are counted for each address alone, and for a whole network of IPv6", () => {
  const guesses = new Guesses();
  miss(guesses, "2001:db8::1", 5);
  miss(guesses, "::1", 5);

  assert.equal(guesses.wait("192.0.2.2", START), 0);
  assert.equal(guesses.wait("2001:db8:0:0:ffff::7", START), SECOND);
  assert.equal(guesses.wait("2001:0db8:0:1::1", START), 0);
  assert.equal(guesses.wait("2001:db9::1", START), 0);
  assert.equal(guesses.wait("0:0:0:0:0:0:0:1", START), SECOND);
});

Deno.test("of very many addresses the one is forgotten that has guessed least lately", () => {
  const guesses = new Guesses();
  miss(guesses, ONE, 5);

  for (let each = 0; each < 10_000; each++) guesses.wrong(`10.0.${each >> 8}.${each & 255}`, START);

  assert.equal(guesses.wait(ONE, START), 0);
});
