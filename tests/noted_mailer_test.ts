import assert from "node:assert/strict";
import { MINUTE } from "../lib/clock.ts";
import type { Hint, HintName } from "../lib/hint.ts";
import { NotedMailer } from "../lib/noted_mailer.ts";
import type { Connection, Delivery, Mail } from "../lib/outbox.ts";
import { FakeClock, START } from "./support/fake_clock.ts";
import { calling } from "./support/fake_mail.ts";

const MAIL: Mail = {
  messageId: "<1@example.org>",
  to: "admin@example.org",
  subject: "",
  text: "",
  html: "",
  date: START,
  answers: [],
};

/** A hint of this name. */
function hint(name: HintName): Hint {
  return { name, host: "mail.example.test" };
}

const DOWN: Connection = { outcome: "unreachable", reason: "454 no", hint: hint("no relay") };

const { signal } = new AbortController();

/** A mailer of whose connections and letters becomes what `fate` says. */
function noted() {
  const clock = new FakeClock();
  const fate: { connection: Connection | null; delivery: Delivery } = {
    connection: null,
    delivery: { outcome: "sent", reply: "250 ok" },
  };
  const session = { send: () => Promise.resolve(fate.delivery), close: () => {} };
  const connect = () =>
    Promise.resolve(calling(fate.connection ?? { outcome: "ready" as const, session }));
  const mailer = new NotedMailer({ connect }, clock);
  const send = async (delivery: Delivery) => {
    fate.delivery = delivery;
    const connection = await enter(mailer);
    assert.equal(connection.outcome, "ready");
    if (connection.outcome === "ready") await connection.session.send(MAIL);
  };
  return { clock, fate, mailer, send };
}

async function enter(mailer: NotedMailer): Promise<Connection> {
  const call = await mailer.connect(signal);
  return call.outcome === "greeted" ? await call.logIn() : call;
}

Deno.test("a server that lets nobody in is noted since the first time, in its last words, until it does", async () => {
  const { clock, fate, mailer } = noted();
  const before = mailer.trouble;
  fate.connection = DOWN;
  await enter(mailer);
  clock.advance(MINUTE);
  fate.connection = { ...DOWN, reason: "421 gone", hint: null };
  await enter(mailer);
  const during = mailer.trouble;
  fate.connection = null;
  await enter(mailer);

  assert.equal(before, null);
  assert.deepEqual(during, { reason: "421 gone", hint: null, since: START });
  assert.equal(mailer.trouble, null);
});

Deno.test("what we ended ourselves is no trouble of the server's", async () => {
  const { fate, mailer } = noted();
  fate.connection = DOWN;

  await mailer.connect(AbortSignal.abort());

  assert.equal(mailer.trouble, null);
});

Deno.test("hints are found by the words that they were given for, the latest hundred", async () => {
  const { fate, mailer, send } = noted();
  await send({ outcome: "refused", reason: "550 nobody", hint: hint("no such mailbox") });
  await send({ outcome: "deferred", reason: "451 later", hint: null });
  fate.connection = DOWN;
  await enter(mailer);
  fate.connection = null;
  const known = ["550 nobody", "451 later", "454 no", "250 ok"].map((each) => mailer.hint(each));
  for (let each = 1; each < 100; each++) {
    await send({ outcome: "rejected", reason: `554 ${each}`, hint: hint("spam") });
  }

  assert.deepEqual(known, [hint("no such mailbox"), null, hint("no relay"), null]);
  assert.deepEqual([mailer.hint("550 nobody"), mailer.hint("454 no")], [null, hint("no relay")]);
  assert.deepEqual(mailer.hint("554 99"), hint("spam"));
});
