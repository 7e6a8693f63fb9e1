import assert from "node:assert/strict";
import { DAY, MINUTE, SECOND } from "../../lib/clock.ts";
import { mailServer } from "../support/smtp_server.ts";
import { type TestService, testService } from "../support/service.ts";
import { ADMIN } from "../support/store.ts";

const OTHER = "other@example.org";
const READ_TOKEN = "a-token-for-wall-screens";
const WINDOW = 3 * SECOND;

/** What `GET /api/outbox` answers. */
interface OutboxJson {
  readonly messages: readonly Readonly<Record<string, unknown>>[];
  readonly owed: readonly unknown[];
  readonly next: string | null;
}

async function outbox(service: TestService, query = ""): Promise<OutboxJson> {
  return await (await service.request("GET", `/api/outbox${query}`)).json();
}

async function retry(service: TestService): Promise<unknown> {
  return await (await service.request("POST", "/api/outbox/retry")).json();
}

Deno.test("the outbox shows what waits, with its tries, its debts and the server's words", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  mail.refuse({ at: "letter", code: 451, text: "4.7.1 greylisted" });
  for (const app of ["a", "b"]) await service.beat(app, { kind: "fail" });
  const before = await outbox(service);
  service.clock.advance(WINDOW);
  await service.logs("letter not sent");

  const { messages, owed, next } = await outbox(service);

  const [{ message_id: messageId, reply, ...message } = {}] = messages;
  assert.deepEqual(before, { messages: [], owed: [{ address: ADMIN, news: 2 }], next: null });
  assert.deepEqual(message, {
    id: 1,
    kind: "news",
    to: ADMIN,
    state: "waiting",
    subject: "2 apps reported a failure: a, b",
    tries: 1,
    next_try_at: "2026-11-24T07:21:07.000Z",
    taken_at: null,
    debts: { waiting: 2, sent: 0, suppressed: 0, failed: 0 },
  });
  assert.match(String(messageId), /^<.+@stillalive\.example\.test>$/);
  assert.match(String(reply), /^451 4\.7\.1 greylisted/);
  assert.deepEqual([owed, next], [[], null]);
});

Deno.test("the outbox shows what was taken, when, and what became of each debt", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  mail.refuse({ at: "letter", code: 451, text: "4.7.1 greylisted" });
  for (const app of ["a", "b"]) await service.beat(app, { kind: "fail" });
  service.clock.advance(WINDOW);
  await service.logs("letter not sent");
  await (await service.request("POST", "/api/apps/a/pause")).text();
  mail.refuse();
  service.clock.advance(15 * SECOND);
  await service.logs("letter sent");

  const [message] = (await outbox(service)).messages;

  assert.deepEqual([message?.state, message?.tries, message?.next_try_at], ["sent", 2, null]);
  assert.equal(message?.taken_at, "2026-11-24T07:21:07.000Z");
  assert.match(String(message?.reply), /^250 /);
  assert.deepEqual(message?.debts, { waiting: 0, sent: 1, suppressed: 1, failed: 0 });
});

Deno.test("letters beside the news are in the outbox by their kinds", async () => {
  await using mail = await mailServer();
  const timing = { digestWindow: WINDOW, mailInterval: MINUTE, remindEvery: DAY, mailProof: DAY };
  await using service = await testService({ mail, config: { timing } });
  await service.beat(23, { kind: "fail" });
  service.clock.advance(WINDOW);
  await service.logs("letter sent", 1);
  for (const [at, letters] of [[DAY - WINDOW, 2], [WINDOW, 3]] as const) {
    service.clock.advance(at);
    await (await service.request("POST", "/api/check")).text();
    await service.logs("letter sent", letters);
  }

  const { messages } = await outbox(service);

  assert.deepEqual(messages.map(({ kind, subject }) => [kind, subject]), [
    ["reminder", "1 app is still down: 23"],
    ["proof", "0 of 1 app is well; 1 is down"],
    ["news", "1 app reported a failure: 23"],
  ]);
});

Deno.test("the outbox is shown page by page, newest first, and by state", async () => {
  await using mail = await mailServer();
  const adminEmails = [ADMIN, OTHER];
  await using service = await testService({ mail, config: { adminEmails } });
  mail.refuse({ at: "RCPT", address: OTHER, code: 550, text: "5.1.1 nobody" });
  for (const [app, letters] of [["a", 1], ["b", 2], ["c", 3]] as const) {
    await service.beat(app, { kind: "fail" });
    service.clock.advance(MINUTE);
    await service.logs("letter sent", letters);
  }
  await service.logs("letter not sent", 1);

  const first = await outbox(service, "?limit=3");
  const second = await outbox(service, `/?limit=3&cursor=${first.next}`);
  const states: Record<string, number> = {};
  for (const state of ["waiting", "trying", "sent", "failed", "suppressed"]) {
    states[state] = (await outbox(service, `?state=${state}`)).messages.length;
  }
  const filtered = await outbox(service, "?state=sent&limit=2");
  const rest = await outbox(service, `?state=sent&limit=2&cursor=${filtered.next}`);

  const ids = ({ messages }: OutboxJson) => messages.map(({ id }) => id);
  assert.deepEqual([ids(first), ids(second), second.next], [[4, 3, 2], [1], null]);
  assert.deepEqual(states, { waiting: 1, trying: 0, sent: 3, failed: 0, suppressed: 0 });
  assert.deepEqual([filtered.messages.length, rest.messages.length, rest.next], [2, 1, null]);
});

Deno.test("what the outbox is asked wrongly changes nothing, and the answer says what to fix", async (t) => {
  await using service = await testService();
  const cases: readonly (readonly [string, RegExp])[] = [
    ["limit=0", /limit cannot be "0": expected a whole number from 1 to 1000/],
    ["limit=1001", /limit cannot be "1001"/],
    ["limit=ten", /limit cannot be "ten"/],
    ["state=lost", /state cannot be "lost": expected one of waiting, trying, sent, failed, supp/],
    ["state=", /state cannot be ""/],
    ["cursor=made-up", /cursor cannot be "made-up": expected "next" of the page before/],
    ["cursor=", /cursor cannot be ""/],
    ["cursor=LTE", /cursor cannot be "LTE"/],
  ];
  for (const [query, expected] of cases) {
    await t.step(query, async () => {
      const response = await service.request("GET", `/api/outbox?${query}`);
      const { detail } = await response.json();

      assert.equal(response.status, 400);
      assert.match(detail, expected);
    });
  }
});

Deno.test("the outbox is shown by the token for reading, and tried again by the admin's alone", async (t) => {
  await using service = await testService({ config: { readToken: READ_TOKEN } });
  const cases = [
    ["GET", "/api/outbox", READ_TOKEN, 200],
    ["POST", "/api/outbox/retry", READ_TOKEN, 403],
    ["GET", "/api/outbox", null, 401],
    ["POST", "/api/outbox/retry", null, 401],
    ["GET", "/api/outbox", "a-token-of-nobody-here", 401],
    ["DELETE", "/api/outbox", READ_TOKEN, 405],
    ["GET", "/api/outbox/retry", READ_TOKEN, 405],
  ] as const;
  for (const [method, path, token, status] of cases) {
    await t.step(`${method} ${path} ${token ?? "without a token"} ${status}`, async () => {
      const headers: Record<string, string> = token === null
        ? {}
        : { Authorization: `Bearer ${token}` };
      const response = await fetch(`${service.url}${path}`, { method, headers });
      await response.body?.cancel();
      assert.equal(response.status, status);
    });
  }
});

Deno.test("a retry by hand waits for no retry clock, of a message or of the server", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  await service.beat("a", { kind: "fail" });
  mail.refuse({ at: "letter", code: 554, text: "5.7.1 spam" });
  service.clock.advance(WINDOW);
  await service.logs("letter not sent");
  mail.refuse();
  const byMessage = await retry(service);

  service.clock.advance(MINUTE);
  await service.beat("b", { kind: "fail" });
  await mail.goDown();
  service.clock.advance(WINDOW);
  await service.logs("mail server failed");
  const whileDown = await retry(service);
  await mail.comeUp();
  const byServer = await retry(service);

  assert.deepEqual(byMessage, { sent: 1, waiting: 0, trying: 0 });
  assert.deepEqual(whileDown, { sent: 0, waiting: 1, trying: 0 });
  assert.deepEqual(byServer, { sent: 1, waiting: 0, trying: 0 });
  assert.equal(mail.letters.length, 2);
});

Deno.test("a retry by hand gathers news into letters as ever", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  await service.beat("a", { kind: "fail" });
  service.clock.advance(WINDOW - 1);
  const inWindow = await retry(service);
  service.clock.advance(1);
  await service.logs("letter sent");
  await service.beat("a");
  service.clock.advance(WINDOW);
  const inInterval = await retry(service);

  const none = { sent: 0, waiting: 0, trying: 0 };
  assert.deepEqual([inWindow, inInterval], [none, none]);
});

Deno.test("a retry by hand, and a check, are answered within half a minute, whatever the server takes", async (t) => {
  for (const path of ["/api/outbox/retry", "/api/check"]) {
    await t.step(path, async () => {
      await using mail = await mailServer();
      await using service = await testService({ mail });
      mail.refuse({ at: "letter", code: 451, text: "4.7.1 greylisted" });
      await service.beat("a", { kind: "fail" });
      service.clock.advance(WINDOW);
      await service.logs("letter not sent");
      mail.refuse();
      const hold = mail.hold();

      const asking = service.request("POST", path);
      await hold.letter;
      service.clock.advance(30 * SECOND);
      const answer = await (await asking).json();
      hold.letGo();
      await service.logs("letter sent");

      const { sent, waiting, trying } = answer;
      assert.deepEqual({ sent, waiting, trying }, { sent: 0, waiting: 0, trying: 1 });
    });
  }
});
