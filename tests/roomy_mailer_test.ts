import assert from "node:assert/strict";
import type { Connection, Mailer } from "../lib/outbox.ts";
import { roomyMailer } from "../lib/roomy_mailer.ts";

const REFUSED: Connection = { outcome: "unreachable", reason: "connect EMFILE", hint: null };
const READY: Connection = {
  outcome: "ready",
  session: { send: () => Promise.reject(new Error("nothing is sent")), close: () => {} },
};

/** A mailer that connects as these say, one after the other, and how often it was asked. */
function scripted(...connections: readonly Connection[]): Mailer & { asked: number } {
  const mailer = {
    asked: 0,
    connect: () => Promise.resolve(connections[mailer.asked++] ?? REFUSED),
  };
  return mailer;
}

const { signal } = new AbortController();

Deno.test("a letter that may have found no descriptor is tried again at once, when there is room", async () => {
  const mailer = scripted(REFUSED, READY);

  const connection = await roomyMailer(mailer, () => Promise.resolve(true)).connect(signal);

  assert.deepEqual([connection.outcome, mailer.asked], ["ready", 2]);
});

Deno.test("a server that refuses while there is room is asked once, as ever", async () => {
  const mailer = scripted(REFUSED, READY);

  const connection = await roomyMailer(mailer, () => Promise.resolve(false)).connect(signal);

  assert.deepEqual([connection, mailer.asked], [REFUSED, 1]);
});

Deno.test("who is let in makes no room, and neither does who was told to stop", async () => {
  const stopped = AbortSignal.abort();
  const makeRoom = () => assert.fail("room was made");

  const ready = await roomyMailer(scripted(READY), makeRoom).connect(signal);
  const refused = await roomyMailer(scripted(REFUSED), makeRoom).connect(stopped);

  assert.deepEqual([ready.outcome, refused.outcome], ["ready", "unreachable"]);
});
