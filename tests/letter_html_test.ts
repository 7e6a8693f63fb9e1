import assert from "node:assert/strict";
import { HOUR } from "../lib/clock.ts";
import { letter } from "../lib/letter.ts";
import type { LetterFacts } from "../lib/letter.ts";
import {
  acknowledgeUrl,
  away,
  back,
  facts,
  failing,
  flapping,
  HOME,
  HOSTILE,
  many,
  NOW,
  reminder,
  silent,
  stillDown,
  style,
} from "./support/letters.ts";

const heartbeat = { at: NOW - HOUR, message: HOSTILE };
const HOSTILE_FACTS: LetterFacts = facts({
  down: [silent("23", { name: HOSTILE, heartbeat }), failing("77", { name: HOSTILE, heartbeat })],
  back: [back("8", { name: HOSTILE, message: HOSTILE })],
  away: [away("9", { name: HOSTILE })],
  flapping: [flapping("10", { name: HOSTILE, message: HOSTILE })],
  stillDown: {
    total: 1,
    others: [],
    apps: [{ appId: '"><b>', name: HOSTILE, since: NOW - HOUR, incident: 9 }],
  },
  failed: [{ address: HOSTILE, count: 1, reason: HOSTILE }],
});

Deno.test("the HTML says what the plain text says", () => {
  const { html } = letter(
    facts({
      down: [silent("23", { name: "Billing" }), failing("77")],
      back: [back("8", { awayAgain: { times: 2, total: HOUR } })],
      stillDown: { ...stillDown("backup"), total: 3 },
      stale: 1,
    }),
    style("en"),
  );

  assert.equal(
    words(html),
    "1 app is down " +
      "Billing 23 / No heartbeat for 2 h 10 min (since 09:50) / Last message: OK:200 / " +
      "Fell 3 times in 7 days " +
      "1 app reported a failure " +
      "77 / Reported a failure 5 min ago (11:55) / Message: disk full / Fell once in 7 days " +
      "1 app is back " +
      "8 / Was away for 2 h 10 min (09:49–11:59) / Message: OK:200 / " +
      "After that: away twice more, 1 h in all / Fell 3 times in 7 days " +
      "3 apps are still down backup for 3 d (since 21 Nov, 12:00) and 2 more " +
      "Before mail was set up there was 1 more piece of news; all of it is over. " +
      "Times are in Europe/Moscow (GMT+3) / Sent by stillalive",
  );
});

Deno.test("the HTML is written in the language it declares", () => {
  const told = facts({ down: [silent("23")] });

  assert.match(letter(told, style("en")).html, /^<!DOCTYPE html>\s*<html lang="en">/);
  assert.match(letter(told, style("ru")).html, /^<!DOCTYPE html>\s*<html lang="ru">/);
});

Deno.test("every value in the HTML is escaped", () => {
  const { html } = letter(HOSTILE_FACTS, style("en", { baseUrl: HOME }));

  assert.ok(html.includes("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;&lt;img src=x"));
  assert.deepEqual([...elements(html)].sort(), ELEMENTS);
});

Deno.test("the HTML shows control characters and changes of direction instead of obeying them", () => {
  const { html } = letter(HOSTILE_FACTS, style("en"));

  assert.doesNotMatch(html.replaceAll("\n", ""), /[\p{Cc}\p{Cs}\u200b\u202e\u2066\ufeff]/u);
  const read = html.replaceAll(/<\/?(?:a|wbr)>/g, "");
  assert.ok(read.includes("\\u202egnp.exe\\u2066 \\u200b\\ufeff\\u0000\\u001b[31m\\r\\nBcc:"));
});

Deno.test("the HTML links apps to their pages only where it is known where these are", () => {
  const told = facts({ down: [silent("23"), silent('"><b>')] });

  const linked = letter(told, style("en", { baseUrl: HOME })).html;
  const unlinked = letter(told, style("en")).html;

  assert.deepEqual(links(linked), [
    "https://alive.example.org/apps/23",
    "https://alive.example.org/apps/%22%3E%3Cb%3E",
    "https://alive.example.org",
  ]);
  assert.deepEqual(links(unlinked), []);
});

Deno.test("the HTML loads nothing from outside", () => {
  const { html } = letter(HOSTILE_FACTS, style("en", { baseUrl: HOME }));

  assert.doesNotMatch(html, /\ssrc="|url\(|@import|<link/);
});

Deno.test("a letter about three hundred apps is not cut off by Gmail, which stops at 102 kB", async (t) => {
  const table: readonly (readonly [string, LetterFacts])[] = [
    ["all down", facts({ down: many(300, silent) })],
    ["silent and flapping", facts({ down: many(150, silent), flapping: many(150, flapping) })],
    ["reminded of", { ...reminder(), stillDown: stillDown(...many(300, String)) }],
    ["all back", facts({ back: many(300, back) })],
    [
      "of each a third",
      facts({
        down: many(100, silent),
        back: many(100, back),
        away: many(100, away),
      }),
    ],
  ];
  for (const [name, told] of table) {
    await t.step(name, () => {
      for (const language of ["en", "ru"] as const) {
        const { html } = letter(told, style(language, { baseUrl: HOME, acknowledgeUrl }));
        assert.ok(bytes(html) < 102 * 1024);
      }
    });
  }
});

Deno.test("a letter stays below 600 kB, however many apps say whatever they like", () => {
  const long = (appId: string) => ({
    appId: appId.padStart(100, "x"),
    name: '"'.repeat(4_096),
    message: "\u202e".repeat(4_096),
  });
  const app = (id: string) => {
    const { appId, name, message } = long(id);
    return silent(appId, { name, heartbeat: { at: NOW - HOUR, message } });
  };
  const told = facts({
    down: [
      ...many(10_000, app),
      ...many(10_000, (id) => ({ ...app(id), reason: "fail" as const })),
    ],
    back: many(10_000, (id) => back(id, long(id))),
    failed: many(10_000, (id) => ({ address: id, count: 1, reason: long(id).message })),
  });

  const { html, text, subject } = letter(told, style("ru", { baseUrl: HOME }));

  assert.ok(bytes(html) < 600_000);
  assert.ok(bytes(text) < 600_000);
  assert.ok(bytes(subject) < 2_000);
});

/** All that a letter is made of. */
const ELEMENTS = (
  "a b bdi body br div h2 head html meta span style table td title tr wbr"
).split(" ");

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

function links(html: string): readonly string[] {
  return [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1] ?? "");
}

function elements(html: string): ReadonlySet<string> {
  return new Set([...html.matchAll(/<([a-z0-9]+)/g)].map((match) => match[1] ?? ""));
}

/** What a reader sees of the HTML. */
function words(html: string): string {
  return html
    .replace(/^[^]*<\/head>/, "")
    .replace(/<div style="display:none[^]*?<\/div>/, "")
    .replace(/<br>/g, " / ")
    .replace(/<[^>]*>/g, "")
    .replace(/\s+/g, " ")
    .trim();
}
