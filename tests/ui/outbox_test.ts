import assert from "node:assert/strict";
import { MINUTE, SECOND } from "../../lib/clock.ts";
import type { SmtpConfig } from "../../lib/config.ts";
import { PostOffice } from "../support/post_office.ts";
import { type TestService, testService, WINDOW } from "../support/service.ts";
import { mailServer } from "../support/smtp_server.ts";
import { DROP } from "../support/smtp_script.ts";
import { ADMIN } from "../support/store.ts";
import { type Page, Person } from "../support/person.ts";

const READ_TOKEN = "a-token-for-wall-screens";

const GREYLISTED = { at: "letter", code: 451, text: "4.7.1 greylisted" } as const;

/** A mail server in plain text, but for its port. */
const SMTP: SmtpConfig = {
  host: "127.0.0.1",
  port: 0,
  security: "none",
  login: null,
  authorities: null,
  from: "stillalive@example.test",
  name: "stillalive.example.test",
};

/** An app fails, and its letter is tried for the first time. */
async function fail(service: TestService, event: string, app = "backup"): Promise<void> {
  await service.beat(app, { kind: "fail" });
  service.clock.advance(WINDOW);
  await service.logs(event);
}

Deno.test("an admin sees a letter that was sent, with the server's answer", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  const person = await Person.logIn(service);
  const before = (await person.page("/outbox")).text;
  await fail(service, "letter sent");

  const { html, text } = await person.page("/outbox");

  assert.match(before, /No letter has been written yet/);
  assert.match(html, /<a href="\/outbox\/1"><bdi>1 app reported a failure: backup<\/bdi>/);
  assert.match(
    text,
    /reported a failure: backup sent News · admin@example\.org · 1 try 250 .* 10:20 /,
  );
});

Deno.test("an admin sees news that is in no letter yet, then a letter that waits, and for what", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  const person = await Person.logIn(service);
  mail.refuse(GREYLISTED);
  await service.beat("backup", { kind: "fail" });
  await service.beat("shop", { kind: "fail" });
  const gathered = (await person.page("/outbox")).text;
  service.clock.advance(WINDOW);
  await service.logs("letter not sent");
  const waiting = (await person.page("/outbox")).text;

  assert.match(
    gathered,
    /In no letter yet admin@example\.org: 2 pieces of news \(its letter is tried in 3 s/,
  );
  assert.match(
    waiting,
    /waiting News · admin@example\.org · 1 try 451 4\.7\.1 greylisted again in 15 s/,
  );
  assert.doesNotMatch(waiting, /In no letter yet/);
});

Deno.test("an admin sees whom the server refuses, and what to do", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  const person = await Person.logIn(service);
  mail.refuse({ at: "RCPT", code: 550, text: "5.1.1 nobody here" });
  await fail(service, "letter not sent");

  const list = (await person.page("/outbox")).text;
  const letter = (await person.page("/outbox/1")).text;

  assert.match(
    list,
    /550 5\.1\.1 nobody here There is no such mailbox: check the address\. again in 1 h/,
  );
  assert.match(letter, /Answer 550 5\.1\.1 nobody here What to do There is no such mailbox/);
  assert.match(
    letter,
    /written anew, from what is owed by then; texts of earlier tries are not kept/,
  );
});

Deno.test("what waits is tried again at once by a button, which says what came of it", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  const person = await Person.logIn(service);
  const nothing = (await person.press("/outbox/retry")).text;
  mail.refuse(GREYLISTED);
  await fail(service, "letter not sent");
  const refused = (await person.press("/outbox/retry")).text;
  mail.refuse();
  const taken = (await person.press("/outbox/retry")).text;

  assert.match(nothing, /There was nothing to try/);
  assert.match(
    refused,
    /Tried again: 0 letters taken, 1 letter not taken yet\..* waiting .* 2 tries/,
  );
  assert.match(taken, /Tried again: 1 letter taken, 0 letters not taken yet\..* sent .* 3 tries/);
  assert.equal(mail.letters.length, 1);
});

Deno.test("a page does not wait for ever for a server that takes its time over a letter", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  const person = await Person.logIn(service);
  mail.refuse(GREYLISTED);
  await fail(service, "letter not sent");
  mail.refuse();
  const hold = mail.hold();
  const submitted = person.press("/outbox/retry");
  await hold.letter;
  service.clock.advance(30 * SECOND);
  const page = (await submitted).text;
  hold.letGo();
  await service.logs("letter sent");

  assert.match(page, /The mail server takes its time/);
  assert.match(page, /trying News/);
});

Deno.test("a letter's page shows what it tells, with what became of it, and its text", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  const person = await Person.logIn(service);
  mail.refuse(GREYLISTED);
  await service.beat("backup", { kind: "fail" });
  await service.beat("shop", { kind: "fail" });
  service.clock.advance(WINDOW);
  await service.logs("letter not sent");
  await (await service.request("POST", "/api/apps/shop/pause")).text();
  mail.refuse();
  service.clock.advance(15 * SECOND);
  await service.logs("letter sent");

  const { html: source, text: page } = await person.page("/outbox/1");

  const [letter] = mail.letters;
  assert.match(page, /State sent To admin@example\.org Kind News Tries 2 First try 10:20 /);
  assert.match(page, /Taken 10:21 Answer 250 /);
  assert.ok(page.includes(`Message-ID ${letter?.parsed.messageId}`));
  assert.match(
    source,
    /<a href="\/apps\/backup"><bdi>backup<\/bdi><\/a> reported a failure, 10:20 /,
  );
  assert.match(page, /shop reported a failure, 10:20 \(suppressed: the app was paused\)/);
  assert.match(page, /This is the letter as it was sent\./);
  assert.ok(page.includes(letter?.parsed.text?.replace(/\s+/g, " ").trim() ?? "no text"));
});

Deno.test("a letter's HTML is shown in a frame of its own, as it was sent and shut off from the page", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  const person = await Person.logIn(service);
  await fail(service, "letter sent");

  const page = await person.get("/outbox/1");
  const letter = await person.get("/outbox/1/letter");

  assert.match(
    page.html,
    /<iframe class="letter" sandbox="" src="\/outbox\/1\/letter" title="As HTML">/,
  );
  assert.match(page.headers.get("Content-Security-Policy") ?? "", /; frame-src 'self';/);
  assert.equal(letter.html.trim(), String(mail.letters[0]?.parsed.html).trim());
  assert.equal(
    letter.headers.get("Content-Security-Policy"),
    "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'",
  );
  assert.equal(letter.headers.get("Cache-Control"), "no-store");
});

Deno.test("a letter that the server may have is told from one that it has not", async () => {
  await using office = new PostOffice();
  const config = { smtp: { ...SMTP, port: office.port } };
  await using service = await testService({ config });
  const person = await Person.logIn(service);
  office.behave((cue) => cue === "letter" ? DROP : null);
  await fail(service, "letter not sent");

  const page = (await person.page("/outbox/1")).text;

  assert.match(page, /State waiting .* may have this letter: it is tried again as it stands\./);
});

Deno.test("a letter that nobody needs any more stays to be looked at", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  const person = await Person.logIn(service);
  mail.refuse(GREYLISTED);
  await fail(service, "letter not sent");
  await (await service.request("POST", "/api/apps/backup/pause")).text();

  const page = (await person.page("/outbox/1")).text;

  assert.match(page, /State suppressed .* the last try said; no server took it\./);
});

Deno.test("the outbox is shown page by page, newest first, and by state", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  const person = await Person.logIn(service);
  for (let letter = 1; letter <= 51; letter++) {
    await service.beat(letter, { kind: "fail" });
    service.clock.advance(MINUTE);
    await service.logs("letter sent", letter);
  }
  mail.refuse(GREYLISTED);
  await service.beat("backup", { kind: "fail" });
  service.clock.advance(MINUTE);
  await service.logs("letter not sent");

  const first = await person.page("/outbox");
  const second = await person.page(/href="(\/outbox\?before=\d+)"/.exec(first.html)?.[1] ?? "");
  const sent = await person.page("/outbox?state=sent");
  const older = await person.page("/outbox?state=sent&before=2");
  const failed = (await person.page("/outbox?state=failed")).text;
  const odd = await person.page("/outbox?state=lost&before=x&sent=-1&waiting=2");

  const ids = ({ html }: Page) =>
    [...html.matchAll(/id="letter-(\d+)"/g)].map(([, id]) => Number(id));
  assert.deepEqual(ids(first), Array.from({ length: 50 }, (_, index) => 52 - index));
  assert.deepEqual(ids(second), [2, 1]);
  assert.match(second.html, /<a href="\/outbox">To the newest<\/a>/);
  assert.deepEqual([ids(sent)[0], ids(older)], [51, [1]]);
  assert.match(sent.html, /<a href="\/outbox\?state=sent" aria-current="page">sent<\/a>/);
  assert.match(failed, /No letter is like that/);
  assert.deepEqual(ids(odd), ids(first));
  assert.doesNotMatch(odd.text, /Tried again/);
});

Deno.test("a reader sees the outbox without its buttons, and is refused where they lead", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail, config: { readToken: READ_TOKEN } });
  const reader = await Person.logIn(service, { token: READ_TOKEN });
  mail.refuse(GREYLISTED);
  await fail(service, "letter not sent");

  const pages = await Promise.all(["/outbox", "/outbox/1", "/outbox/test"].map((each) => {
    return reader.page(each);
  }));
  const posts = await Promise.all(["/outbox/retry", "/outbox/test"].map((each) => {
    return reader.act(each);
  }));

  for (const page of pages) assert.doesNotMatch(page.html, /action="\/outbox/);
  assert.match(pages[0]?.text ?? "", /waiting News/);
  for (const post of posts) {
    assert.match(post.text, /Nothing was done: you are logged in with a token for reading\./);
    assert.equal(post.status, 403);
  }
  assert.equal(mail.letters.length, 0);
});

Deno.test("a reader gets no link out of a letter that acknowledges", async () => {
  await using mail = await mailServer();
  const timing = {
    digestWindow: WINDOW,
    mailInterval: MINUTE,
    remindEvery: MINUTE,
    mailProof: null,
  };
  const config = { readToken: READ_TOKEN, baseUrl: "https://alive.example", timing };
  await using service = await testService({ mail, config });
  await fail(service, "letter sent");
  const shown = async (token?: string) => {
    const person = await Person.logIn(service, token === undefined ? {} : { token });
    return [await person.page("/outbox/1"), await person.page("/outbox/1/letter")] as const;
  };

  const [ofReader, ofAdmin] = [await shown(READ_TOKEN), await shown()];

  for (const { html } of ofAdmin) assert.match(html, /alive\.example\/ack\/1\.[\w-]{22}/);
  for (const { html } of ofReader) {
    assert.match(html, /alive\.example\/ack\/\*\*\*/);
    assert.doesNotMatch(html, /\/ack\/1/);
  }
  assert.match(ofReader[0].text, /Links that acknowledge are not shown/);
});

Deno.test("a form that is not ours tries nothing", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  const person = await Person.logIn(service);
  mail.refuse(GREYLISTED);
  await fail(service, "letter not sent");
  mail.refuse();

  for (const path of ["/outbox/retry", "/outbox/test"]) {
    for (const fields of [{}, { key: "made-up" }]) {
      const { status, location } = await person.post(path, fields);
      assert.equal(status, 303, path);
      const { text } = await person.page(location ?? "");
      assert.match(
        text,
        /Nothing was done: you had to log in again meanwhile\. Press it once more/,
      );
    }
  }
  assert.equal(mail.letters.length, 0);
});

Deno.test("who is not logged in is sent to do that first", async (t) => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  await fail(service, "letter sent");
  const cases = [
    ["GET", "/outbox"],
    ["GET", "/outbox/1"],
    ["GET", "/outbox/1/letter"],
    ["GET", "/outbox/test"],
  ] as const;
  for (const [method, path] of cases) {
    await t.step(`${method} ${path}`, async () => {
      const response = await fetch(`${service.url}${path}`, { method, redirect: "manual" });
      const text = await response.text();

      assert.equal(response.status, 303);
      assert.equal(response.headers.get("Location"), `/login?to=${encodeURIComponent(path)}`);
      assert.equal(text, "");
    });
  }
  for (const path of ["/outbox/test", "/outbox/retry"]) {
    await t.step(`POST ${path}`, async () => {
      const { status, text } = await new Person(service).post(path, {});

      assert.equal(status, 403);
      assert.match(text, /Log in Nothing was done: you are logged out by now\./);
    });
  }
  assert.equal(mail.letters.length, 1);
});

Deno.test("a letter that there is not is a page that there is not", async () => {
  await using service = await testService();
  const person = await Person.logIn(service);
  for (const path of ["/outbox/1", "/outbox/1/letter", "/outbox/99999999999999999999"]) {
    const { status, text } = await person.get(path);

    assert.equal(status, 404, path);
    assert.match(text, /There is no such page/);
  }
});

Deno.test("names, messages and replies that would be more than text are text", async (t) => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  const person = await Person.logIn(service);
  const names = {
    script: "<script>alert(1)</script>",
    image: '"><img src=x onerror=alert(1)>',
    turned: "\u202egnp.exe\u0007",
  };
  for (const [app, name] of Object.entries(names)) {
    const settings = { name, note: name };
    await (await service.request("PUT", `/api/apps/${app}`, settings)).text();
    await service.beat(app, { kind: "fail", message: `${name}${"x".repeat(4_000)}😀` });
  }
  mail.refuse({ at: "letter", code: 451, text: "<script>alert(2)</script>\u202e" });
  service.clock.advance(WINDOW);
  await service.logs("letter not sent");

  for (const path of ["/", "/outbox", "/outbox/1", "/outbox/1/letter"]) {
    await t.step(path, async () => {
      const { html: source } = await person.page(path);
      for (const wrong of ["<script>", "<img", "\u202e", "\u0007"]) {
        assert.ok(!source.includes(wrong), wrong);
      }
    });
  }
  const page = (await person.page("/outbox/1")).text;
  assert.ok(page.includes("451 <script>alert(2)</script>"));
  assert.ok(page.includes(names.script));
  assert.ok(page.includes("\\u202egnp.exe\\u0007"));
});

Deno.test("the outbox speaks Russian to whoever asks for it", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  const person = await Person.logIn(service, { language: "ru" });
  await service.beat("shop", { kind: "fail" });
  const gathered = (await person.page("/outbox")).text;
  mail.refuse(GREYLISTED);
  service.clock.advance(WINDOW);
  await service.logs("letter not sent");
  const list = (await person.page("/outbox")).text;
  mail.refuse();
  const taken = (await person.press("/outbox/retry")).text;
  const letter = (await person.page("/outbox/1")).text;

  assert.match(
    gathered,
    /Ещё не в письмах admin@example\.org: 1 уведомление \(письмо уйдёт через 3 с/,
  );
  assert.match(list, /ждёт Новости · admin@example\.org · 1 попытка 451 .* снова через 15 с/);
  assert.match(taken, /Отправка повторена: принято 1 письмо, пока не принято 0 писем\./);
  assert.match(letter, /Кому admin@example\.org .* shop сообщило об ошибке, 10:20 \(сообщено\)/);
  assert.equal(mail.letters[0]?.to[0], ADMIN);
});
