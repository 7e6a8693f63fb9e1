import assert from "node:assert/strict";
import { testService } from "../support/service.ts";

const BROWSER = { "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0" };

/** How a heartbeat comes, and what it is answered. */
type Case = readonly [name: string, headers: Readonly<Record<string, string>>, status: number];

const CASES: readonly Case[] = [
  ["a page of another site", { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors" }, 403],
  ["a page of the same site", { "Sec-Fetch-Site": "same-site" }, 200],
  ["our own page", { "Sec-Fetch-Site": "same-origin" }, 200],
  ["the address bar", { "Sec-Fetch-Site": "none" }, 200],
  ["what tells nothing", {}, 200],
  ["a prefetch", { "Sec-Purpose": "prefetch" }, 403],
  ["a prerender", { "Sec-Purpose": "prefetch;prerender", "Sec-Fetch-Site": "none" }, 403],
  ["a prefetch of old", { Purpose: "Prefetch" }, 403],
];

Deno.test("no page of another site has a browser send heartbeats, and none is sent in advance", async (t) => {
  await using service = await testService();
  for (const [name, headers, status] of CASES) {
    for (const [method, path] of [["GET", "/ping/23"], ["POST", "/api/apps/"]] as const) {
      await t.step(`${name}: ${method} ${path}`, async () => {
        const response = await fetch(`${service.url}${path}`, {
          method,
          headers: { ...BROWSER, ...headers },
          ...(method === "POST" ? { body: '{"app_id":23}' } : {}),
        });
        await response.body?.cancel();
        assert.equal(response.status, status);
      });
    }
  }
});

Deno.test("who knows the heartbeat token is no stranger, whatever it came through", async (t) => {
  const heartbeatToken = "only-apps-know-this";
  await using service = await testService({ config: { heartbeatToken } });
  for (const [token, status] of [[heartbeatToken, 200], ["another-one", 401]] as const) {
    await t.step(token, async () => {
      const response = await fetch(`${service.url}/ping/23`, {
        headers: {
          ...BROWSER,
          "Sec-Fetch-Site": "cross-site",
          Authorization: `Bearer ${token}`,
        },
      });
      await response.body?.cancel();
      assert.equal(response.status, status);
    });
  }
});
