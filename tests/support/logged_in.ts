/** A tab whose person is logged in to the pages of a service. */

import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { openTab, type Tab, type TabOptions } from "./browser.ts";
import { type TestService, TOKEN } from "./service.ts";
import { sessionOf } from "./session.ts";

/** Opens one. */
export async function loggedIn(
  browser: Browser,
  service: TestService,
  options: TabOptions & { readonly token?: string } = {},
): Promise<Tab> {
  const tab = await openTab(browser, options);
  const session = await sessionOf(service.url, options.token ?? TOKEN);
  assert.ok(session);
  await tab.context.addCookies([{ ...session, url: service.url }]);
  return tab;
}
