/** A tab whose person is logged in to the pages of a service. */

import type { Browser } from "playwright-core";
import { openTab, type Tab, type TabOptions } from "./browser.ts";
import { type TestService, TOKEN } from "./service.ts";
import { sessionOf } from "./session.ts";

/** Opens one. */
export async function loggedIn(
  browser: Browser,
  service: Pick<TestService, "url">,
  options: TabOptions & { readonly token?: string } = {},
): Promise<Tab> {
  const tab = await openTab(browser, options);
  await logIn(tab, service, options.token);
  return tab;
}

/** Has the person of a tab be logged in to a service from now on. */
export async function logIn(
  { context }: Tab,
  { url }: Pick<TestService, "url">,
  token = TOKEN,
): Promise<void> {
  await context.addCookies([{ ...await sessionOf(url, token), url }]);
}
