import assert from "node:assert/strict";
import { MINUTE } from "../../lib/clock.ts";
import { testService } from "../support/service.ts";

Deno.test("who can only ask a URL sends heartbeats by it", async (t) => {
  await using service = await testService();
  const cases = [
    ["GET", "ping/a", "up"],
    ["HEAD", "ping/b", "up"],
    ["POST", "ping/c/", "up"],
    ["GET", "ping/d/fail", "down"],
    ["GET", "ping/e/start", "new"],
    ["POST", "ping/f/log", "new"],
    ["GET", "ping/23", "up"],
  ] as const;
  for (const [method, path, status] of cases) {
    await t.step(`${method} ${path}`, async () => {
      const response = await fetch(`${service.url}/${path}`, { method });
      await response.body?.cancel();
      const app = await service.request("GET", `/api/apps/${path.split("/")[1]}`);

      assert.equal(response.status, 200);
      assert.equal((await app.json()).status, status);
    });
  }
});

Deno.test("the body of a ping is its message, cut where it is too long", async () => {
  await using service = await testService();

  const response = await service.request("POST", "/ping/a/fail", "x".repeat(5_000));

  const { last_message } = await (await service.request("GET", "/api/apps/a")).json();
  assert.equal(await response.text(), "OK");
  assert.equal(last_message.length, 3_905);
});

Deno.test("a ping that is none is refused and changes nothing", async (t) => {
  await using service = await testService({ config: { heartbeatToken: "a-heartbeat-token" } });
  const cases = [["ping/a", {}, 401], [
    "ping/a/b",
    { Authorization: "Bearer a-heartbeat-token" },
    404,
  ], [
    "ping/-",
    { Authorization: "Bearer a-heartbeat-token" },
    404,
  ]] as const;
  for (const [path, headers, status] of cases) {
    await t.step(path, async () => {
      const response = await fetch(`${service.url}/${path}`, { headers });
      await response.body?.cancel();

      assert.equal(response.status, status);
    });
  }
  const { apps } = await (await service.request("GET", "/api/apps")).json();
  assert.deepEqual(apps, []);
});

Deno.test("a stillalive watches another one", async () => {
  await using watcher = await testService();
  await using watched = await testService({
    config: { watchdogUrl: `${watcher.url}/ping/stillalive` },
  });

  watched.clock.advance(MINUTE);
  let apps: readonly { readonly app_id: string }[] = [];
  while (apps.length === 0) {
    apps = (await (await watcher.request("GET", "/api/apps")).json()).apps;
  }

  assert.deepEqual(apps.map(({ app_id }) => app_id), ["stillalive"]);
});
