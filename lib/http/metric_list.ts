/**
 * The metrics: what each is called, and what it says.
 *
 * What is counted begins anew with each start, as Prometheus expects; but debts
 * are the whole account, and gaps what the ledger held at the start, and since.
 *
 * @module
 */

import { type Duration, type Instant, SECOND } from "../clock.ts";
import type { Program, Usage } from "../program.ts";
import type { AppTally, Figures, Health } from "../store.ts";
import { counter, gauge, type HistogramMetric, type Metric, type Sample } from "./exposition.ts";
import { programMetrics, timeMetrics } from "./machine_metrics.ts";
import type { RequestSeries } from "./request_times.ts";

/** All that is shown. */
export interface Facts {
  readonly now: Instant;
  readonly tally: AppTally;
  readonly figures: Figures;
  readonly health: Health;
  readonly requests: readonly RequestSeries[];
  readonly program: Omit<Program, "usage">;
  readonly usage: Usage;
}

/** What is shown before there was one: a rise must be seen from where it rose. */
const USUAL_FLIPS: readonly Omit<Figures["flips"][number], "count">[] = [
  { from: "new", to: "up", reason: "heartbeat" },
  { from: "new", to: "down", reason: "fail" },
  { from: "up", to: "down", reason: "silence" },
  { from: "up", to: "down", reason: "fail" },
  { from: "down", to: "up", reason: "heartbeat" },
];

/** Why there may be gaps, likewise. */
const CAUSES: readonly Figures["gaps"][number]["cause"][] = [
  "off",
  "stalled",
  "clock",
  "unstored",
  "unreachable",
];

/** All metrics. */
export function metrics(facts: Facts): readonly (Metric | HistogramMetric)[] {
  return [
    ...appMetrics(facts),
    ...mailMetrics(facts),
    ...listeningMetrics(facts),
    ...timeMetrics(facts),
    ...programMetrics(facts),
  ];
}

function appMetrics(
  { now, tally: { apps, downSince }, figures, health }: Facts,
): readonly Metric[] {
  const { nextDeadlineAt } = health;
  return [
    gauge(
      "stillalive_apps",
      "Apps by status; one that is late is still up, one that is unknown is neither up nor down.",
      Object.entries(apps).map(([status, value]) => ({ labels: { status }, value })),
    ),
    gauge(
      "stillalive_longest_down_seconds",
      "How long the app has been down that has been so the longest; 0 while none is.",
      seconds(age(downSince, now)),
    ),
    counter("stillalive_heartbeats_total", "Heartbeats stored.", [{ value: figures.heartbeats }]),
    counter(
      "stillalive_flips_total",
      "Apps changing sides, by where from, where to and why.",
      flipSamples(figures),
    ),
    gauge(
      "stillalive_sweep_lag_seconds",
      "How long ago the earliest deadline passed that no sweep has looked at; 0 if none has.",
      seconds(age(nextDeadlineAt, now)),
    ),
  ];
}

function mailMetrics({ now, figures: { debts }, health }: Facts): readonly Metric[] {
  return [
    gauge(
      "stillalive_debts",
      "News owed to an address, by what became of it; all there ever was.",
      Object.entries(debts).map(([state, value]) => ({ labels: { state }, value })),
    ),
    gauge(
      "stillalive_mail_oldest_waiting_seconds",
      "For how long mail has waited, or the mail server has let nobody in; 0 if nothing waits.",
      seconds(age(health.waitingSince, now)),
    ),
    gauge(
      "stillalive_mail_failed_addresses",
      "Addresses that could not be mailed for 3 days, and have taken no letter since.",
      [{ value: health.failedAddresses.length }],
    ),
  ];
}

function listeningMetrics(
  { figures: { gaps, deafSince, failedCommits }, health }: Facts,
): readonly Metric[] {
  const byCause = CAUSES.map((cause) => {
    return { cause, count: 0, deaf: 0, ...gaps.find((gap) => gap.cause === cause) };
  });
  return [
    gauge("stillalive_deaf", "Whether nothing can be heard now.", [
      { value: Number(deafSince !== null) },
    ]),
    counter(
      "stillalive_deaf_seconds_total",
      "How long nothing could be heard, by why: the ledger of gaps.",
      byCause.map(({ cause, deaf }) => ({ labels: { cause }, value: deaf / SECOND })),
    ),
    counter(
      "stillalive_gaps_total",
      "Gaps in the ledger, by cause.",
      byCause.map(({ cause, count }) => ({ labels: { cause }, value: count })),
    ),
    gauge("stillalive_storage_failing", "Whether heartbeats cannot be stored.", [
      { value: Number(health.failure !== null || health.loss !== null) },
    ]),
    counter("stillalive_commit_failures_total", "Transactions that failed.", [
      { value: failedCommits },
    ]),
  ];
}

function flipSamples({ flips }: Figures): readonly Sample[] {
  const unusual = flips.filter((flip) => !USUAL_FLIPS.some((usual) => isAlike(usual, flip)));
  const usual = USUAL_FLIPS.map((each) => {
    return { count: 0, ...each, ...flips.find((flip) => isAlike(each, flip)) };
  });
  return [...usual, ...unusual].map(({ from, to, reason, count }) => {
    return { labels: { from, to, reason }, value: count };
  });
}

type FlipKind = typeof USUAL_FLIPS[number];

function isAlike(one: FlipKind, other: FlipKind): boolean {
  return one.from === other.from && one.to === other.to && one.reason === other.reason;
}

/** How long ago it was; 0 for what has not come, or is not. */
function age(at: Instant | null, now: Instant): Duration {
  return at === null ? 0 : Math.max(now - at, 0);
}

function seconds(span: Duration): readonly Sample[] {
  return [{ value: span / SECOND }];
}
