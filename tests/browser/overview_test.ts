import assert from "node:assert/strict";
import { SECOND } from "../../lib/clock.ts";
import { browserTest, openTab } from "../support/browser.ts";
import { loggedIn } from "../support/logged_in.ts";
import { assertSound } from "../support/page_checks.ts";
import { type TestService, testService, TOKEN } from "../support/service.ts";
import { SILENCE } from "../support/store.ts";

/** Lets time go by until what is to be seen is seen: the page is told within its own second. */
async function passUntil(service: TestService, isSeen: () => Promise<boolean>): Promise<void> {
  for (let left = 40; left > 0 && !await isSeen(); left--) service.clock.advance(SECOND / 2);
  assert.ok(await isSeen());
}

browserTest("a person logs in, and out again", async (browser) => {
  await using service = await testService();
  await service.beat("shop");
  await using tab = await openTab(browser);
  const { page } = tab;

  await page.goto(`${service.url}/?status=up`);
  await page.getByLabel("Admin token").fill("wrong");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByText("This opens nothing").waitFor();
  await page.getByLabel("Admin token").fill(TOKEN);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByText("The one app is well").waitFor();
  const path = new URL(page.url()).pathname;
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByLabel("Admin token").waitFor();

  assert.equal(path, "/");
});

browserTest("an app goes down and comes back before one's eyes", async (browser) => {
  await using service = await testService();
  await service.beat("shop");
  await using tab = await loggedIn(browser, service);
  const { page } = tab;
  await page.goto(service.url);
  const headline = page.getByRole("heading", { level: 1 });
  const says = (text: string) => async () => (await headline.innerText()).includes(text);

  const before = await headline.innerText();
  service.clock.advance(SILENCE);
  await passUntil(service, says("1 app is down"));
  await service.beat("shop");
  await passUntil(service, says("The one app is well"));

  assert.equal(before, "The one app is well");
  assert.deepEqual(tab.complaints, []);
});

browserTest(
  "the first heartbeat lights up on the page that shows how to send it",
  async (browser) => {
    await using service = await testService();
    await using tab = await loggedIn(browser, service);
    const { page } = tab;
    await page.goto(service.url);
    await page.getByText("No app yet").waitFor();
    await assertSound(page);

    await service.beat("my-first-app");

    const headline = page.getByRole("heading", { name: "The one app is well" });
    await passUntil(service, () => headline.isVisible());
    assert.equal(await page.locator(".apps .name a").innerText(), "my-first-app");
  },
);

browserTest("whoever is cut off is told so, and finds back by itself", async (browser) => {
  await using service = await testService();
  await service.beat("shop");
  await using tab = await loggedIn(browser, service);
  const { page } = tab;
  await page.goto(service.url);
  const cutOff = page.getByText("Not live any more");
  await passUntil(service, () => Promise.resolve(true));

  await service.pause(async () => await cutOff.waitFor());

  assert.ok(await cutOff.isVisible());
});

browserTest("the keyboard searches, goes from app to app and opens one", async (browser) => {
  await using service = await testService();
  for (const app of ["a-1", "a-2", "b-1"]) await service.beat(app);
  await using tab = await loggedIn(browser, service);
  const { page } = tab;
  await page.goto(service.url);

  await page.keyboard.press("/");
  await page.keyboard.type("a-");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=a-/);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  const focused = await page.locator(":focus").innerText();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  const search = await page.locator(":focus").getAttribute("id");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/apps\/a-1$/);

  assert.equal(focused, "a-2");
  assert.equal(search, "search");
});

browserTest("without JavaScript all of it works, with a reload", async (browser) => {
  await using service = await testService();
  await service.beat("shop");
  await using tab = await loggedIn(browser, service, { hasJavaScript: false });
  const { page } = tab;

  await page.goto(service.url);
  const refresh = await page.locator("meta[http-equiv=refresh]").getAttribute("content");
  await page.getByLabel("Search").fill("shop");
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByRole("link", { name: "shop" }).click();
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText("paused").first().waitFor();
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByText("new").first().waitFor();

  assert.equal(refresh, "30");
  assert.equal((await service.app("shop")).status, "new");
});
