/**
 * Draws the HTML letters, to be looked at:
 *
 *     deno run --allow-write --allow-read --allow-run tests/pictures/letters.ts FOLDER [NAME]
 *
 * Writes each letter to the folder and, where a `chromium` is found, a picture
 * of it on a phone and on a desk, in light and in dark.
 */

import { DAY, HOUR, MINUTE, SECOND } from "../../lib/clock.ts";
import {
  type Letter,
  letter,
  type LetterFacts,
  sampleLetter,
  testLetter,
  troubleLetter,
} from "../../lib/letter.ts";
import {
  acknowledgeUrl,
  away,
  back,
  facts,
  failing,
  flapping,
  gap,
  heard,
  HOME,
  HOSTILE,
  many,
  NOW,
  proof,
  putOff,
  reminder,
  silent,
  stillDown,
  style,
} from "../support/letters.ts";

const named = { name: "Billing, nightly run", heartbeat: { at: NOW - DAY, message: null } };
const hostile = { name: HOSTILE, falls: 2 };
const emoji = "😀".repeat(4_096);

const reminded = {
  others: [],
  total: 4,
  apps: stillDown("backup", "printer-2", "billing").apps.map((app) =>
    app.appId === "billing" ? { ...app, name: named.name } : app
  ),
};

const LETTERS: Readonly<Record<string, LetterFacts>> = {
  one: facts({ down: [silent("23")] }),
  three: facts({ down: [silent("23"), silent("77", { falls: 1 }), silent("billing", named)] }),
  many: facts({ down: many(300, silent) }),
  back: facts({ back: [back("23")] }),
  three_back: facts({
    back: [back("23"), back("77", { downAt: NOW - 2 * DAY }), back("billing", named)],
  }),
  many_back: facts({ back: many(300, back) }),
  away: facts({ away: [away("23"), away("77", { times: 3, total: 20 * MINUTE, falls: 3 })] }),
  fail: facts({ down: [failing("23", { awayBefore: { times: 2, total: 25 * MINUTE } })] }),
  mixed: facts({
    down: [silent("23"), silent("billing", named), failing("search")],
    back: [back("77", { awayAgain: { times: 2, total: HOUR } })],
    away: [away("mail")],
    stillDown: { ...stillDown("backup", "printer-2"), total: 14 },
    failed: [{ address: "ops@example.org", count: 3, reason: "550 5.1.1 No such user" }],
    stale: 12,
  }),
  flapping: facts({
    flapping: [
      flapping("23"),
      flapping("billing", { ...named, isDown: false, incident: null, times: 3 }),
    ],
  }),
  reminder: { ...reminder(), stillDown: reminded },
  gap: gap({ moved: 33, putOff: 2 }),
  unknown: facts({ putOffs: [putOff("backup", named), putOff("db-dump", { otherGaps: 2 })] }),
  storm: facts({ down: many(1_000, (id) => silent(`storm-${id}`)), left: 12, isCrowded: true }),
  heard: facts({ down: [silent("23")], heard: [heard("backup")] }),
  gaps: gap({ gaps: 3, deaf: 8 * HOUR }),
  refused: facts({
    down: [
      silent("23", { refusal: { at: NOW - HOUR, reason: "wrong_token", address: "203.0.113.9" } }),
    ],
  }),
  scarce: { kind: "capacity", apps: 80_000, most: 100_000, failed: [], heard: [] },
  full: { kind: "capacity", apps: 100_000, most: 100_000, failed: [], heard: [] },
  proof: proof(),
  proof_down: proof({ apps: { total: 31, down: 2, unknown: 3 } }),
  hostile: facts({
    down: [
      silent("23", { ...hostile, heartbeat: { at: NOW - HOUR, message: HOSTILE } }),
      failing("x".repeat(100), { heartbeat: { at: NOW - HOUR, message: emoji } }),
      silent("77", { name: "بايثون", heartbeat: { at: NOW - HOUR, message: "w".repeat(300) } }),
    ],
    failed: [{ address: "ops@example.org", count: 1, reason: HOSTILE }],
  }),
};

const SCREENS = [
  { name: "phone", width: 360, height: 1_600 },
  { name: "desk", width: 1_000, height: 1_400 },
] as const;

const SCHEMES = [{ name: "dark", number: 0 }, { name: "light", number: 1 }] as const;

if (import.meta.main) {
  const [folder, only] = Deno.args;
  if (folder === undefined) throw new Error("Cannot draw letters: expected a folder");
  Deno.mkdirSync(folder, { recursive: true });
  for (const [name, { html }] of letters()) {
    if (only === undefined || name.startsWith(`${only}-`)) await draw(folder, name, html);
  }
}

function letters(): readonly (readonly [string, Letter])[] {
  return (["en", "ru"] as const).flatMap((language) => {
    const written = style(language, { baseUrl: HOME, acknowledgeUrl });
    const unstored = { since: NOW - 2 * MINUTE, reason: "database or disk is full" } as const;
    const shut = { since: NOW - 15 * SECOND, reason: "another program listens there" } as const;
    const lost = { what: "deleted", database: "/var/lib/stillalive/stillalive.db" } as const;
    const told = Object.entries(LETTERS);
    return [
      ...told.map(([name, facts]) => [`${name}-${language}`, letter(facts, written)] as const),
      [`sample-${language}`, sampleLetter(written)] as const,
      [`unstored-${language}`, troubleLetter({ kind: "unstored", ...unstored }, written)] as const,
      [
        `unreachable-${language}`,
        troubleLetter({ kind: "unreachable", ...shut }, written),
      ] as const,
      [`lost-${language}`, troubleLetter({ kind: "lost", ...lost }, written)] as const,
      [`test-${language}`, testLetter(written, { getsAlarms: true })] as const,
    ];
  });
}

async function draw(folder: string, name: string, html: string): Promise<void> {
  Deno.writeTextFileSync(`${folder}/${name}.html`, html);
  for (const screen of SCREENS) {
    // Chromium has no window as narrow as a phone, but any frame.
    const page = `${folder}/${name}-${screen.name}.frame.html`;
    Deno.writeTextFileSync(
      page,
      `<!doctype html><meta name="color-scheme" content="light dark"><body style="margin:0">` +
        `<iframe src="${name}.html" style="border:0;width:${screen.width}px;height:${screen.height}px">`,
    );
    for (const scheme of SCHEMES) {
      await photograph(
        Deno.realPathSync(page),
        `${folder}/${name}-${screen.name}-${scheme.name}.png`,
        {
          ...screen,
          scheme: scheme.number,
        },
      );
    }
    Deno.removeSync(page);
  }
}

async function photograph(
  page: string,
  picture: string,
  { width, height, scheme }: {
    readonly width: number;
    readonly height: number;
    readonly scheme: number;
  },
): Promise<void> {
  const profile = Deno.makeTempDirSync();
  const command = new Deno.Command("chromium", {
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--hide-scrollbars",
      `--user-data-dir=${profile}`,
      `--blink-settings=preferredColorScheme=${scheme}`,
      `--window-size=${width},${height}`,
      `--screenshot=${picture}`,
      `file://${page}`,
    ],
    stdout: "null",
    stderr: "null",
  });
  try {
    await command.output();
  } catch (error) {
    // Without a browser the letters themselves are all there is to look at.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  } finally {
    Deno.removeSync(profile, { recursive: true });
  }
}
