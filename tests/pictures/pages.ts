/**
 * Draws the pages, to be looked at:
 *
 *     deno run --allow-all tests/pictures/pages.ts FOLDER [NAME]
 *
 * Starts a service that has been at work for a month, logs in, and writes a
 * picture of each page on a phone, a desk and a wall, in light and in dark.
 */

import type { Page } from "playwright-core";
import { DAY } from "../../lib/clock.ts";
import { print } from "../simulation/print.ts";
import { acknowledgeLink } from "../support/believable.ts";
import { DOWN_APP } from "../support/believable_apps.ts";
import { REFUSED } from "../support/believable_house.ts";
import { believableService } from "../support/believable_service.ts";
import { look, openTab, photograph, SCHEMES, startBrowser, WIDTHS } from "../support/browser.ts";
import { logIn } from "../support/logged_in.ts";
import { type TestService, testService } from "../support/service.ts";
import { mailServer } from "../support/smtp_server.ts";

/** By the name of its picture, the path of a page. What answers with no page is passed over. */
type Pages = Readonly<Record<string, (service: TestService) => string>>;

/** What anybody sees. */
const OPEN_PAGES: Pages = {
  acknowledge: ({ config }) => acknowledgeLink(config.database, DOWN_APP),
  acknowledge_nothing: () => "/ack/x",
  login: () => "/login",
  status: () => "/status",
};

/** What an admin sees. */
const ADMIN_PAGES: Pages = {
  overview: () => "/",
  app_down: () => `/apps/${DOWN_APP}`,
  app_up: () => "/apps/shop-api",
  app_unknown: () => "/apps/backup-offsite",
  forget: () => "/apps/shop-api/forget",
  nothing: () => "/no/such/page",
  outbox: () => "/outbox",
  letter: () => "/outbox/1",
  test_letter: () => "/outbox/test",
  gaps: () => "/gaps",
  maintenance: () => "/maintenance",
  settings: () => "/settings",
};

/** As much as the longest timeline shows. */
const SPAN = 30 * DAY;

if (import.meta.main) {
  const [folder, only] = Deno.args;
  if (folder === undefined) throw new Error("Cannot draw pages: expected a folder");
  Deno.mkdirSync(folder, { recursive: true });
  await drawAll(folder, only);
}

async function drawAll(folder: string, only: string | undefined): Promise<void> {
  await using mail = await mailServer();
  mail.refuse({ at: "RCPT", address: REFUSED, code: 550, text: "5.1.1 User unknown" });
  await using service = await believableService({ mail, span: SPAN });
  await using browser = await startBrowser();
  await using tab = await openTab(browser);
  // The browser's clock stands where the service's does.
  await tab.page.clock.setFixedTime(service.clock.now());
  async function draw(pages: Pages): Promise<void> {
    for (const [name, path] of Object.entries(pages)) {
      if (only !== undefined && name !== only) continue;
      await drawPage(tab.page, `${service.url}${path(service)}`, `${folder}/${name}`);
    }
  }

  await draw(OPEN_PAGES);
  await logIn(tab, service);
  await tab.page.goto(`${service.url}/outbox`);
  // There is a result to be looked at then.
  await tab.page.getByRole("button", { name: "Send a test letter" }).first().click();
  await draw(ADMIN_PAGES);

  await using empty = await testService();
  await logIn(tab, empty);
  if (only === undefined || only === "first_visit") {
    await drawPage(tab.page, empty.url, `${folder}/first_visit`);
  }
}

async function drawPage(page: Page, url: string, picture: string): Promise<void> {
  const answer = await page.goto(url);
  if (!answer?.headers()["content-type"]?.startsWith("text/html")) {
    print(`${url} answers ${answer?.status()}, and with no page`);
    return;
  }
  for (const width of WIDTHS) {
    for (const scheme of SCHEMES) {
      await look(page, { width, scheme });
      await photograph(page, `${picture}-${width}-${scheme}.png`);
    }
  }
}
