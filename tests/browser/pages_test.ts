import assert from "node:assert/strict";
import { DAY } from "../../lib/clock.ts";
import { believableService } from "../support/believable_service.ts";
import { DOWN_APP } from "../support/believable_apps.ts";
import { browserTest } from "../support/browser.ts";
import { assertSound } from "../support/page_checks.ts";
import { mailServer } from "../support/smtp_server.ts";
import { loggedIn } from "../support/logged_in.ts";

browserTest(
  "every page is sound at every width, by day and by night, and loads nothing from elsewhere",
  async (browser, t) => {
    await using mail = await mailServer();
    await using service = await believableService({ mail, span: 2 * DAY });
    await using tab = await loggedIn(browser, service);
    const paths = ["/", `/apps/${DOWN_APP}`, `/apps/${DOWN_APP}/forget`, "/?q=nobody", "/login"];
    for (
      const path of [
        ...paths,
        "/outbox",
        "/outbox/1",
        "/gaps",
        "/maintenance",
        "/settings",
        "/outbox/test",
        "/status",
        "/no/such/page",
        "/apps/nobody",
      ]
    ) {
      await t.step(path, async () => {
        await tab.page.goto(service.url + path);
        await assertSound(tab.page);
      });
    }
    const foreign = tab.requests.filter((each) => !each.includes(` ${service.url}/`));
    assert.deepEqual(foreign, []);
  },
);
