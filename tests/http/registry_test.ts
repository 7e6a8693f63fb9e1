import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { DAY, MINUTE, SECOND } from "../../lib/clock.ts";
import { testService, WINDOW } from "../support/service.ts";
import { mailServer } from "../support/smtp_server.ts";
import { ADMIN, SILENCE } from "../support/store.ts";

const READ_TOKEN = "a-token-for-wall-screens";

Deno.test("an app is registered, changed, paused, resumed and forgotten", async () => {
  await using service = await testService();
  const steps: readonly (readonly [string, string, unknown, number])[] = [
    ["PUT", "/api/apps/billing", { name: "Billing", period: "5m", tags: ["prod"] }, 201],
    ["PATCH", "/api/apps/billing", { grace: "2m", note: "ask Ann" }, 200],
    ["POST", "/api/apps/billing/pause", undefined, 200],
    ["POST", "/api/apps/billing/resume/", undefined, 200],
    ["PUT", "/api/apps/billing/", {}, 200],
  ];

  const seen: unknown[] = [];
  for (const [method, path, body, status] of steps) {
    const response = await service.request(method, path, body);
    assert.equal(response.status, status, `${method} ${path}`);
    const { name, note, tags, period, grace, status: shown } = await response.json();
    seen.push([name, note, tags, period, grace, shown]);
  }
  const gone = await service.request("DELETE", "/api/apps/billing");
  const after = await service.request("GET", "/api/apps/billing");
  await after.body?.cancel();

  assert.deepEqual(seen, [
    ["Billing", null, ["prod"], "5m", "30s", "new"],
    ["Billing", "ask Ann", ["prod"], "5m", "2m", "new"],
    ["Billing", "ask Ann", ["prod"], "5m", "2m", "paused"],
    ["Billing", "ask Ann", ["prod"], "5m", "2m", "new"],
    [null, null, [], "1m", "30s", "new"],
  ]);
  assert.deepEqual([gone.status, await gone.text(), after.status], [204, "", 404]);
});

Deno.test("a shorter period alarms in time, without waiting for the next check", async () => {
  await using service = await testService();
  await service.beat(23);
  await (await service.request("PATCH", "/api/apps/23", { period: "1s", grace: "1s" })).text();

  service.clock.advance(2_000);
  await service.logs("app down");
});

Deno.test("an app is found by its name, tag and status", async () => {
  await using service = await testService();
  for (
    const [id, body] of [["1", { name: "Mail", tags: ["eu"] }], ["2", { tags: ["us"] }]] as const
  ) {
    await (await service.request("PUT", `/api/apps/${id}`, body)).text();
  }
  await (await service.request("POST", "/api/apps/2/pause")).text();

  const found: string[] = [];
  for (const query of ["q=mai", "tag=us", "status=paused", "tag=eu&status=new", "tag=none"]) {
    const { apps } = await (await service.request("GET", `/api/apps?${query}`)).json();
    found.push(apps.map(({ app_id }: { app_id: string }) => app_id).join(" "));
  }

  assert.deepEqual(found, ["1", "2", "2", "1", ""]);
});

Deno.test("an app's history is shown as the contract says, newest first, page by page", async () => {
  await using service = await testService();
  await service.beat(23, { message: "one" });
  service.clock.advance(SILENCE);
  await service.logs("app down");
  await service.beat(23, { message: "two" });

  const first = await (await service.request("GET", "/api/apps/23/heartbeats?limit=1")).json();
  const path = `/api/apps/23/heartbeats?limit=1&cursor=${first.next}`;
  const second = await (await service.request("GET", path)).json();
  const { flips, next } = await (await service.request("GET", "/api/apps/23/flips")).json();

  const [{ user_agent, address, ...heartbeat }] = first.heartbeats;
  assert.deepEqual(heartbeat, { at: "2026-11-24T07:22:19.000Z", kind: "success", message: "two" });
  assert.match(`${address} ${user_agent}`, /^127\.0\.0\.1 Deno/);
  assert.deepEqual([second.heartbeats[0].message, second.next], ["one", null]);
  assert.deepEqual([flips, next], [[
    { at: "2026-11-24T07:22:19.000Z", from: "down", to: "up", reason: "heartbeat" },
    { at: "2026-11-24T07:22:19.000Z", from: "up", to: "down", reason: "silence" },
    { at: "2026-11-24T07:20:49.000Z", from: "new", to: "up", reason: "heartbeat" },
  ], null]);
});

Deno.test("each write leaves a line in the log: who, what, from what to what", async () => {
  await using service = await testService();
  await (await service.request("PUT", "/api/apps/23", { period: "5m" })).text();
  await (await service.request("PATCH", "/api/apps/23", { name: "Mail\u202e" })).text();
  await (await service.request("DELETE", "/api/apps/23")).text();

  const lines = service.logged.filter((line) => line.includes("app_id=23"))
    .map((line) => line.slice(31));

  assert.deepEqual(lines, [
    "app registered by=admin from=127.0.0.1 app_id=23 " +
    'changes={"period_ms":[null,300000],"state":[null,"new"]}',
    'app changed by=admin from=127.0.0.1 app_id=23 changes={"name":[null,"Mail\\u202e"]}',
    "app forgotten by=admin from=127.0.0.1 app_id=23",
  ]);
});

Deno.test("bad input changes nothing, and the answer says what to fix", async (t) => {
  await using service = await testService({ config: { readToken: READ_TOKEN, maxApps: 1 } });
  await service.beat(23);
  const before = await (await service.request("GET", "/api/apps/23")).text();
  const tags = Array.from({ length: 10_000 }, (_, each) => String(each));
  const cases: readonly (readonly [string, string, unknown, number, RegExp])[] = [
    ["PATCH", "/api/apps/nobody", {}, 404, /^Cannot find app "nobody"$/],
    ["DELETE", "/api/apps/nobody", undefined, 404, /nobody/],
    ["POST", "/api/apps/nobody/pause", undefined, 404, /nobody/],
    ["POST", "/api/apps/nobody/resume", undefined, 404, /nobody/],
    ["GET", "/api/apps/nobody/heartbeats", undefined, 404, /nobody/],
    ["GET", "/api/apps/nobody/flips", undefined, 404, /nobody/],
    ["PUT", "/api/apps/..%2Fx", {}, 404, /"\.\.\/x"$/],
    ["PUT", "/api/apps/other", {}, 429, /1 of at most 1 \(MAX_APPS\)/],
    [
      "PATCH",
      "/api/apps/23",
      { period: "5 parsecs" },
      400,
      /period cannot be "5 parsecs": expected a form like/,
    ],
    ["PATCH", "/api/apps/23", { period: "0s" }, 400, /from 1s to 365d/],
    ["PATCH", "/api/apps/23", { period: "400d" }, 400, /from 1s to 365d/],
    ["PUT", "/api/apps/23", { period: 5 }, 400, /period cannot be 5: expected a form like/],
    ["PUT", "/api/apps/23", { tags }, 400, /tags cannot be a list of 10000: expected a list of/],
    ["PATCH", "/api/apps/23", ["period"], 400, /Expected an object like/],
    ["PATCH", "/api/apps/23", "period", 400, /Expected an object like/],
    ["PATCH", "/api/apps/23", undefined, 400, /it is empty/],
    ["GET", "/api/apps/23/heartbeats?cursor=made-up", undefined, 400, /"next" of the page before/],
    ["GET", "/api/apps/23/heartbeats?cursor=WzEsMl0", undefined, 400, /"next" of the page before/],
    ["GET", "/api/apps/23/heartbeats?cursor=Wy0xLDEsMV0", undefined, 400, /"next" of the page/],
    ["GET", "/api/apps/23/flips?cursor=IngiCg", undefined, 400, /"next" of the page before/],
    ["GET", "/api/apps/23/flips?limit=1.5", undefined, 400, /a whole number from 1 to 1000/],
    ["GET", `/api/apps?q=${"x".repeat(101)}`, undefined, 400, /at most 100 characters/],
    ["GET", "/api/apps?cursor=%F0%9F%98%80", undefined, 400, /"next" of the page before/],
  ];
  for (const [method, path, body, status, expected] of cases) {
    await t.step(`${method} ${path} ${(JSON.stringify(body) ?? "").slice(0, 30)}`, async () => {
      const response = await service.request(method, path, body);
      const problem = await response.json();

      assert.equal(response.status, status);
      assert.match(problem.detail, expected);
    });
  }
  await t.step("nothing has changed", async () => {
    assert.equal(await (await service.request("GET", "/api/apps/23")).text(), before);
  });
});

Deno.test("a token for reading reads history, and changes nothing", async (t) => {
  await using service = await testService({ config: { readToken: READ_TOKEN } });
  await service.beat(23);
  const cases = [
    ["GET", "/api/apps/23/heartbeats", 200],
    ["GET", "/api/apps/23/flips", 200],
    ["PUT", "/api/apps/23", 403],
    ["PATCH", "/api/apps/23", 403],
    ["DELETE", "/api/apps/23", 403],
    ["POST", "/api/apps/23/pause", 403],
    ["POST", "/api/apps/23/resume", 403],
  ] as const;
  for (const [method, path, status] of cases) {
    await t.step(`${method} ${path}`, async () => {
      const headers = { Authorization: `Bearer ${READ_TOKEN}` };
      const response = await fetch(`${service.url}${path}`, { method, headers });
      await response.body?.cancel();
      assert.equal(response.status, status);
    });
  }
});

Deno.test("a paused app sends no alarm, and one that is resumed is judged from its next heartbeat", async () => {
  await using service = await testService();
  await service.beat(23);
  await (await service.request("POST", "/api/apps/23/pause")).text();
  service.clock.advance(10 * MINUTE);
  const whilePaused = await service.beat(23);
  await (await service.request("POST", "/api/apps/23/resume")).text();

  const resumed = await service.beat(23);
  service.clock.advance(SILENCE);
  await service.logs("app down");

  assert.deepEqual([whilePaused, resumed], [
    { app_id: "23", status: "paused" },
    { app_id: "23", status: "up" },
  ]);
  assert.ok(service.logged.filter((line) => line.includes("app down")).length === 1);
});

Deno.test("an app that is down is acknowledged as often as anybody likes, and one that is not stays as it is", async () => {
  await using service = await testService();
  await service.beat("down", { kind: "fail" });
  await service.beat("up");

  const answers: unknown[] = [];
  for (const app of ["down", "down", "up", "nobody"]) {
    const response = await service.request("POST", `/api/apps/${app}/ack`);
    const { app_id, status } = await response.json();
    answers.push([response.status, app_id, status]);
  }

  assert.deepEqual(answers, [
    [200, "down", "down"],
    [200, "down", "down"],
    [200, "up", "up"],
    [404, undefined, 404],
  ]);
});

Deno.test("an app is snoozed for a while, or no longer", async (t) => {
  await using service = await testService();
  await service.beat(23);
  const cases: readonly (readonly [string, unknown, number, RegExp | null])[] = [
    ["23", { for: "20m" }, 200, null],
    ["23", { for: null }, 200, null],
    ["23", {}, 400, /^Cannot snooze app: Expected an object like {"for": "20m"}/],
    ["23", { for: "0s" }, 400, /for cannot be "0s": expected .* from 1s to 365d, or null to end/],
    ["23", { for: "soon" }, 400, /for cannot be "soon"/],
    ["23", undefined, 400, /it is empty/],
    ["nobody", { for: "20m" }, 404, /^Cannot find app "nobody"$/],
  ];
  for (const [app, body, status, expected] of cases) {
    await t.step(`${app} ${JSON.stringify(body)} ${status}`, async () => {
      const response = await service.request("POST", `/api/apps/${app}/snooze`, body);
      const { detail } = await response.json();

      assert.equal(response.status, status);
      if (expected === null) assert.equal(detail, undefined);
      else assert.match(detail, expected);
    });
  }
});

Deno.test("a snoozed app that fails alarms when its snooze ends, without waiting for the next check", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail, config: { checkEvery: DAY } });
  await service.beat(23);
  await (await service.request("POST", "/api/apps/23/snooze", { for: "10s" })).text();
  await service.beat(23, { kind: "fail" });
  const before = await (await service.request("GET", "/api/outbox")).json();

  service.clock.advance(10 * SECOND);
  await service.clock.alarmSet(WINDOW);
  const after = await (await service.request("GET", "/api/outbox")).json();
  service.clock.advance(WINDOW);
  await service.logs("letter sent");

  assert.deepEqual([before.owed, after.owed], [[], [{ address: ADMIN, news: 1 }]]);
  assert.deepEqual(mail.letters.map(({ parsed }) => parsed.subject), [
    "1 app reported a failure: 23",
  ]);
});

Deno.test("what an admin changes while nothing can be stored is answered 503, and changes nothing", async () => {
  await using service = await testService();
  await service.beat("a");
  using foreign = new DatabaseSync(service.config.database);
  foreign.exec("BEGIN IMMEDIATE");

  const refused = await service.request("PATCH", "/api/apps/a", { note: "call Anna" });
  const paused = await service.request("POST", "/api/apps/a/pause");
  foreign.exec("ROLLBACK");
  const app = await (await service.request("GET", "/api/apps/a")).json();

  assert.deepEqual([refused.status, paused.status], [503, 503]);
  assert.equal(refused.headers.get("Retry-After"), "5");
  await refused.body?.cancel();
  await paused.body?.cancel();
  assert.deepEqual([app.status, app.note], ["up", null]);
});
