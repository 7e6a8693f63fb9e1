/**
 * The pages with few apps and with many: how long they take, how much of them
 * goes over the wire, and how soon an open one shows what has happened.
 *
 * @module
 */

import type { Duration } from "../../lib/clock.ts";
import { say, table } from "../support/proof.ts";
import { sessionOf } from "../support/session.ts";
import { temporaryFolder } from "../support/store.ts";
import { ADMIN_TOKEN, type Service, startService } from "./contender.ts";
import { count, median, ms } from "./figures.ts";
import { fill } from "./filled.ts";
import type { Results } from "./results.ts";

/** How many apps there are, each with a day's heartbeats. */
const EXTENTS = [10, 10_000];
const HEARTBEATS = 1_500;

const PAGES = ["/", "/?status=up&q=number", "/apps/app-7", "/apps/app-7?range=30d", "/outbox"];

/** How often each page is asked for, and something happens before an open one. */
const ASKED = 20;
const CHANGES = 5;

/** See the module. */
export async function benchPages(results: Results): Promise<void> {
  for (const apps of EXTENTS) await benchExtent(apps, results);
}

async function benchExtent(apps: number, results: Results): Promise<void> {
  using folder = temporaryFolder();
  const database = `${folder.path}/pages.db`;
  await fill(database, { apps, heartbeats: HEARTBEATS }, Date.now());
  await using service = await startService("stillalive", { database });
  const session = await sessionOf(service.url, ADMIN_TOKEN);
  const cookie = `${session.name}=${session.value}`;

  const rows: (readonly string[])[] = [];
  for (const path of PAGES) {
    const { time, bytes } = await look(service.url + path, cookie);
    rows.push([path, ms(time), count(bytes)]);
    if (path !== "/") continue;
    results.hold(`overview of ${count(apps)} apps, ms`, time, { atMost: 30 });
    results.hold(`overview of ${count(apps)} apps, kB on the wire`, bytes / 1e3, { atMost: 60 });
  }
  say(table([[`pages with ${count(apps)} apps`, "ms", "bytes"], ...rows]));
  for (const kind of ["news", "heartbeat"] as const) {
    const time = await untilSeen(service, cookie, kind);
    results.hold(`live, a ${kind} among ${count(apps)} apps, ms`, time, { atMost: 1_000 });
  }
}

/** How long a page takes to be answered, and how large it is on the wire. */
async function look(url: string, cookie: string): Promise<{ time: Duration; bytes: number }> {
  const times: Duration[] = [];
  for (let round = 0; round < ASKED; round++) {
    const before = performance.now();
    await read(url, cookie);
    times.push(performance.now() - before);
  }
  const { stdout } = await new Deno.Command("curl", {
    args: ["-sS", "--compressed", "-o", "/dev/null", "-w", "%{size_download}", "-b", cookie, url],
  }).output();
  return { time: median(times), bytes: Number(new TextDecoder().decode(stdout)) };
}

async function read(url: string, cookie: string): Promise<string> {
  const response = await fetch(url, { headers: { Cookie: cookie } });
  const html = await response.text();
  if (response.status !== 200) throw new Error(`${url}: answered ${response.status}`);
  return html;
}

/** From when a heartbeat is sent until an open page has what came of it. */
async function untilSeen(
  { url }: Service,
  cookie: string,
  kind: "news" | "heartbeat",
): Promise<Duration> {
  const { body } = await fetch(`${url}/events`, { headers: { Cookie: cookie } });
  if (body === null) throw new Error("Cannot listen: the stream is empty");
  const stream = body.pipeThrough(new TextDecoderStream()).getReader();
  await stream.read();
  const times: Duration[] = [];
  for (let round = 0; round < CHANGES; round++) {
    const message = `change ${kind} ${round}`;
    const before = performance.now();
    const beat = kind === "news" && round % 2 === 0 ? "fail" : "success";
    const answer = await fetch(`${url}/api/apps/`, {
      method: "POST",
      body: JSON.stringify({ app_id: "app-7", kind: beat, message }),
    });
    await answer.body?.cancel();
    do await stream.read(); while (!(await read(`${url}/?q=app-7`, cookie)).includes(message));
    times.push(performance.now() - before);
  }
  await stream.cancel();
  return median(times);
}
