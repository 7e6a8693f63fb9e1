/**
 * The metrics of the machine's side: how long things take, and what that uses.
 *
 * @module
 */

import { SECOND } from "../clock.ts";
import { counter, gauge, type HistogramMetric, type Metric } from "./exposition.ts";
import type { Facts } from "./metric_list.ts";

/** How long requests and transactions took. */
export function timeMetrics(
  { figures: { commits }, requests }: Facts,
): readonly HistogramMetric[] {
  return [
    {
      name: "stillalive_http_request_duration_seconds",
      type: "histogram",
      help: "From a request to its answer, by what it brought and how it was answered.",
      series: requests.map(({ kind, code, reading }) => {
        return { labels: { kind, code }, reading };
      }),
    },
    {
      name: "stillalive_commit_duration_seconds",
      type: "histogram",
      help: "From the begin of a transaction until it was on disk.",
      series: [{ reading: commits }],
    },
  ];
}

/** What runs, and what it uses, by the names that every program has that under. */
export function programMetrics({ program, usage }: Facts): readonly Metric[] {
  const { version, runtime, startedAt } = program;
  const { cpuSeconds, residentBytes, heapBytes } = usage;
  return [
    counter("process_cpu_seconds_total", "CPU time used.", [{ value: cpuSeconds }]),
    gauge("process_resident_memory_bytes", "Memory used.", [{ value: residentBytes }]),
    gauge("process_heap_bytes", "Memory that V8 has taken.", [{ value: heapBytes }]),
    gauge("process_start_time_seconds", "When it started, since 1970.", [
      { value: startedAt / SECOND },
    ]),
    counter(
      "stillalive_log_lines_dropped_total",
      "Lines of the log that could not be written.",
      [{ value: program.droppedLogLines() }],
    ),
    gauge("stillalive_build_info", "What runs; always 1.", [
      { labels: { version, deno: runtime }, value: 1 },
    ]),
  ];
}
