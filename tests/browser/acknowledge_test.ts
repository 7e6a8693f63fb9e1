import assert from "node:assert/strict";
import { DAY, MINUTE } from "../../lib/clock.ts";
import { browserTest, openTab } from "../support/browser.ts";
import { HOME, HOSTILE } from "../support/letters.ts";
import { assertSound } from "../support/page_checks.ts";
import { mailServer } from "../support/smtp_server.ts";
import { type TestService, testService, WINDOW } from "../support/service.ts";
import { SILENCE } from "../support/store.ts";

const BUTTON = "I know of it";

/** No name has these: who sends them is told so. */
const REFUSED_IN_NAMES = /[\p{Cc}\p{Cs}]/gu;

for (const hasJavaScript of [true, false]) {
  const how = hasJavaScript ? "" : ", without JavaScript too";
  browserTest(
    `the link of a letter opens a page whose button acknowledges${how}`,
    async (browser) => {
      await using alarm = await alarmed();
      const { service, link } = alarm;
      await using tab = await openTab(browser, { hasJavaScript, width: 320 });
      const { page } = tab;

      await page.goto(link);
      const asked = await page.locator("main").innerText();
      const before = acknowledgements(service);
      await page.getByRole("button", { name: BUTTON }).click();
      await page.getByText("Acknowledged (10:22)").waitFor();

      assert.match(asked, /^23 is down\s+Since 10:22, for 3 s\./);
      assert.equal(before, 0);
      assert.equal(acknowledgements(service), 1);
      assert.equal(await page.getByRole("button").count(), 0);
      assert.deepEqual(tab.requests, [`GET ${link}`, `POST ${link}`]);
      assert.deepEqual(tab.complaints, []);
    },
  );
}

browserTest(
  "the keyboard finds the button, which shows that it is meant, and presses it",
  async (browser) => {
    await using alarm = await alarmed();
    await using tab = await openTab(browser);
    const { page } = tab;
    await page.goto(alarm.link);

    await page.keyboard.press("Tab");
    const focused = await page.locator(":focus-visible").innerText();
    const outline = await page.evaluate<string>("getComputedStyle(document.activeElement).outline");
    await page.keyboard.press("Enter");
    await page.getByText("Acknowledged").waitFor();

    assert.equal(focused, BUTTON);
    assert.match(outline, /solid 3px$/);
    assert.equal(acknowledgements(alarm.service), 1);
  },
);

browserTest(
  "the page is sound at every width, by day and by night, however the incident stands",
  async (browser, t) => {
    await using alarm = await alarmed({ name: "w".repeat(100) });
    const { service, link } = alarm;
    await using tab = await openTab(browser);
    const { page } = tab;
    const steps = {
      "open": () => page.goto(link),
      "acknowledged": () => page.getByRole("button", { name: BUTTON }).click(),
      "over": async () => {
        await service.beat(23);
        await page.goto(link);
      },
      "a link that opens nothing": () => page.goto(`${service.url}/ack/x`),
    };
    for (const [name, go] of Object.entries(steps)) {
      await t.step(name, async () => {
        await go();
        await assertSound(page);
      });
    }
  },
);

browserTest("the page obeys nothing that an app is called", async (browser) => {
  await using alarm = await alarmed({ name: HOSTILE.replace(REFUSED_IN_NAMES, "") });
  await using tab = await openTab(browser, { width: 320 });
  const { page } = tab;

  await page.goto(alarm.link);
  const made = await page.locator("script, img, [onerror]").count();

  assert.match(await page.locator("h1").innerText(), /^<script>alert\(1\)<\/script>"><img src=x/);
  assert.match(await page.title(), /^<script>alert\(1\)<\/script>"><img src=x.* is down$/);
  assert.equal(made, 0);
  assert.deepEqual(tab.requests, [`GET ${alarm.link}`]);
  assert.deepEqual(tab.complaints, []);
  await assertSound(page);
});

/** An app that fell silent, and of which a letter has told. */
interface Alarm extends AsyncDisposable {
  readonly service: TestService;
  /** As the letter has it, but for where the service is. */
  readonly link: string;
}

async function alarmed({ name = null }: { readonly name?: string | null } = {}): Promise<Alarm> {
  await using resources = new AsyncDisposableStack();
  const mail = resources.use(await mailServer());
  const timing = {
    digestWindow: WINDOW,
    mailInterval: MINUTE,
    // Without reminders there are none to be spared, and letters have no link.
    remindEvery: DAY,
    mailProof: null,
  };
  const service = resources.use(await testService({ mail, config: { timing, baseUrl: HOME } }));
  const registered = await service.request("PUT", "/api/apps/23", { name });
  assert.equal(registered.status, 201, await registered.text());
  await service.beat(23);
  service.clock.advance(SILENCE);
  await service.logs("app down");
  service.clock.advance(WINDOW);
  const { parsed } = await mail.letter(1);
  await service.logs("letter sent");
  const [, path] = /href="https:\/\/alive\.example\.org(\/ack\/[^"]+)"/.exec(`${parsed.html}`) ??
    [];
  assert.ok(path, `${parsed.html}`);
  const all = resources.move();
  return {
    service,
    link: `${service.url}${path}`,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function acknowledgements({ logged }: TestService): number {
  return logged.filter((line) => line.includes("incident acknowledged by=letter")).length;
}
