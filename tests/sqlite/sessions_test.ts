import assert from "node:assert/strict";
import { DAY, HOUR, MINUTE } from "../../lib/clock.ts";
import { session } from "../../lib/session.ts";
import { hashToken } from "../../lib/token.ts";
import { FakeClock, START } from "../support/fake_clock.ts";
import { openStore } from "../support/store.ts";

const OPENED_BY = hashToken("an-admin-token");

Deno.test("a session is found by its hash until it is over, or was ended", async () => {
  using store = await openStore({ clock: new FakeClock() });
  const { hash, expiresAt } = session("a-secret", OPENED_BY, START);
  await store.openSession({ hash, openedBy: OPENED_BY, renewedAt: START, expiresAt }, START);

  const found = await store.session(hash, expiresAt - 1);
  const late = await store.session(hash, expiresAt);
  await store.endSession(hash, START + MINUTE);
  await store.endSession(hash, START + HOUR);

  assert.deepEqual(found, { hash, openedBy: OPENED_BY, renewedAt: START, expiresAt });
  assert.equal(late, null);
  assert.equal(await store.session(hashToken("another"), START), null);
  assert.notEqual(await store.session(hash, START + MINUTE - 1), null);
  assert.equal(await store.session(hash, START + MINUTE), null);
});

Deno.test("no more sessions are kept than a thousand, and none that is over", async () => {
  using store = await openStore({ clock: new FakeClock() });
  for (let each = 0; each <= 1_000; each++) {
    await store.openSession(session(`secret ${each}`, OPENED_BY, START + each), START);
  }

  const isThere = async (each: number) =>
    await store.session(hashToken(`secret ${each}`), START) !== null;
  assert.deepEqual([await isThere(0), await isThere(1), await isThere(1_000)], [false, true, true]);
});

Deno.test("a clock that was set back lengthens no session", async () => {
  const clock = new FakeClock(START + DAY);
  using store = await openStore({
    clock,
    cadence: { lookEvery: 1_000 * DAY, markEvery: 1_000 * DAY },
  });
  await store.beginListening();
  const secret = session("a-secret", OPENED_BY, START + DAY);
  await store.openSession(secret, START + DAY);

  clock.set(-DAY);
  await store.listen();

  assert.equal((await store.session(secret.hash, START))?.expiresAt, secret.expiresAt - DAY);
});
