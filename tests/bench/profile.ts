/**
 * Where the service's time goes while it takes heartbeats: the functions that
 * it spends most in themselves, as V8 samples them.
 *
 *     deno run -A tests/bench/profile.ts
 *
 * What SQLite and the system do counts for the function that called them.
 */

import { SECOND } from "../../lib/clock.ts";
import { say, table } from "../support/proof.ts";
import { inspected } from "./inspected.ts";
import { type Load, send } from "./load.ts";

const LOAD: Load = { apps: 10_000, inRequest: 1, connections: 64, span: 5 * SECOND };

/** How many functions are shown. */
const SHOWN = 25;

/** A function in a profile (https://chromedevtools.github.io/devtools-protocol/v8/Profiler/). */
interface ProfileNode {
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
  };
  readonly hitCount: number;
}

const root = new URL("../../", import.meta.url).href;

await using service = await inspected();
await send(service.url, { ...LOAD, span: 3 * SECOND });
await service.ask("Profiler.enable");
await service.ask("Profiler.start");
const { requests, seconds } = await send(service.url, LOAD);
const { profile } = await service.ask("Profiler.stop") as {
  readonly profile: { readonly nodes: readonly ProfileNode[] };
};

const hits = new Map<string, number>();
let all = 0;
for (const { callFrame: { functionName, url, lineNumber }, hitCount } of profile.nodes) {
  if (functionName === "(idle)") continue;
  all += hitCount;
  const place = url === "" ? "" : `${url.replace(root, "")}:${lineNumber + 1}`;
  const name = `${functionName || "(anonymous)"} ${place}`;
  hits.set(name, (hits.get(name) ?? 0) + hitCount);
}
const sorted = [...hits].toSorted(([, a], [, b]) => b - a).slice(0, SHOWN);
say(`${Math.round(requests / seconds)} requests/s under the profiler`);
say(table([
  ["share", "function"],
  ...sorted.map(([name, count]) => [`${(100 * count / all).toFixed(1)} %`, name]),
]));
