import assert from "node:assert/strict";
import type { Call, Mailer } from "../lib/outbox.ts";
import { roomyMailer } from "../lib/roomy_mailer.ts";

const REFUSED: Call = { outcome: "unreachable", reason: "connect EMFILE", hint: null };
const GREETED: Call = {
  outcome: "greeted",
  logIn: () => Promise.reject(new Error("nothing is sent")),
  close: () => {},
};

/** A mailer that is answered as these say, one after the other, and how often it was asked. */
function scripted(...calls: readonly Call[]): Mailer & { asked: number } {
  const mailer = {
    asked: 0,
    connect: () => Promise.resolve(calls[mailer.asked++] ?? REFUSED),
  };
  return mailer;
}

const { signal } = new AbortController();

Deno.test("a letter that may have found no descriptor is tried again at once, when there is room", async () => {
  const mailer = scripted(REFUSED, GREETED);

  const call = await roomyMailer(mailer, () => Promise.resolve(true)).connect(signal);

  assert.deepEqual([call.outcome, mailer.asked], ["greeted", 2]);
});

Deno.test("a server that refuses while there is room is asked once, as ever", async () => {
  const mailer = scripted(REFUSED, GREETED);

  const call = await roomyMailer(mailer, () => Promise.resolve(false)).connect(signal);

  assert.deepEqual([call, mailer.asked], [REFUSED, 1]);
});

Deno.test("who is greeted makes no room, and neither does who was told to stop", async () => {
  const stopped = AbortSignal.abort();
  const makeRoom = () => assert.fail("room was made");

  const greeted = await roomyMailer(scripted(GREETED), makeRoom).connect(signal);
  const refused = await roomyMailer(scripted(REFUSED), makeRoom).connect(stopped);

  assert.deepEqual([greeted.outcome, refused.outcome], ["greeted", "unreachable"]);
});
