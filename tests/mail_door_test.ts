import assert from "node:assert/strict";
import { SECOND } from "../lib/clock.ts";
import { MailDoor } from "../lib/mail_door.ts";
import type { Connection } from "../lib/outbox.ts";
import { FakeClock } from "./support/fake_clock.ts";
import { quiet, SilentServer } from "./support/fake_mail.ts";

/** So many want in at the same time; what came of each so far. */
async function crowd(size: number, signal: AbortSignal = new AbortController().signal) {
  const clock = new FakeClock();
  const server = new SilentServer();
  const door = new MailDoor(server, clock);
  const ends: (Connection | null)[] = [];
  const came = (end: Connection | null) => ends.push(end);
  const enter = () => void door.enter(signal).then(came);
  for (let each = 0; each < size; each++) enter();
  await quiet();
  const pass = async (span: number) => {
    clock.advance(span);
    await quiet();
  };
  const outcomes = () => ends.map((end) => end?.outcome ?? null);
  return { server, ends, enter, outcomes, pass };
}

/** Whatever is asked is answered so from now on, as soon as it is asked. */
async function answered<Answer>(
  asked: { readonly answer: (answer: Answer) => void }[],
  answer: Answer,
): Promise<void> {
  for (let at = 0; at < asked.length; at++) {
    asked[at]?.answer(answer);
    await quiet();
  }
}

Deno.test("a server that refuses calls is called once, however many wait", async () => {
  const { server, outcomes } = await crowd(8);
  const calledBefore = server.calls.length;
  await answered(server.calls, "refuse");

  assert.deepEqual([calledBefore, server.calls.length], [1, 1]);
  assert.deepEqual(outcomes(), ["unreachable", ...Array(7).fill(null)]);
});

Deno.test("a wrong password is shown once, though its refusal is put off and eight wait", async () => {
  const { server, outcomes, pass } = await crowd(8);
  await answered(server.calls, "greet");
  await pass(17 * SECOND);
  const shown = server.logins.length;
  await answered(server.logins, "refuse");

  assert.deepEqual([server.calls.length, shown, server.logins.length], [8, 1, 1]);
  assert.deepEqual(outcomes(), ["unreachable", ...Array(7).fill(null)]);
  assert.equal(server.closed, 7);
});

Deno.test("behind a greeting that is slow the others wait two seconds, all of them", async () => {
  const { server, pass } = await crowd(3);
  await pass(2 * SECOND - 1);
  const before = server.calls.length;
  await pass(1);

  assert.deepEqual([before, server.calls.length], [1, 3]);
});

Deno.test("a wrong password is shown once behind a slow greeting, too", async () => {
  const { server, outcomes, pass } = await crowd(3);
  await pass(40 * SECOND);
  await answered(server.calls, "greet");
  await answered(server.logins, "refuse");

  assert.deepEqual([server.calls.length, server.logins.length], [3, 1]);
  assert.deepEqual(outcomes(), ["unreachable", null, null]);
});

Deno.test("a wrong password is not shown by who waited to call while it was refused", async () => {
  const { server, outcomes, pass } = await crowd(3);
  server.calls[0]?.answer("greet");
  await quiet();
  const called = server.calls.length;
  server.logins[0]?.answer("refuse");
  await pass(2 * SECOND);
  await answered(server.calls, "greet");

  assert.deepEqual([called, server.calls.length, server.logins.length], [2, 2, 1]);
  assert.deepEqual(outcomes(), ["unreachable", null, null]);
});

Deno.test("behind a password that is long in the balance the others wait twenty seconds", async () => {
  const { server, outcomes, pass } = await crowd(3);
  await answered(server.calls, "greet");
  await pass(20 * SECOND - 1);
  const before = server.logins.length;
  await pass(1);
  const after = server.logins.length;
  server.logins[2]?.answer("let in");
  await quiet();

  assert.deepEqual([before, after], [1, 3]);
  assert.deepEqual(outcomes(), ["ready"]);
});

Deno.test("of those who asked at once and are refused, the first is told", async () => {
  const { server, outcomes, pass } = await crowd(3);
  await pass(2 * SECOND);
  await answered(server.calls, "refuse");

  assert.equal(server.calls.length, 3);
  assert.deepEqual(outcomes(), ["unreachable", null, null]);
});

Deno.test("a refusal says nothing about who is let in", async () => {
  const { server, outcomes, pass } = await crowd(2);
  await pass(2 * SECOND);
  server.calls[0]?.answer("refuse");
  await quiet();
  server.calls[1]?.answer("greet");
  await quiet();
  await answered(server.logins, "let in");

  assert.deepEqual(outcomes(), ["unreachable", "ready"]);
});

Deno.test("who comes after a refusal asks anew", async () => {
  const { server, outcomes, enter } = await crowd(1);
  await answered(server.calls, "refuse");
  enter();
  await quiet();

  assert.deepEqual(outcomes(), ["unreachable"]);
  assert.equal(server.calls.length, 2);
});

Deno.test("eight are connected at once, and whoever leaves makes room", async () => {
  const { server, ends } = await crowd(10);
  await answered(server.calls, "greet");
  await answered(server.logins, "let in");
  const before = server.calls.length;
  const [first] = ends;
  if (first?.outcome === "ready") first.session.close();
  await quiet();

  assert.deepEqual([before, server.calls.length], [8, 9]);
});

Deno.test("who is slow makes room after ten seconds", async () => {
  const { server, pass } = await crowd(10);
  await pass(2 * SECOND);
  const before = server.calls.length;
  await pass(8 * SECOND);
  const then = server.calls.length;
  await pass(2 * SECOND);

  // They wait two seconds for those before, as all do.
  assert.deepEqual([before, then, server.calls.length], [8, 8, 10]);
});

Deno.test("a stop ends who waits, and is no refusal", async () => {
  const stop = new AbortController();
  const { server, outcomes } = await crowd(10, stop.signal);
  stop.abort();
  await answered(server.calls, "refuse");

  assert.equal(server.calls.length, 1);
  assert.deepEqual(outcomes(), Array(10).fill(null));
});
