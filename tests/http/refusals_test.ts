import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { HOUR, MINUTE } from "../../lib/clock.ts";
import { BODY_LIMIT } from "../../lib/http/body.ts";
import { BODY_PATIENCE } from "../../lib/http/patience.ts";
import { type TestService, testService } from "../support/service.ts";
import { Person } from "../support/person.ts";
import { write } from "../support/wire.ts";

const HEARTBEAT_TOKEN = "only-apps-know-this";

const BROWSER = { "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0" };

/** What is remembered of an app: why its last heartbeat was refused, how often, and from where. */
async function remembered(service: TestService, appId: string): Promise<unknown> {
  const { refused } = await (await service.request("GET", `/api/apps/${appId}/explain`)).json();
  return refused === null ? null : [refused.reason, refused.times, refused.from];
}

/** The lines of the log about refused heartbeats, without their times. */
function told(service: TestService): readonly string[] {
  return service.logged.filter((line) => line.includes("heartbeat refused")).map((line) =>
    line.slice(25)
  );
}

async function send(
  service: TestService,
  { method = "POST", path = "/api/apps/", body, headers = {} }: {
    readonly method?: string;
    readonly path?: string;
    readonly body?: string;
    readonly headers?: HeadersInit;
  },
): Promise<number> {
  const given = body === undefined ? {} : { body };
  const response = await fetch(`${service.url}${path}`, { method, headers, ...given });
  await response.body?.cancel();
  return response.status;
}

Deno.test("a refused heartbeat of a known app is remembered for that app, with its reason", async (t) => {
  await using service = await testService();
  const one = (more: object) => JSON.stringify({ app_id: 23, ...more });
  const crossSite = { ...BROWSER, "Sec-Fetch-Site": "cross-site" };
  const cases: readonly (readonly [Parameters<typeof send>[1], number, string])[] = [
    [{ body: one({ kind: "beat" }) }, 400, "wrong_kind"],
    [{ body: one({ message: {} }) }, 400, "wrong_message"],
    [{ body: '{"app_id": 23, "message": "disk "full""}' }, 400, "not_json"],
    [{ body: '{"app_id": "23"' }, 400, "not_json"],
    [{ body: `[${one({})}, {"app_id": -1}]` }, 400, "beside_wrong"],
    [{ body: `[{"app_id": -1}, ${one({ kind: "beat" })}]` }, 400, "wrong_kind"],
    [{ body: JSON.stringify(Array(1_001).fill({ app_id: 23 })) }, 400, "wrong_array"],
    [{ body: one({ message: "x".repeat(BODY_LIMIT) }) }, 413, "too_large"],
    [{ body: one({}), headers: crossSite }, 403, "cross_site"],
    [{ method: "PUT", body: one({}) }, 405, "wrong_method"],
    [{ method: "GET", path: "/ping/23/finished" }, 404, "wrong_kind"],
    [{ method: "GET", path: "/ping/23/fail/1" }, 404, "wrong_kind"],
    [{ method: "DELETE", path: "/ping/23/fail" }, 405, "wrong_method"],
    [{ method: "GET", path: "/ping/23", headers: { "Sec-Purpose": "prefetch" } }, 403, "prefetch"],
    [{ method: "GET", path: "/ping/23", headers: crossSite }, 403, "cross_site"],
  ];
  for (const [index, [request, status, reason]] of cases.entries()) {
    await t.step(`${index}: ${reason}`, async () => {
      if (index === 0) await service.beat(23);
      assert.equal(await remembered(service, "23") === null, index === 0);

      assert.equal(await send(service, request), status);

      assert.deepEqual(await remembered(service, "23"), [reason, index + 1, "127.0.0.1"]);
    });
  }
});

Deno.test("a wrong token is remembered for the app that sent it, and what it was is told nowhere", async (t) => {
  await using service = await testService({ config: { heartbeatToken: HEARTBEAT_TOKEN } });
  await service.beat("backup");
  const wrong = { Authorization: "Bearer a-token-of-another-service" };
  const cases: readonly (readonly [string, Parameters<typeof send>[1], string])[] = [
    ["none", { body: '{"app_id": "backup"}' }, "no_token"],
    ["a wrong one", { body: '[{"app_id": "backup"}]', headers: wrong }, "wrong_token"],
    ["none by ping", { method: "GET", path: "/ping/backup" }, "no_token"],
    ["a wrong one by ping", { path: "/ping/backup/fail", headers: wrong }, "wrong_token"],
  ];
  for (const [index, [name, request, reason]] of cases.entries()) {
    await t.step(name, async () => {
      assert.equal(await send(service, request), 401);
      assert.deepEqual(await remembered(service, "backup"), [reason, index + 1, "127.0.0.1"]);
    });
  }
  assert.doesNotMatch(service.logged.join("\n"), /a-token-of-another-service/);
});

Deno.test("a body that does not come whole is remembered for the app that it began to name", async () => {
  await using service = await testService();
  await service.beat(23);
  const { hostname, port } = new URL(service.url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const body = '{"app_id": 23, "message": "';
  await write(
    connection,
    `POST /api/apps/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n${body}`,
  );
  await service.clock.alarmSet(BODY_PATIENCE);
  await (await service.request("GET", "/healthz")).text();

  service.clock.advance(BODY_PATIENCE);

  const answer = new Uint8Array(100);
  await connection.read(answer);
  assert.match(new TextDecoder().decode(answer), /^HTTP\/1\.1 408 /);
  assert.deepEqual(await remembered(service, "23"), ["too_slow", 1, "127.0.0.1"]);
});

Deno.test("of apps that are not known nothing is remembered, and no id of theirs is told", async () => {
  await using service = await testService({ config: { autoRegister: false } });

  assert.equal(await send(service, { body: '{"app_id": "stranger"}' }), 404);
  assert.equal(await send(service, { body: '{"app_id": "stranger", "kind": "x"}' }), 400);
  assert.equal(await send(service, { method: "GET", path: "/ping/stranger" }), 404);
  assert.equal(await send(service, { method: "GET", path: "/ping/a%20b" }), 404);

  await (await service.request("PUT", "/api/apps/stranger", {})).text();
  assert.equal(await remembered(service, "stranger"), null);
  assert.deepEqual(told(service), [
    "warn  heartbeat refused reason=unknown_app from=127.0.0.1",
    "warn  heartbeat refused reason=wrong_kind from=127.0.0.1",
    "warn  heartbeat refused reason=wrong_app_id from=127.0.0.1",
  ]);
});

Deno.test("each kind of refusal is a line in the log, once a minute, with how many there were since", async () => {
  await using service = await testService();
  await service.beat(23);
  const refuse = (kind: string) => send(service, { body: JSON.stringify({ app_id: 23, kind }) });

  for (let times = 0; times < 3; times++) await refuse("beat");
  await send(service, { body: "app_id=23" });
  service.clock.advance(MINUTE);
  await refuse("beat");

  assert.deepEqual(told(service), [
    "warn  heartbeat refused reason=wrong_kind from=127.0.0.1 app_id=23",
    "warn  heartbeat refused reason=not_json from=127.0.0.1",
    "warn  heartbeat refused reason=wrong_kind from=127.0.0.1 app_id=23 left_out=2",
  ]);
});

Deno.test("what was refused stands on the app's page, until it has been cured for a day", async () => {
  await using service = await testService();
  const person = await Person.logIn(service);
  await (await service.request("PUT", "/api/apps/23", { period: "1d" })).text();
  await service.beat(23);
  service.clock.advance(MINUTE);
  await send(service, { method: "GET", path: "/ping/23/finished" });
  const text = async () => (await person.page("/apps/23")).text;

  const refused =
    /It did send something at 10:21:49, which was refused: there is no such kind of heartbeat \(from 127\.0\.0\.1\)/;
  assert.match(await text(), refused);
  service.clock.advance(HOUR);
  await service.beat(23);
  assert.match(await text(), refused);
  service.clock.advance(24 * HOUR);
  assert.doesNotMatch(await text(), /which was refused/);
});

Deno.test("a heartbeat that went astray is a line in the log", async (t) => {
  for (
    const path of ["//ping/23", "/x/ping/23", "//api/apps/", "/api/app", "/api/apps/api/apps/"]
  ) {
    await t.step(path, async () => {
      await using service = await testService();
      assert.equal(await send(service, { path, body: '{"app_id": 23}' }), 401);
      assert.deepEqual(told(service), [
        "warn  heartbeat refused reason=wrong_path from=127.0.0.1",
      ]);
    });
  }
  await t.step("what is no heartbeat is none", async () => {
    await using service = await testService();
    assert.equal(await send(service, { method: "GET", path: "/wp-login.php" }), 401);
    assert.deepEqual(told(service), []);
  });
});

Deno.test("what could not be stored is no refusal: it is a gap", async () => {
  await using service = await testService();
  await service.beat(23);
  {
    using stranger = new DatabaseSync(service.config.database);
    stranger.exec("BEGIN IMMEDIATE");
    assert.equal(await send(service, { body: '{"app_id": 23}' }), 503);
    assert.equal(await send(service, { path: "/ping/23" }), 503);
  }
  await service.beat(23);

  assert.deepEqual(told(service), []);
  assert.equal(await remembered(service, "23"), null);
});
