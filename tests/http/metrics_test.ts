import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { DAY, HOUR, MINUTE, SECOND } from "../../lib/clock.ts";
import { Histogram } from "../../lib/histogram.ts";
import { exposition } from "../../lib/http/exposition.ts";
import { START } from "../support/fake_clock.ts";
import { type TestService, testService, WINDOW } from "../support/service.ts";
import { mailServer } from "../support/smtp_server.ts";
import { SILENCE } from "../support/store.ts";

const READ_TOKEN = "a-token-for-wall-screens";

/** Looks all the time, and takes no span for a gap but that of a test. */
const ALERT = { lookEvery: SECOND / 4, markEvery: 5 * SECOND };

/** The samples that are shown, by name and labels as they stand there. */
type Samples = Readonly<Record<string, number>>;

async function scrape(service: TestService): Promise<Samples> {
  const response = await service.request("GET", "/metrics");
  assert.equal(response.status, 200);
  return samples(await response.text());
}

function samples(text: string): Samples {
  const lines = text.trimEnd().split("\n").filter((line) => !line.startsWith("#"));
  return Object.fromEntries(lines.map((line) => {
    const [, name = "", value = ""] = /^(.+) (\S+)$/.exec(line) ?? [];
    return [name, Number(value)];
  }));
}

/** Those of one metric, by what stands between its braces. */
function of(name: string, all: Samples): Samples {
  const shown = Object.entries(all).filter(([each]) => each.startsWith(`${name}{`));
  return Object.fromEntries(shown.map(([each, value]) => [each.slice(name.length + 1, -1), value]));
}

Deno.test("the metrics show apps by status, and for how long the longest is down", async () => {
  await using service = await testService({ config: { ignoredApps: new Set(["ignored"]) } });
  for (const app of ["silent", "late", "paused", "ignored"]) await service.beat(app);
  await (await service.request("POST", "/api/apps/paused/pause")).text();
  service.clock.advance(SILENCE - MINUTE);
  await service.beat("late");
  service.clock.advance(MINUTE);
  await service.logs("app down");
  await service.beat("up");
  await service.beat("new", { kind: "start" });
  service.clock.advance(SECOND);

  const shown = await scrape(service);

  assert.deepEqual(of("stillalive_apps", shown), {
    'status="new"': 1,
    'status="up"': 1,
    'status="late"': 1,
    'status="down"': 1,
    'status="paused"': 1,
    'status="unknown"': 0,
    'status="ignored"': 1,
  });
  assert.equal(shown.stillalive_longest_down_seconds, 1);
});

Deno.test("the metrics count heartbeats that were stored, and none that was refused", async () => {
  await using service = await testService();
  await service.beat("a");
  await (await service.request("POST", "/api/apps/", [{ app_id: "a" }, { app_id: 7 }])).text();
  await (await service.request("GET", "/ping/b")).text();
  await service.beat("", {});

  assert.equal((await scrape(service)).stillalive_heartbeats_total, 4);
});

Deno.test("the metrics count flips by where from, where to and why, usual ones from 0 on", async () => {
  await using service = await testService();
  await service.beat("a");
  const before = of("stillalive_flips_total", await scrape(service));
  service.clock.advance(SILENCE);
  await service.logs("app down");
  await service.beat("a");
  await (await service.request("POST", "/api/apps/a/pause")).text();

  const after = of("stillalive_flips_total", await scrape(service));

  const usual = {
    'from="new",to="up",reason="heartbeat"': 1,
    'from="new",to="down",reason="fail"': 0,
    'from="up",to="down",reason="silence"': 0,
    'from="up",to="down",reason="fail"': 0,
    'from="down",to="up",reason="heartbeat"': 0,
  };
  assert.deepEqual(before, usual);
  assert.deepEqual(after, {
    ...usual,
    'from="up",to="down",reason="silence"': 1,
    'from="down",to="up",reason="heartbeat"': 1,
    'from="up",to="paused",reason="paused"': 1,
  });
});

Deno.test("the metrics show what became of the news, also of apps that were forgotten", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  for (const app of ["told", "gone"]) await service.beat(app, { kind: "fail" });
  service.clock.advance(WINDOW);
  await service.logs("letter sent");
  mail.refuse({ at: "letter", code: 451, text: "4.7.1 greylisted" });
  for (const app of ["waits", "paused"]) await service.beat(app, { kind: "fail" });
  service.clock.advance(10 * MINUTE);
  await service.logs("letter not sent");
  await (await service.request("DELETE", "/api/apps/gone")).text();
  await (await service.request("POST", "/api/apps/paused/pause")).text();

  const shown = await scrape(service);

  assert.deepEqual(of("stillalive_debts", shown), {
    'state="waiting"': 1,
    'state="sent"': 2,
    'state="suppressed"': 1,
    'state="failed"': 0,
  });
  assert.equal(shown.stillalive_mail_oldest_waiting_seconds, 600);
  assert.equal(shown.stillalive_mail_failed_addresses, 0);
});

Deno.test("the metrics show an address that could not be mailed, and news that failed by it", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  mail.refuse({ at: "RCPT", code: 550, text: "5.1.1 nobody" });
  await service.beat("a", { kind: "fail" });
  service.clock.advance(WINDOW);
  await service.logs("letter not sent", 1);
  service.clock.advance(3 * DAY);
  await service.logs("news failed");

  const shown = await scrape(service);

  assert.equal(of("stillalive_debts", shown)['state="failed"'], 1);
  assert.equal(shown.stillalive_mail_failed_addresses, 1);
});

Deno.test("the metrics show how long nothing could be heard, and why", async () => {
  await using service = await testService({ cadence: ALERT });
  await service.restart({}, { offFor: HOUR });
  service.clock.stall(7 * SECOND);
  service.clock.advance(SECOND / 4);
  await service.logs("gap", 2);

  const shown = await scrape(service);

  assert.deepEqual(of("stillalive_deaf_seconds_total", shown), {
    'cause="off"': 3600,
    'cause="stalled"': 7,
    'cause="clock"': 0,
    'cause="unstored"': 0,
    'cause="unreachable"': 0,
  });
  assert.equal(of("stillalive_gaps_total", shown)['cause="stalled"'], 1);
  assert.deepEqual([shown.stillalive_deaf, shown.stillalive_storage_failing], [0, 0]);
});

Deno.test("the metrics are served while nothing can be stored, and show that", async () => {
  await using service = await testService({ cadence: ALERT });
  await service.beat("a", { kind: "fail" });

  let failing: Samples;
  {
    using foreign = new DatabaseSync(service.config.database);
    foreign.exec("BEGIN IMMEDIATE");
    await (await service.request("POST", "/api/apps/", { app_id: "a" })).text();
    failing = await scrape(service);
  }
  service.clock.advance(SECOND / 2);
  await service.beat("a");
  const after = await scrape(service);

  const refused = 'stillalive_http_request_duration_seconds_count{kind="heartbeat",code="5xx"}';
  assert.deepEqual([failing.stillalive_storage_failing, failing.stillalive_deaf], [1, 1]);
  assert.equal(failing[refused], 1);
  assert.equal(of("stillalive_debts", failing)['state="waiting"'], 1);
  assert.ok((failing.stillalive_commit_failures_total ?? 0) >= 1);
  assert.deepEqual([after.stillalive_storage_failing, after.stillalive_deaf], [0, 0]);
  assert.equal(of("stillalive_deaf_seconds_total", after)['cause="unstored"'], 0.5);
  assert.equal(after.stillalive_heartbeats_total, 2);
});

Deno.test("the metrics show for how long no sweep has looked at a deadline that passed", async () => {
  await using service = await testService();
  await service.beat("a");
  const inTime = await scrape(service);

  service.clock.stall(SILENCE + 5 * SECOND);
  const late = await scrape(service);

  assert.equal(inTime.stillalive_sweep_lag_seconds, 0);
  assert.equal(late.stillalive_sweep_lag_seconds, 5);
});

Deno.test("the metrics show requests by what they brought and how they were answered, and commits", async () => {
  await using service = await testService();
  await service.beat("a");
  await service.beat("a", { kind: "nonsense" });
  await (await service.request("GET", "/ping/a")).text();
  await (await service.request("GET", "/api/apps/nobody")).text();
  await (await service.request("GET", "/healthz")).text();

  const shown = await scrape(service);

  const counts = of("stillalive_http_request_duration_seconds_count", shown);
  assert.deepEqual(
    Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    {
      'kind="heartbeat",code="2xx"': 2,
      'kind="heartbeat",code="4xx"': 1,
      'kind="other",code="2xx"': 1,
      'kind="other",code="4xx"': 1,
    },
  );
  assert.equal(Object.keys(counts).length, 8);
  assert.ok((shown.stillalive_commit_duration_seconds_count ?? 0) >= 2);
  assert.equal(shown.stillalive_commit_failures_total, 0);
});

Deno.test("the metrics show what runs, since when, and what it uses", async () => {
  await using service = await testService();

  const shown = await scrape(service);

  assert.equal(shown['stillalive_build_info{version="1.2.3",deno="2.9.6"}'], 1);
  assert.equal(shown.process_start_time_seconds, START / SECOND);
  assert.equal(shown.process_cpu_seconds_total, 12.5);
  assert.equal(shown.process_resident_memory_bytes, 90_000_000);
  assert.equal(shown.process_heap_bytes, 30_000_000);
});

Deno.test("each metric says what it is, and in whose format", async () => {
  await using service = await testService();
  const response = await service.request("GET", "/metrics/");
  const text = await response.text();

  const told = (what: string) => {
    return Array.from(text.matchAll(new RegExp(`^# ${what} (\\S+) \\S`, "gm")), ([, name]) => name);
  };
  const names = Object.keys(samples(text)).map((each) => {
    return each.replace(/\{.*/, "").replace(/_(bucket|sum|count)$/, "");
  });
  assert.equal(response.headers.get("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  assert.deepEqual(told("HELP"), told("TYPE"));
  assert.deepEqual(told("HELP"), [...new Set(names)]);
});

Deno.test("metrics are shown by the token for reading and the admin's, and to nobody else", async (t) => {
  await using service = await testService({ config: { readToken: READ_TOKEN } });
  const cases = [
    ["GET", READ_TOKEN, 200],
    ["HEAD", READ_TOKEN, 200],
    ["GET", "a-token-of-nobody-here", 401],
    ["GET", null, 401],
    ["POST", READ_TOKEN, 405],
  ] as const;
  for (const [method, token, status] of cases) {
    await t.step(`${method} ${token ?? "without a token"} ${status}`, async () => {
      const headers: Record<string, string> = token === null
        ? {}
        : { Authorization: `Bearer ${token}` };
      const response = await fetch(`${service.url}/metrics`, { method, headers });
      await response.body?.cancel();
      assert.equal(response.status, status);
    });
  }
});

Deno.test("histograms are shown by their bounds, in seconds, each with all below it", () => {
  const histogram = new Histogram([1, 2.5]);
  for (const took of [0.5, 2, 2_000]) histogram.observe(took);
  const reading = histogram.read();

  const text = exposition([{
    name: "took_seconds",
    type: "histogram",
    help: "How long.",
    series: [{ labels: { kind: "a" }, reading }],
  }]);

  assert.equal(
    text,
    `# HELP took_seconds How long.
# TYPE took_seconds histogram
took_seconds_bucket{kind="a",le="0.001"} 1
took_seconds_bucket{kind="a",le="0.0025"} 2
took_seconds_bucket{kind="a",le="+Inf"} 3
took_seconds_sum{kind="a"} 2.0025
took_seconds_count{kind="a"} 3
`,
  );
});

Deno.test("a value that could break its line does not", () => {
  const labels = { version: 'a"b\\c\nd' };

  const text = exposition([{
    name: "x",
    type: "gauge",
    help: "X.",
    samples: [{ labels, value: 1 }],
  }]);

  assert.match(text, /^x\{version="a\\"b\\\\c\\nd"\} 1$/m);
});
