import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { DAY, MINUTE, SECOND } from "../lib/clock.ts";
import { mailServer } from "./support/smtp_server.ts";
import { type TestService, testService } from "./support/service.ts";
import { SILENCE } from "./support/store.ts";

const WINDOW = 3 * SECOND;

/** Moves time on until the apps that stay silent are down. */
async function fallSilent(service: TestService, times = 1): Promise<void> {
  service.clock.advance(SILENCE);
  await service.logs("app down", times);
}

Deno.test("an app falls silent and one letter arrives; it comes back and a letter answers that one", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  await service.beat(23, { message: "OK:200" });

  await fallSilent(service);
  service.clock.advance(WINDOW);
  await service.logs("letter sent");
  service.clock.advance(5 * MINUTE);
  await service.beat(23, { message: "here again" });
  service.clock.advance(WINDOW);
  await service.logs("letter sent", 2);

  const [alarm, recovery, ...more] = mail.letters;
  assert.equal(alarm?.parsed.subject, "1 app is down: 23");
  assert.match(alarm?.parsed.text ?? "", /OK:200/);
  assert.equal(recovery?.parsed.subject, "1 app is back: 23");
  assert.equal(recovery?.parsed.inReplyTo, alarm?.parsed.messageId);
  assert.deepEqual(more, []);
});

Deno.test("two apps that fall silent together are one letter", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  await service.beat("a");
  service.clock.advance(SECOND);
  await service.beat("b");

  service.clock.advance(SILENCE - SECOND);
  await service.logs("app down", 1);
  service.clock.advance(SECOND);
  await service.logs("app down", 2);
  service.clock.advance(WINDOW);
  await service.logs("letter sent");

  assert.deepEqual(mail.letters.map(({ parsed }) => parsed.subject), ["2 apps are down: a, b"]);
});

Deno.test("a heartbeat read before the deadline and swept after it ends in no letter", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  await service.beat(23);

  service.clock.advance(SILENCE - 1);
  const queued = service.beat(23);
  await (await service.request("GET", "/healthz")).text(); // by now the one before it was read
  service.clock.advance(1);
  const checked = await (await service.request("POST", "/api/check")).json();

  assert.deepEqual(await queued, { app_id: "23", status: "up" });
  assert.deepEqual(checked, { down: 0, sent: 0, waiting: 0, trying: 0 });
  assert.deepEqual(mail.letters, []);
});

Deno.test("while the mail server is down nothing is lost, and the letter comes when it is back", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  await service.beat(23);
  await mail.goDown();

  await fallSilent(service);
  service.clock.advance(WINDOW);
  await service.logs("mail server failed", 1);
  service.clock.advance(15 * SECOND);
  await service.logs("mail server failed", 2);
  await mail.comeUp();
  service.clock.advance(MINUTE);
  await service.logs("letter sent");

  assert.deepEqual(mail.letters.map(({ parsed }) => parsed.subject), ["1 app is down: 23"]);
});

Deno.test("a letter that is refused for now comes later, with the same Message-ID and all that is owed by then", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  await service.beat("a");
  mail.refuse({ at: "letter", code: 451, text: "4.7.1 greylisted" });

  await fallSilent(service);
  service.clock.advance(WINDOW);
  await service.logs("letter not sent");
  const refused = service.logged.find((line) => line.includes("letter not sent")) ?? "";
  await service.beat("b", { kind: "fail" });
  mail.refuse();
  service.clock.advance(15 * SECOND);
  await service.logs("letter sent");

  const [letter] = mail.letters;
  assert.equal(letter?.parsed.subject, "1 app is down: a; 1 reported a failure: b");
  assert.ok(refused.includes(`message_id=${letter?.parsed.messageId}`), refused);
});

Deno.test("one address that is refused holds up no other", async () => {
  await using mail = await mailServer();
  const adminEmails = ["bad@example.org", "good@example.org"];
  await using service = await testService({ mail, config: { adminEmails } });
  await service.beat(23);
  mail.refuse({ at: "RCPT", address: "bad@example.org", code: 550, text: "5.1.1 nobody" });

  await fallSilent(service);
  service.clock.advance(WINDOW);
  await service.logs("letter sent");
  await service.logs("letter not sent");

  assert.deepEqual(mail.letters.map(({ to }) => to), [["good@example.org"]]);
});

Deno.test("a wrong password is tried once for all addresses, then by one clock", async () => {
  await using mail = await mailServer({ login: { user: "me", password: "right" } });
  const smtp = { ...mail.config, login: { user: "me", password: "wrong" } };
  const adminEmails = ["a@example.org", "b@example.org", "c@example.org"];
  await using service = await testService({ mail, config: { adminEmails, smtp } });
  await service.beat(23);

  await fallSilent(service);
  service.clock.advance(WINDOW);
  await service.logs("mail server failed", 1);
  service.clock.advance(15 * SECOND);
  await service.logs("mail server failed", 2);

  assert.equal(mail.logins, 2);
  assert.ok(service.logged.every((line) => !line.includes("wrong")));
});

Deno.test("an app that was away while no mail could be sent is told in one line", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  await service.beat(23);
  await mail.goDown();
  await fallSilent(service);
  service.clock.advance(WINDOW);
  await service.logs("mail server failed");

  await service.beat(23);
  await mail.comeUp();
  service.clock.advance(15 * SECOND);
  await service.logs("letter sent");

  assert.match(mail.letters[0]?.parsed.subject ?? "", /^1 app was away: 23/);
  assert.equal(mail.letters.length, 1);
});

Deno.test("the next letter waits for the mail interval and brings everything since", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  await service.beat("a", { kind: "fail" });
  service.clock.advance(WINDOW);
  await service.logs("letter sent", 1);

  for (const app of ["b", "c"]) {
    service.clock.advance(10 * SECOND);
    await service.beat(app, { kind: "fail" });
  }
  service.clock.advance(MINUTE - 20 * SECOND - 1);
  const early = await (await service.request("POST", "/api/check")).json();
  service.clock.advance(1);
  await service.logs("letter sent", 2);

  assert.equal(early.sent, 0);
  assert.equal(mail.letters.length, 2);
  assert.equal(mail.letters[1]?.parsed.subject, "2 apps reported a failure: b, c");
});

Deno.test("an alarm is never held by a letter that told only of recoveries", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  await service.beat("a", { kind: "fail" });
  service.clock.advance(WINDOW);
  await service.logs("letter sent", 1);
  service.clock.advance(MINUTE);
  await service.beat("a");
  service.clock.advance(WINDOW);
  await service.logs("letter sent", 2);

  await service.beat("b", { kind: "fail" });
  service.clock.advance(WINDOW);
  await service.logs("letter sent", 3);

  assert.equal(mail.letters[2]?.parsed.subject, "1 app reported a failure: b");
});

Deno.test("what is owed outlives a restart, and a start alone mails nothing", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  await service.beat(23);
  await service.restart();
  await (await service.request("POST", "/api/check")).text();
  const before = mail.letters.length;

  await fallSilent(service);
  await service.restart();
  service.clock.advance(WINDOW);
  await service.logs("letter sent");

  assert.equal(before, 0);
  assert.deepEqual(mail.letters.map(({ parsed }) => parsed.subject), ["1 app is down: 23"]);
});

Deno.test("without mail debts wait, and what is still down is told once it is set up", async () => {
  await using mail = await mailServer();
  await using service = await testService();
  await service.beat("dead");
  await service.beat("back");
  await fallSilent(service);
  await service.beat("back");

  await service.restart({ smtp: mail.config });
  service.clock.advance(WINDOW);
  await service.logs("letter sent");

  assert.equal(mail.letters.length, 1);
  assert.equal(mail.letters[0]?.parsed.subject, "1 app is down: dead");
});

Deno.test("a letter that was taken while the disk could not be written is not sent twice", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  const held = mail.hold();
  await service.beat(23, { kind: "fail" });
  service.clock.advance(WINDOW);
  await held.letter;
  using foreign = new DatabaseSync(service.config.database);
  foreign.exec("BEGIN IMMEDIATE");

  held.letGo();
  await service.logs("delivery failed");
  foreign.exec("ROLLBACK");
  await service.clock.alarmSet(15 * SECOND);
  service.clock.advance(15 * SECOND);
  await (await service.request("POST", "/api/check")).text(); // by then all of it is done
  const outbox = foreign.prepare("SELECT state FROM messages").all().map(({ state }) => state);

  assert.equal(mail.letters.length, 1);
  assert.deepEqual(outbox, ["sent"]);
});

Deno.test("news that failed at an address is an error in the log", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  mail.refuse({ at: "RCPT", code: 550, text: "5.1.1 nobody" });
  await service.beat(23, { kind: "fail" });
  service.clock.advance(WINDOW);
  await service.logs("letter not sent");

  service.clock.advance(3 * DAY);
  await (await service.request("POST", "/api/check")).text();

  await service.logs("news failed");
  const ready = await service.request("GET", "/readyz");
  assert.deepEqual((await ready.json()).problems, [
    "1 address(es) could not be mailed for 3 days",
  ]);
});

Deno.test("check has what waits for a retry tried at once", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  await service.beat("a", { kind: "fail" });
  await mail.goDown();
  service.clock.advance(WINDOW);
  await service.logs("mail server failed");
  await mail.comeUp();

  const checked = await service.request("POST", "/api/check");

  assert.deepEqual(await checked.json(), { down: 0, sent: 1, waiting: 0, trying: 0 });
});

Deno.test("the link of a letter still acknowledges after a restart, and says so when all is over", async () => {
  await using mail = await mailServer();
  const timing = { digestWindow: WINDOW, mailInterval: MINUTE, remindEvery: DAY, mailProof: null };
  const baseUrl = "https://alive.example.org";
  await using service = await testService({ mail, config: { baseUrl, timing } });
  await service.beat(23, { kind: "fail" });
  service.clock.advance(WINDOW);
  await service.logs("letter sent", 1);
  const path = /https:\/\/alive\.example\.org(\/ack\/\S+)/.exec(mail.letters[0]?.parsed.text ?? "");
  assert.ok(path?.[1]);

  await service.restart();
  const pressed = await fetch(service.url + path[1], { method: "POST" });
  const acknowledged = await pressed.text();
  service.clock.advance(2 * DAY);
  await (await service.request("POST", "/api/check")).text();
  await service.beat(23);
  service.clock.advance(WINDOW);
  await service.logs("letter sent", 2);
  const over = await (await fetch(service.url + path[1])).text();

  assert.match(acknowledged, /Acknowledged/);
  assert.match(over, /This incident is over/);
  assert.deepEqual(mail.letters.map(({ parsed }) => parsed.subject), [
    "1 app reported a failure: 23",
    "1 app is back: 23",
  ]);
});

Deno.test("a day after the letter a reminder is mailed, with a link that ends them", async () => {
  await using mail = await mailServer();
  const timing = { digestWindow: WINDOW, mailInterval: MINUTE, remindEvery: DAY, mailProof: null };
  const baseUrl = "https://alive.example.org";
  await using service = await testService({ mail, config: { baseUrl, timing } });
  await service.beat(23, { kind: "fail" });
  service.clock.advance(WINDOW);
  await service.logs("letter sent", 1);

  // By then it has looked whether the server takes its time.
  service.clock.advance(2 * MINUTE);
  await service.clock.alarmSet(DAY - 2 * MINUTE);
  service.clock.advance(DAY - 2 * MINUTE);
  await service.logs("letter sent", 2);

  const [, reminder] = mail.letters;
  assert.equal(reminder?.parsed.subject, "1 app is still down: 23");
  assert.match(reminder?.parsed.text ?? "", /https:\/\/alive\.example\.org\/ack\//);
});
