import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { type Duration, SECOND } from "../../lib/clock.ts";
import { browserTest, openTab, type Tab } from "../support/browser.ts";
import { logIn } from "../support/logged_in.ts";
import { assertSound } from "../support/page_checks.ts";
import { Person } from "../support/person.ts";
import { Program } from "../support/program.ts";
import { testService, TOKEN } from "../support/service.ts";
import { temporaryFolder } from "../support/store.ts";

/** Within so long a page says that it is not live any more. */
const SAID_WITHIN: Duration = 10 * SECOND;

/** How long something is off that nobody is to be bothered with. */
const BRIEFLY: Duration = 2 * SECOND;

/** A service of its own, in real time, that can be ended, stopped and started again at the same address. */
class RealService implements AsyncDisposable {
  readonly #folder = temporaryFolder();
  #program: Program;
  #port = "0";
  url = "";

  private constructor() {
    this.#program = this.#start();
  }

  static async start(): Promise<RealService> {
    const service = new RealService();
    await service.#listening();
    return service;
  }

  async beat(appId: string): Promise<void> {
    await (await fetch(`${this.url}/ping/${appId}`)).body?.cancel();
  }

  signal(signal: Deno.Signal): void {
    this.#program.signal(signal);
  }

  async end(): Promise<void> {
    await this.#program.end("SIGKILL");
  }

  async startAgain(): Promise<void> {
    this.#program = this.#start();
    await this.#listening();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#program.isRunning) this.#program.signal("SIGCONT");
    await this.#program[Symbol.asyncDispose]();
    this.#folder[Symbol.dispose]();
  }

  #start(): Program {
    return new Program({
      folder: this.#folder.path,
      env: { HOST: "127.0.0.1", PORT: this.#port, ADMIN_TOKEN: TOKEN, PERIOD: "1h" },
    });
  }

  async #listening(): Promise<void> {
    const [, url = "", port = ""] = await this.#program.says(
      /listening url=(http:\/\/[^ ]*?:(\d+))/,
    );
    [this.url, this.#port] = [url, port];
  }
}

/** The page of an app that is well, as an admin has it open. */
async function openPage(browser: Browser, service: RealService): Promise<Tab> {
  await service.beat("shop");
  const tab = await openTab(browser);
  await logIn(tab, service);
  await tab.page.goto(service.url);
  await tab.page.getByRole("heading", { name: "The one app is well" }).waitFor();
  await countBanners(tab.page);
  return tab;
}

/** Has the page remember how often it said that it was not live. */
async function countBanners(page: Page): Promise<void> {
  await page.evaluate(`
    globalThis.banners = 0;
    new MutationObserver(() => document.querySelector("#not-live p") && banners++)
      .observe(document.getElementById("not-live"), { childList: true });
  `);
}

/** Waits until the page says that it is not live, and for no longer than it may. */
async function says(page: Page, text: string): Promise<string> {
  const banner = page.locator("#not-live");
  await banner.getByText(text).waitFor({ timeout: SAID_WITHIN });
  return await banner.innerText();
}

async function isLiveAgain(page: Page): Promise<void> {
  await page.locator("#not-live p").waitFor({ state: "detached" });
}

/** A port that is free now, so that a service can be started at the same one again. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** A moment of real time: what is tested is that a browser's own timers do nothing in it. */
function pass(time: Duration): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, time));
}

browserTest(
  "a page whose service is gone says within ten seconds as of when it is, and comes back by itself",
  async (browser) => {
    await using service = await RealService.start();
    await using tab = await openPage(browser, service);
    const { page } = tab;
    const asOf = await page.locator("#as-of time").innerText();

    await service.end();
    const said = await says(page, "Not live any more: the server does not answer");
    const title = await page.title();
    await assertSound(page);
    const isGrey = await page.evaluate<string>(
      "getComputedStyle(document.querySelector('main')).filter",
    );
    const frozen = await page.locator(".heard time").innerText();
    await pass(BRIEFLY);
    const later = await page.locator(".heard time").innerText();
    await service.startAgain();
    await isLiveAgain(page);

    assert.match(said, /this is how things were at \d\d? \w+, \d\d:\d\d:\d\d\. Trying again …/);
    assert.match(asOf, /^\d\d? \w+, \d\d:\d\d:\d\d$/);
    assert.equal(title, "(not live) The one app is well – stillalive");
    assert.equal(isGrey, "grayscale(1)");
    assert.equal(later, frozen);
    assert.equal(await page.title(), "The one app is well – stillalive");
  },
);

browserTest("a page whose service stands still says so within ten seconds", async (browser) => {
  await using service = await RealService.start();
  await using tab = await openPage(browser, service);

  service.signal("SIGSTOP");
  await says(tab.page, "Not live any more: the server does not answer");
  service.signal("SIGCONT");
  await isLiveAgain(tab.page);
});

browserTest("a page whose network is gone says so within ten seconds", async (browser) => {
  await using service = await RealService.start();
  await using tab = await openPage(browser, service);

  await tab.context.setOffline(true);
  await says(tab.page, "Not live any more: the server does not answer");
  await tab.context.setOffline(false);
  await isLiveAgain(tab.page);
});

browserTest(
  "a page whose session ended elsewhere says so within ten seconds, and is live again after a login",
  async (browser) => {
    await using service = await RealService.start();
    await using tab = await openPage(browser, service);
    const { page, context } = tab;
    const [cookie] = await context.cookies();
    const elsewhere = new Person(service);
    elsewhere.cookie = `${cookie?.name}=${cookie?.value}`;

    await elsewhere.submit("/", "/logout");
    const said = await says(page, "you are logged out");
    const to = await page.locator("#not-live").getByRole("link", { name: "Log in" })
      .getAttribute("href");
    await assertSound(page);
    await logIn(tab, service);
    await page.evaluate("document.dispatchEvent(new Event('resume'))");
    await isLiveAgain(page);

    assert.match(said, /Not live any more: you are logged out, and this is how things were at \d/);
    assert.equal(to, "/login?to=%2F");
  },
);

browserTest("a short restart is not worth a word", async (browser) => {
  await using service = await testService({ config: { port: freePort() } });
  await service.beat("shop");
  await using tab = await openTab(browser);
  const { page } = tab;
  await logIn(tab, service);
  await page.goto(service.url);
  await countBanners(page);

  await service.pause(() => pass(BRIEFLY));
  await service.beat("another");
  await page.getByRole("heading", { name: "All 2 apps are well" }).waitFor();
  await pass(SAID_WITHIN);

  assert.equal(await page.evaluate("banners"), 0);
});

browserTest(
  "without a stream, as behind a proxy that holds it back, a page is live all the same",
  async (browser) => {
    await using service = await RealService.start();
    await service.beat("shop");
    await using tab = await openTab(browser);
    const { page } = tab;
    await logIn(tab, service);
    await page.route("**/events", (route) => route.abort());
    await page.goto(service.url);
    await countBanners(page);

    await pass(SAID_WITHIN);
    await service.beat("another");
    await page.getByRole("heading", { name: "All 2 apps are well" }).waitFor();

    assert.equal(await page.evaluate("banners"), 0);
  },
);

browserTest(
  "a page that was frozen shows how things are when it is looked at again, or says that it cannot",
  async (browser) => {
    await using service = await RealService.start();
    await using tab = await openPage(browser, service);
    const { page, context } = tab;
    const devtools = await context.newCDPSession(page);
    const freeze = () => devtools.send("Page.setWebLifecycleState", { state: "frozen" });
    const thaw = () => devtools.send("Page.setWebLifecycleState", { state: "active" });

    await freeze();
    await service.beat("another");
    await pass(SAID_WITHIN);
    await thaw();
    await page.getByRole("heading", { name: "All 2 apps are well" }).waitFor();
    await freeze();
    service.signal("SIGSTOP");
    await pass(SAID_WITHIN);
    await thaw();
    await says(page, "Not live any more: the server does not answer");
    service.signal("SIGCONT");
    await isLiveAgain(page);
  },
);

browserTest(
  "a page out of the browser's memory of the way back is asked for at once",
  async (browser) => {
    await using service = await testService();
    await service.beat("shop");
    await using tab = await openTab(browser);
    const { page } = tab;
    await logIn(tab, service);
    await page.goto(`${service.url}/maintenance`);
    const window = { all: true, daily: "02:30", for: "1h" };

    await (await service.request("POST", "/api/maintenance", window)).text();
    await page.evaluate(
      "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))",
    );

    await page.getByText("Every day at 02:30").waitFor({ timeout: BRIEFLY });
  },
);

browserTest(
  "when another version runs the page is loaded anew, but not where something was typed",
  async (browser) => {
    await using service = await testService();
    await service.beat("shop");
    await using tab = await openTab(browser);
    const { page } = tab;
    await logIn(tab, service);
    await page.goto(`${service.url}/apps/shop`);
    await page.evaluate("globalThis.isOld = true");
    const asAnother = async () => {
      await page.route(/\/apps\/shop$/, async (route) => {
        // Deno 2.6 cannot do what the route itself has for this.
        const request = route.request();
        const response = await fetch(request.url(), { headers: await request.allHeaders() });
        const body = (await response.text()).replace(
          /\/assets\/\w+\/page\.js/,
          "/assets/x/page.js",
        );
        const headers = Object.fromEntries(response.headers);
        await route.fulfill({ status: response.status, headers, body });
      });
    };

    await page.getByLabel("Note").fill("ask Ann");
    await asAnother();
    await says(page, "another version of stillalive runs");
    const typed = await page.getByLabel("Note").inputValue();
    await page.unroute(/\/apps\/shop$/);
    await page.goto(`${service.url}/apps/shop`);
    await page.evaluate("globalThis.isOld = true");
    const loaded = page.waitForEvent("load");
    await asAnother();
    await loaded;

    assert.equal(typed, "ask Ann");
    assert.equal(await page.evaluate("globalThis.isOld"), undefined);
  },
);

browserTest("somebody else's page in place of ours proves nothing", async (browser) => {
  await using service = await testService();
  await using tab = await openTab(browser);
  const { page } = tab;
  await logIn(tab, service);
  await page.goto(service.url);

  const portal = "<html><head><title>Wi-Fi</title></head><body><h1>All is well</h1></body></html>";
  await page.route(
    `${service.url}/`,
    (route) => route.fulfill({ contentType: "text/html", body: portal }),
  );
  await says(page, "Not live any more");

  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "No app yet");
});

browserTest(
  "a page of an app that was forgotten says that it is not there any more",
  async (browser) => {
    await using service = await testService();
    await service.beat("shop");
    await using tab = await openTab(browser);
    const { page } = tab;
    await logIn(tab, service);
    await page.goto(`${service.url}/apps/shop`);

    await (await service.request("DELETE", "/api/apps/shop")).text();

    await says(page, "What this page shows is not there any more");
  },
);

browserTest("the public page is kept as things are, and says when it is not", async (browser) => {
  await using service = await testService({ config: { statusTags: ["shop"] } });
  await (await service.request("PUT", "/api/apps/web", { tags: ["shop"] })).text();
  await service.beat("web");
  await using tab = await openTab(browser);
  const { page } = tab;
  await page.goto(`${service.url}/status`);
  const before = await page.locator("#as-of time").innerText();

  await service.beat("web", { kind: "fail" });
  service.clock.advance(11 * SECOND);
  await page.getByRole("heading", { name: "1 app is down" }).waitFor();
  const after = await page.locator("#as-of time").innerText();
  await service.pause(async () => void await says(page, "Not live any more"));

  assert.notEqual(after, before);
});

browserTest("without JavaScript a page says as of when it is", async (browser, t) => {
  await using service = await testService({ config: { statusTags: ["shop"] } });
  await service.beat("shop");
  await using tab = await openTab(browser, { hasJavaScript: false });
  const { page } = tab;
  await logIn(tab, service);
  for (
    const path of [
      ...["/", "/apps/shop", "/apps/shop/forget", "/outbox", "/outbox/test", "/gaps"],
      ...["/maintenance", "/settings", "/status"],
    ]
  ) {
    await t.step(path, async () => {
      await page.goto(service.url + path);

      assert.equal(await page.locator("#as-of").innerText(), "As of 24 Nov, 10:20:49");
    });
  }
});
