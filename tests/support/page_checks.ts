/**
 * What every page must be, whatever is on it: accessible, and no wider than
 * its screen.
 *
 * @module
 */

import assert from "node:assert/strict";
import axe, { type AxeResults, type Result, type RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import { look, SCHEMES, WIDTHS } from "./browser.ts";

const OPTIONS: RunOptions = {
  resultTypes: ["violations"],
  // Style sheets are of the page's own origin, where they can be read as they are.
  preload: false,
  // Off unless it is asked for: what is to be touched must be large enough for a finger.
  rules: { "target-size": { enabled: true } },
};

/** Finds nothing wrong with the page, at any width, by day and by night. */
export async function assertSound(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const found = new Map<string, string[]>();
  for (const width of WIDTHS) {
    for (const scheme of SCHEMES) {
      await look(page, { width, scheme });
      for (const fault of [...await findings(page), ...await overhang(page)]) {
        found.set(fault, [...found.get(fault) ?? [], `${width} px ${scheme}`]);
      }
    }
  }
  const faults = Array.from(found, ([fault, looks]) => `${fault}\n    at ${looks.join(", ")}`);
  assert.ok(faults.length === 0, `${page.url()} is not sound:\n${faults.join("\n")}`);
}

/** What axe-core finds. */
async function findings(page: Page): Promise<readonly string[]> {
  const run = `axe.run(document, ${JSON.stringify(OPTIONS)})`;
  const { violations } = await page.evaluate<AxeResults>(run);
  return violations.map(findingText);
}

function findingText({ id, impact, help, nodes }: Result): string {
  const places = nodes.map(({ target, html, failureSummary }) =>
    `\n  ${target.join(" ")}: ${html}\n    ${failureSummary?.replaceAll("\n", "\n    ")}`
  );
  return `${id} (${impact}): ${help}${places.join("")}`;
}

/** By how much one would have to scroll sideways, if at all. */
async function overhang(page: Page): Promise<readonly string[]> {
  const [needed, given] = await page.evaluate<readonly [number, number]>(
    "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
  );
  return needed > given ? [`the page is ${needed} px wide, the screen ${given}`] : [];
}
