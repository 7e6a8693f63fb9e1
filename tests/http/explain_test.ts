import assert from "node:assert/strict";
import { HOUR, SECOND } from "../../lib/clock.ts";
import { testService, TOKEN, WINDOW } from "../support/service.ts";
import { mailServer } from "../support/smtp_server.ts";
import { SILENCE } from "../support/store.ts";

const READ_TOKEN = "a-token-for-wall-screens";

Deno.test("an app is explained: why, what comes next, and who will be told", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail, config: { readToken: READ_TOKEN } });
  await service.beat(23, { message: "OK:200" });
  service.clock.advance(12 * SECOND);

  const headers = { Authorization: `Bearer ${READ_TOKEN}` };
  const response = await fetch(`${service.url}/api/apps/23/explain/`, { headers });

  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), {
    app_id: "23",
    status: "up",
    last_heartbeat_at: "2026-11-24T07:20:49.000Z",
    why: {
      rule: "heard",
      success_at: "2026-11-24T07:20:49.000Z",
      period: "1m",
      grace: "30s",
      due_at: "2026-11-24T07:21:49.000Z",
      deadline_at: "2026-11-24T07:22:19.000Z",
    },
    muted: null,
    flapping: null,
    refused: null,
    next: {
      kind: "alarm",
      due_at: "2026-11-24T07:21:49.000Z",
      unknown_told_at: null,
      at: "2026-11-24T07:22:19.000Z",
      muted: null,
    },
    telling: {
      kind: "addresses",
      addresses: [{
        to: "admin@example.org",
        plan: "mail",
        at: "2026-11-24T07:22:22.000Z",
        held_by: "digest",
        refused: null,
      }],
    },
    text: [
      "Up: last heartbeat 12 s ago",
      "Due in 48 s; alarm at 10:22:19 if silent",
      "Mail to admin@example.org: at 10:22:22 at the earliest",
    ],
  });
});

Deno.test("an app that is down is explained in the language of the settings", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail, config: { language: "ru" } });
  await service.beat(23);
  service.clock.advance(SILENCE);
  await service.logs("app down");
  service.clock.advance(WINDOW);
  await service.logs("letter sent");

  const { status, why, next, telling, text } =
    await (await service.request("GET", "/api/apps/23/explain")).json();

  const since = "2026-11-24T07:22:19.000Z";
  assert.deepEqual([status, next], ["down", { kind: "nothing" }]);
  assert.deepEqual(why, { rule: "silence", since, acknowledged_at: null });
  assert.deepEqual(telling.addresses, [{
    to: "admin@example.org",
    plan: "told",
    at: "2026-11-24T07:22:22.000Z",
    reminder_at: null,
    refused: null,
  }]);
  assert.deepEqual(text, [
    "Не отвечает уже 3 с, с 10:22:19: сигнал не пришёл вовремя",
    "Письмо на admin@example.org: отправлено (10:22:22), напоминать не будем",
  ]);
});

Deno.test("an app that is snoozed is explained with when people are told after all", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  await service.beat(23);
  await (await service.request("POST", "/api/apps/23/snooze", { for: "1h" })).text();

  const { muted, next, telling, text } =
    await (await service.request("GET", "/api/apps/23/explain")).json();

  const until = "2026-11-24T08:20:49.000Z";
  assert.deepEqual(muted, { by: "snoozed", until });
  assert.deepEqual(next.muted, muted);
  assert.deepEqual([telling.addresses[0].plan, telling.addresses[0].at], [
    "muted",
    new Date(Date.parse(until) + WINDOW).toISOString(),
  ]);
  assert.deepEqual(text, [
    "Up: last heartbeat 0 s ago",
    "Due in 1 min; alarm at 10:22:19 if silent",
    "It is snoozed until 11:20:49: nobody is told before",
    "Mail to admin@example.org: if it is still down then, at 11:20:52 at the earliest",
  ]);
  assert.equal(Date.parse(until) - service.clock.now(), HOUR);
});

Deno.test("where nobody is told the explanation says why", async (t) => {
  const table = [
    [{ adminEmails: [] }, "no_address", /ADMIN_EMAILS names no address$/],
    [{}, "no_mail", /mail is not set up/],
    [{ ignoredApps: new Set(["23"]) }, "ignored", /it is ignored$/],
  ] as const;
  for (const [config, because, expected] of table) {
    await t.step(because, async () => {
      await using service = await testService({ config });
      await service.beat(23);

      const { telling, text } = await (await service.request("GET", "/api/apps/23/explain")).json();

      assert.deepEqual(telling, { kind: "nobody", because });
      assert.match(text.at(-1), expected);
    });
  }
});

Deno.test("explanations are for who may read", async (t) => {
  await using service = await testService();
  await service.beat(23);
  const cases = [
    ["GET", "/api/apps/24/explain", TOKEN, 404],
    ["GET", "/api/apps/23/explain", "a-token-of-nobody-here", 401],
    ["POST", "/api/apps/23/explain", TOKEN, 405],
  ] as const;
  for (const [method, path, token, status] of cases) {
    await t.step(`${method} ${path} ${status}`, async () => {
      const headers = { Authorization: `Bearer ${token}` };
      const response = await fetch(`${service.url}${path}`, { method, headers });
      await response.body?.cancel();
      assert.equal(response.status, status);
    });
  }
});
