import assert from "node:assert/strict";
import { HOUR, MINUTE } from "../../lib/clock.ts";
import { browserTest } from "../support/browser.ts";
import { loggedIn } from "../support/logged_in.ts";
import { assertSound } from "../support/page_checks.ts";
import { testService } from "../support/service.ts";

browserTest(
  "pages that show what nobody knows are sound, and hatch it, in both languages",
  async (browser, t) => {
    await using service = await testService({ config: { statusTags: ["shop"] } });
    for (const [id, period] of [["web", "1h"], ["nightly", "1d"]] as const) {
      const settings = { tags: ["shop"], period, grace: "10m" };
      await (await service.request("PUT", `/api/apps/${id}`, settings)).text();
      await service.beat(id);
    }
    service.clock.advance(55 * MINUTE);
    await service.restart({}, { offFor: 2 * HOUR });
    service.clock.advance(HOUR);

    for (const [language, unknown] of [["en", "unknown"], ["ru", "под вопросом"]] as const) {
      await using tab = await loggedIn(browser, service, { language });
      const { page } = tab;
      for (const path of ["/", "/status", "/apps/web"]) {
        await t.step(`${language} ${path}`, async () => {
          await page.goto(service.url + path);
          const strip = page.getByRole("img", { name: unknown }).first();
          const style = await page.evaluate<string>(
            'getComputedStyle(document.querySelector("svg[role=img] .unknown")).strokeDasharray',
          );

          assert.match(style, /^2px/);
          assert.ok(await strip.isVisible());
          assert.ok(await page.locator(".legend").getByText(unknown).isVisible());
          await assertSound(page);
        });
      }
      assert.deepEqual(tab.complaints, []);
    }
  },
);
