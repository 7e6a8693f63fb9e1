import assert from "node:assert/strict";
import { HOUR, MINUTE, SECOND } from "../../lib/clock.ts";
import { testService, WINDOW } from "../support/service.ts";
import { mailServer } from "../support/smtp_server.ts";
import { ADMIN } from "../support/store.ts";
import { Person } from "../support/person.ts";

const OTHER = "other@example.org";

const LOGIN = { user: "stillalive@example.test", password: "an-app-password" };

Deno.test("every page says that mail is not set up, and which settings are missing", async (t) => {
  const cases = [
    ["en", [], /Mail is not set up: .* Set ADMIN_EMAILS, SMTP_USER and SMTP_PASSWORD, and start/],
    ["en", [ADMIN], /Mail is not set up: .* Set SMTP_USER and SMTP_PASSWORD, and start/],
    ["ru", [], /Почта не настроена: .* Задайте ADMIN_EMAILS, SMTP_USER и SMTP_PASSWORD и запус/],
  ] as const;
  for (const [language, adminEmails, expected] of cases) {
    await t.step(`${language} ${adminEmails.length}`, async () => {
      await using service = await testService({ config: { adminEmails } });
      const person = await Person.logIn(service, { language });
      for (const path of ["/", "/outbox", "/outbox/test"]) {
        const { html, text } = await person.page(path);

        assert.match(text, expected);
        assert.doesNotMatch(html, /action="\/outbox/);
      }
    });
  }
});

Deno.test("while mail is not set up news waits for that, and no test letter can be sent", async () => {
  await using service = await testService();
  const person = await Person.logIn(service);
  await service.beat("backup", { kind: "fail" });
  const page = (await person.page("/outbox")).text;
  const test = await person.act("/outbox/test");

  assert.match(page, /admin@example\.org: 1 piece of news \(waits until mail is set up/);
  assert.match(test.text, /Cannot send a test letter: mail is not set up/);
  assert.equal(test.status, 400);
});

Deno.test("every page says that mail fails, since when, in the server's words and with what to do, until it works", async () => {
  await using mail = await mailServer({ login: LOGIN });
  await using service = await testService({ mail });
  const person = await Person.logIn(service);
  const well = (await person.page("/")).text;
  mail.refuse({ at: "AUTH", code: 535, text: `5.7.8 no, not ${LOGIN.password}` });
  await service.beat("backup", { kind: "fail" });
  service.clock.advance(WINDOW);
  await service.logs("mail server failed");
  const { html: source, text } = await person.page("/");
  service.clock.advance(15 * SECOND);
  await service.logs("mail server failed", 2);
  const later = (await person.page("/outbox")).text;
  mail.refuse();
  await person.press("/outbox/retry");
  const mended = (await person.page("/")).text;

  assert.doesNotMatch(well, /Mail has/);
  assert.match(
    text,
    /Mail has not worked since 10:20: .* The next try is at 10:21\. 535 5\.7\.8 no, not \*\*\* User name or password refused: check SMTP_USER and SMTP_PASSWORD; .* See the outbox Send a test letter/,
  );
  assert.match(source, /<form method="post" action="\/outbox\/test">/);
  assert.ok(!source.includes(LOGIN.password));
  assert.match(later, /Mail has not worked since 10:20: .* The next try is at 10:22\./);
  assert.doesNotMatch(mended, /Mail has/);
  assert.equal(mail.letters.length, 1);
});

Deno.test("every page says that letters are not taken, once that has lasted", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  const person = await Person.logIn(service);
  mail.refuse({ at: "letter", code: 554, text: "5.7.1 spam" });
  await service.beat("backup", { kind: "fail" });
  service.clock.advance(WINDOW);
  await service.logs("letter not sent");
  const early = (await person.page("/")).text;
  service.clock.advance(20 * MINUTE);
  const late = (await person.page("/")).text;

  assert.doesNotMatch(early, /News has been waiting/);
  assert.match(
    late,
    /News has been waiting to be mailed since 10:20\. 554 5\.7\.1 spam The server suspects spam: /,
  );
});

Deno.test("every page names an address that could not be mailed for 3 days", async () => {
  await using mail = await mailServer();
  const adminEmails = [ADMIN, OTHER];
  await using service = await testService({ mail, config: { adminEmails } });
  mail.refuse({ at: "RCPT", address: OTHER, code: 550, text: "5.1.1 nobody" });
  await service.beat("backup", { kind: "fail" });
  service.clock.advance(WINDOW);
  for (let tries = 1; tries <= 73; tries++) {
    await service.logs("letter not sent", tries);
    if (tries < 73) service.clock.advance(HOUR);
  }
  const person = await Person.logIn(service);

  const page = (await person.page("/")).text;

  assert.match(
    page,
    /other@example\.org has been refused since 24 Nov, 10:20: .* 550 5\.1\.1 nobody There is no such mailbox: check the address\./,
  );
});

Deno.test("a test letter goes to every admin, and the page that follows says what came of each", async () => {
  await using mail = await mailServer();
  const adminEmails = [ADMIN, OTHER];
  await using service = await testService({ mail, config: { adminEmails } });
  const person = await Person.logIn(service);
  const before = (await person.page("/outbox/test")).text;
  mail.refuse({ at: "RCPT", address: OTHER, code: 550, text: "5.1.1 nobody" });

  const page = (await person.press("/outbox/test")).text;

  assert.match(before, /No test letter has been sent since the start/);
  assert.match(page, /Test letter Tried at 10:20 Sent to admin@example\.org 250 /);
  assert.match(
    page,
    /Not sent to other@example\.org: the server refuses this address 550 5\.1\.1 nobody There is no such mailbox: check the address\. Send another one/,
  );
  assert.deepEqual(mail.letters.map(({ to }) => to), [[ADMIN]]);
  assert.match(String(mail.letters[0]?.parsed.subject), /Mail works|works/);
  assert.match((await person.page("/outbox")).text, /No letter has been written yet/);
});

Deno.test("a test letter that cannot be sent tells every page why, and one that can takes that back", async () => {
  await using mail = await mailServer({ login: LOGIN });
  await using service = await testService({ mail });
  const person = await Person.logIn(service, { language: "ru" });
  mail.refuse({ at: "AUTH", code: 535, text: "5.7.8 no" });
  const refused = (await person.press("/outbox/test")).text;
  const overview = (await person.page("/")).text;
  mail.refuse();
  const taken = (await person.press("/outbox/test")).text;

  assert.match(
    refused,
    /Не отправлено: почтовый сервер не пускает 535 5\.7\.8 no Имя или пароль не подошли/,
  );
  assert.match(
    overview,
    /Почта не работает с 10:20: .* 535 5\.7\.8 no Имя или пароль не подошли/,
  );
  assert.match(taken, /Отправлено на admin@example\.org 250 /);
  assert.doesNotMatch(taken, /Почта не работает/);
  assert.equal(mail.logins, 2);
});

Deno.test("a test letter over which the server takes its time goes on, and its page shows what comes of it", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  const person = await Person.logIn(service);
  const hold = mail.hold();
  const pages = [person.press("/outbox/test"), person.press("/outbox/test")];
  await hold.letter;
  service.clock.advance(30 * SECOND);
  const [page] = await Promise.all(pages);
  hold.letGo();
  await service.logs("test letter");
  const later = (await person.page("/outbox/test")).text;

  assert.match(page?.text ?? "", /Under way since 10:20.* may take 5 minutes before it greets us/);
  assert.match(page?.html ?? "", /<div id="tested" data-part/);
  assert.match(later, /Tried at 10:20 Sent to admin@example\.org/);
  const tests = service.logged.filter((line) => line.includes("test letter"));
  assert.equal(tests.length, 1);
});
