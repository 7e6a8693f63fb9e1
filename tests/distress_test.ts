import assert from "node:assert/strict";
import { DAY, HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import { Distress } from "../lib/distress.ts";
import type { Trouble } from "../lib/letter.ts";
import { makeLog } from "../lib/log.ts";
import type { Delivery, Mailer } from "../lib/outbox.ts";
import { FakeClock, START } from "./support/fake_clock.ts";
import { calling, SilentServer } from "./support/fake_mail.ts";
import { ADMIN } from "./support/store.ts";

const TROUBLE: Trouble = { kind: "unstored", since: START, reason: "disk full" };
const SENT: Delivery = { outcome: "sent", reply: "250 OK" };
const DEFERRED: Delivery = { outcome: "deferred", reason: "451 later", hint: null };

/** Distress that mails at once, and to whom it did. */
function distress(
  options: { readonly addresses?: readonly string[]; readonly hasMail?: boolean } = {},
) {
  const { addresses = [ADMIN], hasMail = true } = options;
  const clock = new FakeClock();
  const mailed: string[] = [];
  const server: { delivery: Delivery } = { delivery: SENT };
  const mailer: Mailer = {
    connect: () => {
      const session = {
        send: ({ to }: { readonly to: string }) => {
          mailed.push(to);
          return Promise.resolve(server.delivery);
        },
        close: () => {},
      };
      return Promise.resolve(calling({ outcome: "ready", session }));
    },
  };
  const teller = new Distress({
    mailer: hasMail ? mailer : null,
    addresses,
    clock,
    log: makeLog({ level: "error", format: "text", clock, write: () => {} }),
    write: ({ kind }) => ({ subject: kind, text: kind, html: kind }),
    messageId: () => "<1@example.org>",
    signal: new AbortController().signal,
  });
  const lookAfter = async (wait: number, trouble: Trouble | null = TROUBLE) => {
    clock.advance(wait);
    await teller.look(trouble);
    return mailed.length;
  };
  return { clock, mailed, server, teller, lookAfter };
}

Deno.test("trouble is told when it has lasted ten seconds, and then once an hour", async () => {
  const { lookAfter } = distress();

  const counts = [];
  for (const wait of [0, 10 * SECOND - 1, 1, HOUR - 1, 1]) counts.push(await lookAfter(wait));

  assert.deepEqual(counts, [0, 0, 1, 1, 2]);
});

Deno.test("trouble that ends starts anew, but not the hour since the last letter", async () => {
  const { lookAfter } = distress();
  await lookAfter(0);

  await lookAfter(10 * SECOND - 1, null);
  const afterPause = [await lookAfter(1), await lookAfter(10 * SECOND)];
  await lookAfter(SECOND, null);
  await lookAfter(SECOND);
  const withinHour = await lookAfter(HOUR - 3 * SECOND);
  const afterHour = await lookAfter(SECOND);

  assert.deepEqual(afterPause, [0, 1]);
  assert.deepEqual([withinHour, afterHour], [1, 2]);
});

Deno.test("a letter that nobody took is tried again as any other is", async () => {
  const { lookAfter, server } = distress();
  server.delivery = DEFERRED;
  await lookAfter(0);
  await lookAfter(10 * SECOND);

  const counts = [];
  for (const wait of [15 * SECOND - 1, 1, MINUTE - 1, 1]) counts.push(await lookAfter(wait));

  assert.deepEqual(counts, [1, 2, 2, 3]);
});

Deno.test("a clock that is set changes nothing about when trouble is told", async () => {
  const { clock, lookAfter } = distress();
  await lookAfter(0);

  clock.set(DAY);
  const early = await lookAfter(10 * SECOND - 1);
  clock.set(-2 * DAY);
  const inTime = await lookAfter(1);

  assert.deepEqual([early, inTime], [0, 1]);
});

Deno.test("every address is told at once, and without mail nobody is", async () => {
  const many = distress({ addresses: ["a@example.org", "b@example.org"] });
  const none = distress({ hasMail: false });

  const told = await many.teller.tell({ kind: "lost", database: "a.db", what: "deleted" });
  const untold = await none.teller.tell({ kind: "lost", database: "a.db", what: "deleted" });

  assert.deepEqual(many.mailed, ["a@example.org", "b@example.org"]);
  assert.deepEqual([told, untold], [true, false]);
});

Deno.test("nobody waits to be told of trouble until a slow server has told somebody else", async () => {
  const clock = new FakeClock();
  const server = new SilentServer();
  const teller = new Distress({
    mailer: server,
    addresses: ["slow@example.org", "quick@example.org"],
    clock,
    log: makeLog({ level: "error", format: "text", clock, write: () => {} }),
    write: ({ kind }) => ({ subject: kind, text: kind, html: kind }),
    messageId: () => "<1@example.org>",
    signal: new AbortController().signal,
  });

  const telling = teller.tell(TROUBLE);
  await server.letIn();
  await server.letIn();
  server.letters[1]?.answer(SENT);
  server.letters[0]?.answer(DEFERRED);

  assert.deepEqual(server.letters.map(({ mail }) => mail.to), [
    "slow@example.org",
    "quick@example.org",
  ]);
  assert.equal(await telling, true);
});
