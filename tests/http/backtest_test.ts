import assert from "node:assert/strict";
import { MINUTE, SECOND } from "../../lib/clock.ts";
import { testService, TOKEN } from "../support/service.ts";

const READ_TOKEN = "a-token-for-wall-screens";

Deno.test("a backtest tells what other settings would have come to", async () => {
  await using service = await testService({ config: { readToken: READ_TOKEN } });
  for (const wait of [0, 2 * MINUTE, 3 * MINUTE]) {
    service.clock.advance(wait);
    await service.beat(23);
  }

  const path = "/api/apps/23/backtest/?period=2m&grace=1s";
  const headers = { Authorization: `Bearer ${READ_TOKEN}` };
  const response = await fetch(`${service.url}${path}`, { headers });
  const { current, asked, ...rest } = await response.json();

  assert.equal(response.status, 200);
  assert.deepEqual(rest, {
    from: "2026-11-24T07:20:49.000Z",
    to: "2026-11-24T07:25:49.000Z",
    silences: 3,
    thinned_until: null,
    proposal: null,
    text: [
      "In the last 5 min there would have been 1 alarm instead of 2, for a gap under a minute",
      "Too few heartbeats to propose anything",
    ],
  });
  const { latest, ...counts } = current;
  assert.deepEqual(counts, {
    period: "1m",
    grace: "30s",
    alarm_after: "90s",
    alarms: 2,
    under_a_minute: 1,
    under_ten_minutes: 2,
    uncertain: 0,
  });
  assert.deepEqual(latest[1], {
    silent_since: "2026-11-24T07:20:49.000Z",
    at: "2026-11-24T07:22:19.000Z",
    ended_at: "2026-11-24T07:22:49.000Z",
  });
  assert.deepEqual([asked.period, asked.grace, asked.alarms], ["2m", "1s", 1]);
});

Deno.test("a backtest takes the app's own settings where none are asked for, and proposes some", async () => {
  await using service = await testService({ config: { language: "ru" } });
  for (let beat = 0; beat < 20; beat++) {
    service.clock.advance(40 * SECOND);
    await service.beat(23);
  }

  const response = await service.request("GET", "/api/apps/23/backtest?grace=2m");
  const { asked, proposal, text } = await response.json();

  assert.deepEqual([asked.period, asked.grace], ["1m", "2m"]);
  assert.deepEqual([proposal.period, proposal.grace, proposal.alarms], ["45s", "15s", 0]);
  assert.deepEqual(text, [
    "За последние 12 мин 40 с было бы 0 тревог вместо 0",
    "Предлагаем период 45s и запас 15s: тревог бы не было",
  ]);
});

Deno.test("a backtest that cannot be run is refused, and the answer says what to fix", async (t) => {
  await using service = await testService();
  await service.beat(23);
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ["period=soon", 'period cannot be "soon": expected a form like', ["period"]],
    ["grace=0s&period=1m", "grace cannot be", ["grace"]],
    ["period=366d&grace=", "period cannot be", ["period", "grace"]],
  ];
  for (const [query, message, paths] of cases) {
    await t.step(query, async () => {
      const response = await service.request("GET", `/api/apps/23/backtest?${query}`);
      const { detail, errors } = await response.json();

      assert.equal(response.status, 400);
      assert.ok(detail.startsWith(`Cannot backtest app: ${message}`), detail);
      assert.deepEqual(errors.map(({ path }: { path: string }) => path), paths);
    });
  }
  const routes: readonly (readonly [string, string, string, number])[] = [
    ["GET", "/api/apps/24/backtest", TOKEN, 404],
    ["GET", "/api/apps/23/backtest", "a-token-of-nobody-here", 401],
    ["POST", "/api/apps/23/backtest", TOKEN, 405],
    ["GET", "/api/apps/23/backtest?other=1", TOKEN, 200],
  ];
  for (const [method, path, token, status] of routes) {
    await t.step(`${method} ${path} ${status}`, async () => {
      const headers = { Authorization: `Bearer ${token}` };
      const response = await fetch(`${service.url}${path}`, { method, headers });
      await response.body?.cancel();
      assert.equal(response.status, status);
    });
  }
});
