/**
 * Thirty apps as somebody may have them, in every status: what they are
 * called, what they say, and what befell them.
 *
 * @module
 */

import { DAY, type Duration, HOUR, MINUTE, SECOND } from "../../lib/clock.ts";
import { type AppSettings, NO_SETTINGS } from "../../lib/registry.ts";

/** What an admin may do to one. */
export type Deed = "pause" | "snooze" | "acknowledge";

/** One of them. Spans to the end are counted back from the instant at which all is looked at. */
export interface BelievableApp {
  readonly id: string;
  readonly settings: AppSettings;
  /** Between two heartbeats. */
  readonly every: Duration;
  /** What its heartbeats say, in turn; null for nothing. */
  readonly says: readonly (string | null)[];
  /** When it said nothing: from how long before the end, for how long. */
  readonly silent: readonly (readonly [before: Duration, length: Duration])[];
  /** A heartbeat that said that it failed. */
  readonly failed: { readonly before: Duration; readonly message: string } | null;
  /** A heartbeat falls on this moment before the end; null for chance. */
  readonly phase: Duration | null;
  /** What an admin did about it, and how long before the end. */
  readonly hand: { readonly before: Duration; readonly deed: Deed } | null;
}

/** Tags that are fit for a public page. */
export const PUBLIC_TAG = "public";

/** The one that is recorded and never judged. */
export const IGNORED_APP = "laptop-anna";

/** The one whose alarm nobody has acknowledged yet. */
export const DOWN_APP = "23";

const NIGHTLY = { period: DAY, grace: 2 * HOUR };
const HOURLY = { period: HOUR, grace: 10 * MINUTE };
const OFTEN = { period: 5 * MINUTE, grace: 10 * MINUTE };
const BRISK = { period: MINUTE, grace: 2 * MINUTE };

/** All thirty. */
export const BELIEVABLE_APPS: readonly BelievableApp[] = [
  app(DOWN_APP, BRISK, ["OK:200"], { silent: [since(2 * HOUR + 10 * MINUTE), [15 * HOUR, HOUR]] }),
  app("77", BRISK, ["OK:200", "OK:200", "OK:304"], { silent: [[9 * HOUR, 14 * MINUTE]] }),
  app("warehouse-sync", OFTEN, ["1,204 rows", "1,198 rows", "no change"], {
    name: "Warehouse sync",
    tags: ["shop", "db"],
    note: "Copies stock from the warehouse. Restart: systemctl restart warehouse-sync",
    failed: { before: 12 * MINUTE, message: "Cannot connect to 10.0.4.12:5432: timed out" },
    silent: [since(12 * MINUTE)],
  }),
  app("printer-2", OFTEN, ["ready", "ready", "toner 12 %"], {
    name: "Label printer, hall 2",
    tags: ["office"],
    silent: [since(20 * HOUR)],
    hand: { before: 19 * HOUR, deed: "acknowledge" },
  }),
  app("dev-runner", OFTEN, ["idle", "job 4411 done", "idle"], {
    tags: ["build"],
    silent: [since(3 * HOUR)],
    hand: { before: 160 * MINUTE, deed: "snooze" },
  }),
  app("mail-queue", OFTEN, ["3 waiting", "0 waiting", "41 waiting"], {
    name: "Mail queue",
    tags: ["mail"],
    phase: 9 * MINUTE,
    silent: [[8 * MINUTE, 8 * MINUTE], [20 * HOUR, 40 * MINUTE]],
  }),
  app("backup-offsite", NIGHTLY, ["412 GB in 3 h 12 min", "413 GB in 3 h 40 min"], {
    name: "Off-site backup",
    tags: ["backup"],
    note: "Nightly, to the other house. Takes about three hours.",
    phase: 37 * MINUTE,
  }),
  app("legacy-import", HOURLY, ["0 files"], {
    name: "Legacy import",
    note: "To be switched off by the end of the year",
    hand: { before: 15 * HOUR, deed: "pause" },
  }),
  app("fax-gateway", NIGHTLY, [], { name: "Fax gateway", tags: ["office"] }),
  app(IGNORED_APP, OFTEN, [null], { name: "Anna's laptop", tags: ["office"] }),
  app("warehouse-wifi", { period: MINUTE, grace: 30 * SECOND }, ["-61 dBm", "-74 dBm", "-80 dBm"], {
    name: "Wi-Fi, warehouse",
    tags: ["office"],
    silent: [54, 44, 35, 22, 12].map((minutes) => [minutes * MINUTE, 4 * MINUTE] as const),
  }),
  app("shop-web", OFTEN, ["200 in 84 ms", "200 in 91 ms", "200 in 312 ms"], {
    name: "Shop: web",
    tags: ["shop", PUBLIC_TAG],
    silent: [[51 * HOUR, 20 * MINUTE]],
  }),
  app("shop-api", OFTEN, ["200 in 12 ms", "200 in 14 ms"], {
    name: "Shop: API",
    tags: ["shop", PUBLIC_TAG],
    silent: [[51 * HOUR, 25 * MINUTE], [5 * HOUR, 18 * MINUTE]],
  }),
  app("shop-search", OFTEN, ["index 18,204 docs"], { name: "Shop: search", tags: ["shop"] }),
  app("payments", OFTEN, ["ok", "ok", "ok, 1 retry"], {
    name: "Payments",
    tags: ["shop", PUBLIC_TAG],
  }),
  app("billing", NIGHTLY, ["214 invoices", "198 invoices"], {
    name: "Billing, nightly run",
    tags: ["money"],
    phase: 7 * HOUR,
  }),
  app("ledger-export", HOURLY, ["ok"], { name: "Выгрузка в бухгалтерию", tags: ["money"] }),
  app("cbr-rates", HOURLY, ["USD 78.64, EUR 90.12"], { name: "Курсы валют", tags: ["money"] }),
  app("db-1", OFTEN, ["lag 0 s", "lag 1 s"], { name: "PostgreSQL, first", tags: ["db"] }),
  app("db-2", OFTEN, ["lag 2 s", "lag 41 s"], {
    name: "PostgreSQL, second",
    tags: ["db"],
    silent: [[14 * HOUR, 70 * MINUTE]],
  }),
  app("db-dump", NIGHTLY, ["38 GB, checked"], { name: "Database dump", tags: ["db", "backup"] }),
  app("backup-photos", NIGHTLY, ["1.2 TB, 312 new"], { name: "Photos", tags: ["backup"] }),
  app("cert-renew", NIGHTLY, ["57 d left"], { name: "Certificates", tags: ["web"] }),
  app("dns-check", OFTEN, ["4 of 4 servers agree"], { name: "Name servers", tags: ["web"] }),
  app("vpn-gate", OFTEN, ["11 peers", "12 peers"], { name: "VPN", tags: ["office", PUBLIC_TAG] }),
  app("door-main", OFTEN, [null], {
    name: "Main door",
    tags: ["house"],
    silent: [[27 * HOUR, HOUR]],
  }),
  app("freezer-3", OFTEN, ["-18.4 °C", "-18.1 °C", "-17.9 °C"], {
    name: "Freezer 3",
    tags: ["house"],
    note: "Above -15 °C call the kitchen: it is worth more than sleep",
  }),
  app("solar", HOURLY, ["2.1 kW", "0 kW"], { name: "Solar roof", tags: ["house"] }),
  app("nightly-build", NIGHTLY, ["4,812 tests passed"], { name: "Nightly build", tags: ["build"] }),
  app("reports.weekly_Moscow-eu", HOURLY, ["queued", "sent 14"], {
    name: "Weekly reports for everyone who has not asked to be left alone by them, Moscow office",
    tags: ["office", "money", "reports"],
  }),
];

function app(
  id: string,
  expected: { readonly period: Duration; readonly grace: Duration },
  says: BelievableApp["says"],
  { name = null, tags = [], note = null, ...more }:
    & Partial<AppSettings>
    & Partial<Omit<BelievableApp, "id" | "settings" | "says">> = {},
): BelievableApp {
  return {
    id,
    settings: { ...NO_SETTINGS, ...expected, name, tags, note },
    every: expected.period,
    says,
    silent: [],
    failed: null,
    phase: null,
    hand: null,
    ...more,
  };
}

/** Silent up to the end. */
function since(before: Duration): readonly [before: Duration, length: Duration] {
  return [before, before];
}
