import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { MINUTE } from "../../lib/clock.ts";
import { browserTest } from "../support/browser.ts";
import { HOSTILE_NAME, HOSTILE_TEXT } from "../support/hostile.ts";
import { loggedIn } from "../support/logged_in.ts";
import { type TestService, testService, WINDOW } from "../support/service.ts";
import { mailServer } from "../support/smtp_server.ts";
import { ADMIN } from "../support/store.ts";

/** An app fails, and its letter is tried for the first time. */
async function fail(service: TestService, event: string, message?: string): Promise<void> {
  await service.beat("shop", { kind: "fail", message });
  service.clock.advance(WINDOW);
  await service.logs(event);
}

/** Goes to the letter that a page shows in a frame; returns what there is to read in it. */
async function letterOn(page: Page): Promise<string> {
  const path = await page.locator("iframe[sandbox]").getAttribute("src");
  await page.goto(new URL(path ?? "", page.url()).href);
  return await page.locator("body").innerText();
}

browserTest(
  "a letter that was not taken is tried again by a button, and looked at as it was sent",
  async (browser) => {
    await using mail = await mailServer();
    await using service = await testService({ mail });
    mail.refuse({ at: "letter", code: 451, text: "4.7.1 greylisted" });
    await fail(service, "letter not sent");
    await using tab = await loggedIn(browser, service);
    const { page } = tab;

    await page.goto(`${service.url}/outbox`);
    await page.getByText("451 4.7.1 greylisted").waitFor();
    mail.refuse();
    await page.getByRole("button", { name: "Try again now" }).click();
    await page.getByText("Tried again: 1 letter taken, 0 letters not taken yet.").waitFor();
    await page.getByRole("link", { name: "1 app reported a failure: shop" }).click();
    await page.getByText("This is the letter as it was sent.").waitFor();

    const [taken] = mail.letters;
    const words = (text: string) => text.replaceAll(/\s+/g, " ").trim();
    const plain = words(await page.locator("pre.words").innerText());
    const html = words(await letterOn(page));

    assert.equal(plain, words(taken?.parsed.text ?? ""));
    assert.match(html, /1 app reported a failure/);
    assert.deepEqual(tab.complaints, []);
  },
);

browserTest(
  "where mail fails every page says so with the server's words, and a button tries it",
  async (browser) => {
    await using mail = await mailServer();
    await using service = await testService({ mail });
    mail.refuse({ at: "greeting", code: 554, text: "5.7.1 go away" });
    await fail(service, "mail server failed");
    await using tab = await loggedIn(browser, service);
    const { page } = tab;
    for (const path of ["/", "/apps/shop", "/gaps", "/maintenance", "/settings"]) {
      await page.goto(service.url + path);
      const alarm = await page.getByRole("alert").innerText();
      assert.match(alarm, /^Mail has not worked since .*go away/, path);
    }

    mail.refuse();
    await page.getByRole("button", { name: "Send a test letter" }).click();
    await page.getByText(`Sent to ${ADMIN}`).waitFor();

    const letter = await mail.letter(1);
    assert.equal(letter.parsed.subject, "Mail from stillalive works");
  },
);

browserTest(
  "whatever an app says is harmless in the outbox, its letters, gaps and maintenance",
  async (browser) => {
    await using mail = await mailServer();
    await using service = await testService({ mail });
    await service.beat("shop");
    const named = await service.request("PATCH", "/api/apps/shop", { name: HOSTILE_NAME });
    await named.body?.cancel();
    await fail(service, "letter sent", HOSTILE_TEXT);
    const asked = await service.request("POST", "/api/maintenance", {
      app_id: "shop",
      at: new Date(service.clock.now() + MINUTE).toISOString(),
      for: "1h",
      note: HOSTILE_TEXT.slice(0, 4_000),
    });
    assert.equal(asked.status, 201, await asked.text());
    await using tab = await loggedIn(browser, service, { width: 320 });
    const { page } = tab;

    for (const path of ["/outbox", "/outbox/1", "/outbox/1/letter", "/gaps", "/maintenance"]) {
      await page.goto(service.url + path);
      assert.notEqual(await page.title(), "obeyed", path);
      assert.equal(await page.locator("img[src=x]").count(), 0, path);
      const wide = await page.evaluate<boolean>(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth",
      );
      assert.equal(wide, false, path);
    }
    await page.goto(`${service.url}/outbox/1`);
    assert.match(await letterOn(page), /<script>document\.title = 'obeyed'<\/script>/);
    assert.deepEqual(tab.complaints, []);
  },
);
