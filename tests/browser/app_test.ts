import assert from "node:assert/strict";
import { MINUTE } from "../../lib/clock.ts";
import { browserTest } from "../support/browser.ts";
import { HOSTILE_NAME, HOSTILE_TEXT } from "../support/hostile.ts";
import { loggedIn } from "../support/logged_in.ts";
import { testService } from "../support/service.ts";
import { SILENCE } from "../support/store.ts";

browserTest(
  "a down app is acknowledged, snoozed, paused and resumed by its buttons",
  async (browser) => {
    await using service = await testService();
    await service.beat("shop");
    service.clock.advance(SILENCE);
    await using tab = await loggedIn(browser, service);
    const { page } = tab;

    await page.goto(`${service.url}/apps/shop`);
    await page.getByRole("button", { name: "I know of it" }).click();
    await service.logs("incident acknowledged");
    await page.getByLabel("For").selectOption("4h");
    await page.getByRole("button", { name: "Snooze" }).click();
    await service.logs("app snoozed");
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Resume" }).click();
    await service.logs("app resumed");

    assert.equal((await service.app("shop")).status, "new");
  },
);

browserTest(
  "while one types a period, the page says when the alarm would come",
  async (browser) => {
    await using service = await testService();
    await service.beat("shop");
    await using tab = await loggedIn(browser, service);
    const { page } = tab;
    await page.goto(`${service.url}/apps/shop`);
    const foretold = page.locator("#next-deadline");

    await page.getByLabel("Period").fill("5 parsecs");
    const wrong = await foretold.innerText();
    await page.getByLabel("Period").fill("2h");
    const right = await foretold.innerText();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();

    assert.equal(wrong, "This is no duration.");
    assert.match(right, /^If it stays silent, the alarm comes at \d/);
    assert.equal((await (await service.request("GET", "/api/apps/shop")).json()).period, "2h");
  },
);

browserTest(
  "another period is tried on the past by a button, and nothing is changed",
  async (browser) => {
    await using service = await testService();
    for (const wait of [SILENCE, SILENCE, MINUTE]) {
      await service.beat("shop");
      service.clock.advance(wait);
    }
    await using tab = await loggedIn(browser, service);
    const { page } = tab;
    await page.goto(`${service.url}/apps/shop`);

    await page.getByLabel("Period").fill("10m");
    await page.getByRole("button", { name: "Try on the last 30 days" }).click();
    const found = await page.locator("#backtest").innerText();
    const typed = await page.getByLabel("Period").inputValue();

    assert.match(found, /there would have been 0 alarms instead of 2/);
    assert.equal(typed, "10m");
    assert.equal((await (await service.request("GET", "/api/apps/shop")).json()).period, "1m");
  },
);

browserTest("a form of another site changes nothing", async (browser) => {
  await using service = await testService();
  await service.beat("shop");
  const form = `<form method="post" action="${service.url}/apps/shop/pause"><button>Win</button>`;
  await using elsewhere = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(form, { headers: { "Content-Type": "text/html" } }),
  );
  await using tab = await loggedIn(browser, service);
  const { page } = tab;

  // Of the same host the cookie comes along, of another it does not.
  for (const host of ["127.0.0.1", "localhost"]) {
    await page.goto(`http://${host}:${elsewhere.addr.port}`);
    const answered = page.waitForResponse(`${service.url}/apps/shop/pause`);
    await page.getByRole("button", { name: "Win" }).click();
    await answered;
    if (host === "127.0.0.1") await page.getByText("This is not for you to do").waitFor();
  }

  assert.equal((await service.app("shop")).status, "up");
});

browserTest("a snippet is copied by its button", async (browser) => {
  await using service = await testService();
  await service.beat("shop");
  await using tab = await loggedIn(browser, service);
  const { page, context } = tab;
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`${service.url}/apps/shop`);

  await page.getByRole("button", { name: "Copy" }).first().click();
  await page.getByText("Copied").waitFor();

  const copied = await page.evaluate<string>("navigator.clipboard.readText()");
  assert.match(copied, /^curl -fsS .*\/api\/apps\/ -d '\{"app_id": "shop"\}'$/);
});

browserTest("whatever an app says, and is called, is shown harmlessly", async (browser) => {
  await using service = await testService();
  await service.beat("shop", { message: HOSTILE_TEXT });
  const settings = {
    name: HOSTILE_NAME,
    note: HOSTILE_TEXT.slice(0, 4_000),
  };
  await (await service.request("PATCH", "/api/apps/shop", settings)).text();
  await using tab = await loggedIn(browser, service, { width: 320 });
  const { page } = tab;
  for (
    const path of [
      "/",
      "/apps/shop",
      "/apps/shop/forget",
      `/?q=${encodeURIComponent(HOSTILE_NAME)}`,
    ]
  ) {
    await page.goto(service.url + path);

    assert.notEqual(await page.title(), "obeyed");
    const wide = await page.evaluate<boolean>(
      "document.documentElement.scrollWidth > document.documentElement.clientWidth",
    );
    assert.equal(wide, false, path);
  }
  assert.deepEqual(tab.complaints, []);
});
