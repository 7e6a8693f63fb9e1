import assert from "node:assert/strict";
import { MINUTE, SECOND } from "../../lib/clock.ts";
import { mailServer } from "../support/smtp_server.ts";
import { Person } from "../support/person.ts";
import { testService, WINDOW } from "../support/service.ts";

/** What is not seen, or draws over what stands around it, one of each kind. */
const INVISIBLE = "\u00ad\u2060\u3164\u{e0041}\ue000\u0378\u202e\ufff9\u200b\u200d";
const HEAP = `e${"\u0301".repeat(40)}`;
const TEXT = `pay${INVISIBLE}ments ${HEAP}`;

/** A page as it is read: what is to be edited stays as it was typed. */
function read(html: string): string {
  return html.replaceAll(/value="[^"]*"/g, "").replaceAll(/<textarea.*?<\/textarea>/gs, "");
}

Deno.test("no page, letter, badge or line of the log has in it what a reader cannot see", async (t) => {
  await using mail = await mailServer();
  const timing = {
    digestWindow: WINDOW,
    mailInterval: MINUTE,
    remindEvery: MINUTE,
    mailProof: null,
  };
  const config = { statusTags: ["shop"], baseUrl: "https://alive.example.com", timing };
  await using service = await testService({ mail, config });
  const admin = await Person.logIn(service);
  const settings = { name: TEXT, note: TEXT, tags: ["shop"] };
  await (await service.request("PUT", "/api/apps/shop", settings)).text();
  await service.beat("shop", { message: TEXT, kind: "fail" });
  service.clock.advance(WINDOW);
  await service.logs("letter sent");
  await admin.act("/maintenance", { what: "all", note: TEXT });
  service.clock.advance(SECOND);
  const app = await admin.page("/apps/shop");
  const badge = /\/badge\/shop\/[\w-]{22}/.exec(app.html)?.[0];
  const link = /\/ack\/[\w.-]+/.exec(mail.letters[0]?.parsed.text ?? "")?.[0];
  const pages = [
    "/",
    `/?q=${encodeURIComponent(TEXT)}`,
    "/apps/shop",
    "/apps/shop/forget",
    "/outbox",
    "/outbox/1",
    "/gaps",
    "/maintenance",
    "/settings",
    "/status",
    `${badge}.svg`,
    `${link}`,
  ];

  for (const path of pages) {
    await t.step(path.slice(0, 20), async () => {
      const { html, status } = await admin.get(path);

      assert.equal(status, 200);
      assertVisible(read(html));
    });
  }
  const { html, text, subject = "" } = mail.letters[0]?.parsed ?? {};
  for (const [part, said] of Object.entries({ html: html || "", text: text ?? "", subject })) {
    await t.step(`the letter's ${part}`, () => assertVisible(said));
  }
  await t.step("the log", () => assertVisible(service.logged.join("\n")));
});

function assertVisible(text: string): void {
  for (const character of INVISIBLE) {
    assert.ok(!text.includes(character), `${character.codePointAt(0)?.toString(16)} in: ${text}`);
  }
  assert.doesNotMatch(text, /\p{M}{5}/u);
}
