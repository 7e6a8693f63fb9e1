/**
 * A real browser: Debian's Chromium, one for a test file, driven by
 * playwright-core. Where there is none its tests are left out, and say so.
 *
 * @module
 */

import type { Browser, BrowserContext, Page } from "playwright-core";
import { type Duration, SECOND } from "../../lib/clock.ts";

/** How wide pages are looked at, in CSS pixels: a phone, a desk, a wall. */
export const WIDTHS = [320, 1_280, 2_560] as const;

/** By the system's wish. */
export const SCHEMES = ["light", "dark"] as const;

/** Debian's name for it. */
const PROGRAM = "chromium";

/** A browser has no business with the network but for the pages it is shown. */
const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** How long a page may take to do what a test waits for. */
const PATIENCE: Duration = 10 * SECOND;

/** How a page is looked at; what is left out is as most do. */
export interface TabOptions {
  readonly width?: number;
  readonly scheme?: typeof SCHEMES[number];
  readonly hasJavaScript?: boolean;
  /** What the browser asks for: "ru", "en-GB". */
  readonly language?: string;
}

/** A tab of its own: no cookies, no history. Disposed of, it is closed. */
export interface Tab extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Each request it made: "GET http://…". */
  readonly requests: readonly string[];
  /** What it would not load, and what went wrong in its scripts. */
  readonly complaints: readonly string[];
}

/** How the tests of this file go: shared by all of them, for each file has its own modules. */
let shared: { browser: Promise<Browser> | null } | "left out" | null = null;

/** A test in the browser that all tests of a file share. */
export function browserTest(
  name: string,
  test: (browser: Browser, t: Deno.TestContext) => Promise<void>,
): void {
  const file = shared ??= findProgram() === null ? leaveOut() : share();
  if (file === "left out") return;
  // The browser outlives the test that starts it.
  const sanitizers = { sanitizeOps: false, sanitizeResources: false };
  const run = async (t: Deno.TestContext) => test(await (file.browser ??= startBrowser()), t);
  Deno.test({ name, ...sanitizers, fn: run });
}

function leaveOut(): "left out" {
  const why = `no ${PROGRAM} on the PATH (on Debian: apt-get install ${PROGRAM})`;
  const name = `the browser tests of this file are left out: ${why}`;
  // Nothing to do where there is no browser: the report is to say so. `.ci/run` installs one.
  Deno.test({ name, ignore: true, fn: () => {} });
  return "left out";
}

function share(): { browser: Promise<Browser> | null } {
  const file: { browser: Promise<Browser> | null } = { browser: null };
  Deno.test.afterAll(async () => await (await file.browser)?.close());
  return file;
}

/**
 * Starts a browser with a profile of its own, which is gone when it is closed.
 *
 * @throws {Error} where there is none to be had.
 */
export async function startBrowser(): Promise<Browser> {
  const executablePath = findProgram();
  if (executablePath === null) {
    throw new Error(`Cannot start a browser: there is no "${PROGRAM}" on the PATH`);
  }
  // As it is loaded, one of its parts looks into /proc, to know Windows' Linux, which Deno lets
  // nobody do who has less than all permissions. With this set, it does not look.
  Deno.env.set("__IS_WSL_TEST__", "1");
  const { chromium } = await import("playwright-core");
  return await chromium.launch({ executablePath, args: ARGUMENTS });
}

/** Opens a tab. */
export async function openTab(browser: Browser, options: TabOptions = {}): Promise<Tab> {
  const { width = 1_280, scheme = "light", hasJavaScript = true, language = "en" } = options;
  const context = await browser.newContext({
    viewport: screen(width),
    colorScheme: scheme,
    javaScriptEnabled: hasJavaScript,
    locale: language,
    // What moves is tested as it looks in the end.
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requests.push(`${request.method()} ${request.url()}`));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  const close = () => context.close();
  return { page, context, requests, complaints, [Symbol.asyncDispose]: close };
}

/** Looks at the same page at another width and in another scheme. */
export async function look(
  page: Page,
  { width, scheme }: { readonly width: number; readonly scheme: typeof SCHEMES[number] },
): Promise<void> {
  await page.setViewportSize(screen(width));
  await page.emulateMedia({ colorScheme: scheme });
}

/** A picture of the whole page, as far down as it goes. */
export async function photograph(page: Page, path: string): Promise<void> {
  await page.screenshot({ path, fullPage: true, animations: "disabled" });
}

/** A phone stands upright; other screens are 16 by 9. */
function screen(width: number): { readonly width: number; readonly height: number } {
  return { width, height: Math.round(width < 640 ? width * 2 : width * 9 / 16) };
}

function findProgram(): string | null {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    const path = `${folder}/${PROGRAM}`;
    try {
      if (Deno.statSync(path).isFile) return path;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return null;
}
