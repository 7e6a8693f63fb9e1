import assert from "node:assert/strict";
import { DAY, SECOND } from "../lib/clock.ts";
import { openBeside } from "../lib/sqlite/database.ts";
import { Memory } from "../lib/sqlite/memory.ts";
import { makeToken } from "../lib/token.ts";
import { Person } from "./support/person.ts";
import { mailServer } from "./support/smtp_server.ts";
import { type TestService, testService, WINDOW } from "./support/service.ts";

/** What `stillalive token --links` does beside the service. */
function makeLinksAnew({ config }: TestService): void {
  using beside = openBeside(config.database);
  new Memory(beside).write("acknowledge key", makeToken());
}

Deno.test("links made anew open at once, in letters as well, and those before open nothing", async () => {
  await using mail = await mailServer();
  const timing = {
    digestWindow: WINDOW,
    mailInterval: 60 * SECOND,
    remindEvery: DAY,
    mailProof: null,
  };
  const baseUrl = "https://alive.example.com";
  await using service = await testService({ mail, config: { baseUrl, timing } });
  const person = new Person(service);
  const linkIn = (letter: number) =>
    /https:\/\/alive\.example\.com(\/ack\/\S+)/.exec(mail.letters[letter]?.parsed.text ?? "")
      ?.[1] ?? "";
  const fail = async (app: string, letters: number) => {
    await service.beat(app, { kind: "fail" });
    service.clock.advance(2 * 60 * SECOND);
    await service.logs("letter sent", letters);
  };

  await fail("a", 1);
  const before = await person.get(linkIn(0));
  makeLinksAnew(service);
  const after = await person.get(linkIn(0));
  await fail("b", 2);
  const fresh = await person.get(linkIn(1));

  assert.deepEqual([before.status, after.status, fresh.status], [200, 404, 200]);
  assert.match(after.text, /or all links were made anew\. The link in the newest letter works\./);
});

Deno.test("badges made anew have other addresses, which their apps' pages show", async () => {
  await using service = await testService();
  await service.beat("shop");
  const admin = await Person.logIn(service);
  const path = async () =>
    /\/badge\/shop\/[\w-]{22}\.svg/.exec((await admin.page("/apps/shop")).html)?.[0] ?? "";

  const old = await path();
  makeLinksAnew(service);
  const fresh = await path();

  const [before, after] = [await admin.get(old), await admin.get(fresh)];
  assert.deepEqual([before.status, after.status], [404, 200]);
});
