import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTest, openTab } from "../support/browser.ts";
import { loggedIn, logIn } from "../support/logged_in.ts";
import { assertSound } from "../support/page_checks.ts";
import { type TestService, testService, TOKEN } from "../support/service.ts";
import { SILENCE } from "../support/store.ts";

async function serviceWithShop(): Promise<TestService> {
  const service = await testService();
  await service.beat("shop");
  await meanwhile(service, { name: "Shop", period: "5m" });
  return service;
}

/** Changes the app, as somebody else does. */
async function meanwhile(service: TestService, change: object): Promise<void> {
  await (await service.request("PATCH", "/api/apps/shop", change)).text();
}

async function settings(service: TestService): Promise<Readonly<Record<string, unknown>>> {
  return await (await service.request("GET", "/api/apps/shop")).json();
}

async function logInOn(page: Page): Promise<void> {
  await page.getByLabel("Admin token").fill(TOKEN);
  await page.getByRole("button", { name: "Log in" }).click();
}

browserTest(
  "two admins edit one app: what clashes stands side by side, and the second one chooses",
  async (browser) => {
    await using service = await serviceWithShop();
    await using one = await loggedIn(browser, service);
    await using other = await loggedIn(browser, service);
    for (const { page } of [one, other]) await page.goto(`${service.url}/apps/shop`);

    await one.page.getByLabel("Period").fill("10m");
    await one.page.getByLabel("Tags").fill("eu");
    await other.page.getByLabel("Period").fill("7m");
    await other.page.getByLabel("Note").fill("ask Ann");
    await one.page.getByRole("button", { name: "Save" }).click();
    await one.page.getByText("Saved.").waitFor();
    await other.page.getByRole("button", { name: "Save" }).click();
    await other.page.getByText("Nothing was saved: since you opened the form").waitFor();
    const between = await settings(service);
    await assertSound(other.page);
    const path = new URL(other.page.url()).pathname;
    await other.page.getByRole("button", { name: "Save" }).click();
    const isHeld = await other.page.getByLabel("Theirs: 10m").isVisible();
    await other.page.getByLabel("Yours, as it stands below: 7m").check();
    await other.page.getByRole("button", { name: "Save" }).click();
    await other.page.getByText("Somebody else has changed meanwhile: Tags.").waitFor();

    const after = await settings(service);
    assert.deepEqual([between.period, between.tags, between.note], ["10m", ["eu"], null]);
    assert.equal(path, "/apps/shop");
    // The browser itself wants a choice first.
    assert.equal(isHeld, true);
    assert.deepEqual([after.period, after.tags, after.note], ["7m", ["eu"], "ask Ann"]);
    assert.deepEqual(other.complaints.filter((each) => !each.includes("409")), []);
  },
);

browserTest(
  "an open form takes on what another saves, unless something was typed: then it says so",
  async (browser) => {
    await using service = await serviceWithShop();
    await using tab = await loggedIn(browser, service);
    const { page } = tab;
    await page.goto(`${service.url}/apps/shop`);
    const period = page.getByLabel("Period");
    const notice = page.getByText("Somebody else has changed these settings meanwhile");

    await meanwhile(service, { period: "10m" });
    await page.locator("#period[value='10m']").waitFor();
    const isSilent = !await notice.isVisible();
    await period.fill("7m");
    await meanwhile(service, { period: "20m", name: "The Shop" });
    await notice.waitFor();
    await page.getByRole("heading", { name: "The Shop" }).waitFor();

    assert.ok(isSilent);
    assert.equal(await period.inputValue(), "7m");
  },
);

for (const hasJavaScript of [true, false]) {
  browserTest(
    `a form whose session has ended is found again after the login, ${
      hasJavaScript ? "with" : "without"
    } a script`,
    async (browser) => {
      await using service = await serviceWithShop();
      await using tab = await loggedIn(browser, service, { hasJavaScript });
      const { page, context } = tab;
      await page.goto(`${service.url}/apps/shop`);
      await page.getByLabel("Period").fill("7m");
      await page.getByLabel("Note").fill("two\nlines");

      await context.clearCookies();
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Nothing was done: you are logged out by now.").waitFor();
      await assertSoundWith(page, hasJavaScript);
      await page.getByLabel("Admin token").fill("wrong");
      await page.getByRole("button", { name: "Log in" }).click();
      await page.getByText("This opens nothing").waitFor();
      await logInOn(page);
      await page.getByText("Nothing was done yet: you had to log in again meanwhile.").waitFor();
      await assertSoundWith(page, hasJavaScript);
      const typed = [
        await page.getByLabel("Period").inputValue(),
        await page.getByLabel("Note").inputValue(),
      ];
      const untouched = await settings(service);
      const path = new URL(page.url()).pathname;
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Saved.").waitFor();

      const after = await settings(service);
      assert.deepEqual(typed, ["7m", "two lines"]);
      assert.deepEqual([untouched.period, untouched.note], ["5m", null]);
      assert.equal(path, hasJavaScript ? "/apps/shop" : "/login");
      assert.deepEqual([after.period, after.note], ["7m", "two lines"]);
    },
  );
}

browserTest("a window that was being planned is found again after the login", async (browser) => {
  await using service = await serviceWithShop();
  await using tab = await loggedIn(browser, service);
  const { page, context } = tab;
  await page.goto(`${service.url}/maintenance`);
  await page.getByLabel("One app").check();
  await page.getByLabel("app_id").fill("shop");
  await page.getByLabel("Every week").check();
  await page.getByLabel("Day", { exact: true }).selectOption("sun");
  await page.getByLabel("Begins at").fill("02:30");
  await page.getByLabel("Note").fill("a new disk");

  await context.clearCookies();
  await page.getByRole("button", { name: "Make it" }).click();
  await logInOn(page);
  await page.getByText("Nothing was done yet").waitFor();
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByText("The window was made.").waitFor();

  const list = await page.locator("#windows").innerText();
  assert.match(list, /Every Sunday at 02:30 \(Europe\/Moscow\), for 1 h\s+a new disk/);
});

browserTest(
  "a form that stays open over a login in another tab is sent as if nothing had been",
  async (browser) => {
    await using service = await serviceWithShop();
    await using tab = await loggedIn(browser, service);
    const { page, context } = tab;
    await page.goto(`${service.url}/apps/shop`);
    await page.getByLabel("Note").fill("ask Ann");

    await context.clearCookies();
    await page.getByText("you are logged out").waitFor();
    const link = page.locator("#not-live").getByRole("link", { name: "Log in" });
    const target = await link.getAttribute("target");
    await logIn(tab, service);
    await page.evaluate("document.dispatchEvent(new Event('resume'))");
    await page.locator("#not-live p").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();

    assert.equal(target, "_blank");
    assert.equal((await settings(service)).note, "ask Ann");
  },
);

browserTest("the buttons of an open page are those of the app as it is", async (browser) => {
  await using service = await testService();
  await service.beat("shop");
  await using tab = await loggedIn(browser, service);
  const { page } = tab;
  await page.goto(`${service.url}/apps/shop`);
  await page.getByRole("button", { name: "Pause" }).focus();

  service.clock.advance(SILENCE);
  await page.getByRole("button", { name: "I know of it" }).click();
  await page.getByText("Acknowledged: no more reminders of this incident.").waitFor();

  await service.logs("incident acknowledged");
});

browserTest(
  "without a script nobody loses what they type, for no form reloads",
  async (browser) => {
    await using service = await serviceWithShop();
    await using tab = await openTab(browser, { hasJavaScript: false });
    const { page } = tab;
    await logIn(tab, service);
    for (const path of ["/apps/shop", "/maintenance", "/apps/shop/forget"]) {
      await page.goto(service.url + path);

      assert.equal(await page.locator("meta[http-equiv=refresh]").count(), 0, path);
    }
  },
);

/** axe is a script. */
async function assertSoundWith(page: Page, hasJavaScript: boolean): Promise<void> {
  if (hasJavaScript) await assertSound(page);
}

browserTest("in Russian, too, no page is wider than a phone", async (browser, t) => {
  await using service = await serviceWithShop();
  await using tab = await loggedIn(browser, service, { width: 320, language: "ru" });
  const { page } = tab;
  for (const path of ["/", "/apps/shop", "/apps/shop/forget", "/maintenance", "/outbox"]) {
    await t.step(path, async () => {
      await page.goto(service.url + path);
      const [needed, given] = await page.evaluate<readonly [number, number]>(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
      );
      assert.ok(needed <= given, `it is ${needed} px wide`);
    });
  }
});
