/**
 * Metrics as Prometheus reads them
 * (https://prometheus.io/docs/instrumenting/exposition_formats/).
 *
 * @module
 */

import { SECOND } from "../clock.ts";
import type { HistogramReading } from "../histogram.ts";

/** What an answer in this format says that it is. */
export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** What tells series of one metric apart. The values must be few. */
export type Labels = Readonly<Record<string, string>>;

/** One number, and which one it is. */
export interface Sample {
  readonly labels?: Labels;
  readonly value: number;
}

/** A metric with its samples, of which there may be none. */
export interface Metric {
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** A metric that is a histogram of spans; its name ends in `_seconds`. */
export interface HistogramMetric {
  readonly name: string;
  readonly type: "histogram";
  readonly help: string;
  readonly series: readonly { readonly labels?: Labels; readonly reading: HistogramReading }[];
}

/** What only rises, until the next start. */
export function counter(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, type: "counter", help, samples };
}

/** What rises and falls. */
export function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, type: "gauge", help, samples };
}

/** The metrics as a whole document. */
export function exposition(metrics: readonly (Metric | HistogramMetric)[]): string {
  return metrics.map((metric) => `${head(metric)}${lines(metric).join("\n")}\n`).join("");
}

function head({ name, type, help }: Metric | HistogramMetric): string {
  return `# HELP ${name} ${help.replaceAll("\\", "\\\\")}\n# TYPE ${name} ${type}\n`;
}

function lines(metric: Metric | HistogramMetric): readonly string[] {
  const { name } = metric;
  if (metric.type !== "histogram") {
    return metric.samples.map(({ labels = {}, value }) => line(name, labels, value));
  }
  return metric.series.flatMap(({ labels = {}, reading: { buckets, count, sum } }) => [
    ...buckets.map(({ upTo, count }) => {
      return line(`${name}_bucket`, { ...labels, le: String(upTo / SECOND) }, count);
    }),
    line(`${name}_bucket`, { ...labels, le: "+Inf" }, count),
    line(`${name}_sum`, labels, sum / SECOND),
    line(`${name}_count`, labels, count),
  ]);
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
