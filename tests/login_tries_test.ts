import assert from "node:assert/strict";
import { HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import { LoginTries } from "../lib/login_tries.ts";
import { START } from "./support/fake_clock.ts";

const ONE = "192.0.2.1";

/** So many tries that fail, as soon as each may be made; returns what the last one waited. */
function fail(tries: LoginTries, address: string, times: number, from = START): number {
  let [now, waited] = [from, 0];
  for (let left = times; left > 0; left--) {
    waited = tries.wait(address, now);
    now += waited;
    tries.failed(address, now);
  }
  return waited;
}

Deno.test("five tries are free, then each waits twice as long as the one before", () => {
  const waits = [5, 6, 7, 8].map((times) => fail(new LoginTries(), ONE, times));

  assert.deepEqual(waits, [0, SECOND, 2 * SECOND, 4 * SECOND]);
});

Deno.test("no try waits for more than a quarter of an hour", () => {
  assert.equal(fail(new LoginTries(), ONE, 30), 15 * MINUTE);
});

Deno.test("whoever knows the secret, or stays away for an hour, starts anew", () => {
  const tries = new LoginTries();
  fail(tries, ONE, 5);

  assert.equal(tries.wait(ONE, START), SECOND);
  assert.equal(tries.wait(ONE, START + HOUR + 1), 0);
  tries.succeeded(ONE);
  assert.equal(tries.wait(ONE, START), 0);
});

Deno.test("a clock that was set back makes nobody wait for longer", () => {
  const tries = new LoginTries();
  fail(tries, ONE, 5);

  assert.equal(tries.wait(ONE, START - HOUR), SECOND);
});

Deno.test("tries are counted for each address alone, and for a whole network of IPv6", () => {
  const tries = new LoginTries();
  fail(tries, "2001:db8::1", 5);
  fail(tries, "::1", 5);

  assert.equal(tries.wait("192.0.2.2", START), 0);
  assert.equal(tries.wait("2001:db8:0:0:ffff::7", START), SECOND);
  assert.equal(tries.wait("2001:0db8:0:1::1", START), 0);
  assert.equal(tries.wait("2001:db9::1", START), 0);
  assert.equal(tries.wait("0:0:0:0:0:0:0:1", START), SECOND);
});

Deno.test("of very many addresses the one that tried first is forgotten", () => {
  const tries = new LoginTries();
  fail(tries, ONE, 5);

  for (let each = 0; each < 10_000; each++) tries.failed(`10.0.${each >> 8}.${each & 255}`, START);

  assert.equal(tries.wait(ONE, START), 0);
});
