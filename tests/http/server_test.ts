import assert from "node:assert/strict";
import { MINUTE } from "../../lib/clock.ts";
import { senderReader } from "../../lib/http/sender.ts";
import { testService, TOKEN } from "../support/service.ts";
import { SILENCE } from "../support/store.ts";

const READ_TOKEN = "a-token-for-wall-screens";

Deno.test("an app is shown as the contract says", async () => {
  await using service = await testService();
  await service.beat(23, { message: "OK:200" });

  const response = await service.request("GET", "/api/apps/23");

  assert.deepEqual(await response.json(), {
    app_id: "23",
    status: "up",
    name: null,
    tags: [],
    note: null,
    period: "1m",
    grace: "30s",
    last_heartbeat_at: "2026-11-24T07:20:49.000Z",
    deadline_at: "2026-11-24T07:22:19.000Z",
    last_message: "OK:200",
  });
});

Deno.test("the registry is read page by page", async () => {
  await using service = await testService();
  for (const id of ["c", "a", "d", "b", "e"]) await service.beat(id);

  const seen: string[] = [];
  let cursor = "";
  do {
    const page = await (await service.request("GET", `/api/apps?limit=2${cursor}`)).json();
    seen.push(page.apps.map(({ app_id }: { app_id: string }) => app_id).join(" "));
    cursor = page.next === null ? "" : `&cursor=${page.next}`;
  } while (cursor !== "");

  assert.deepEqual(seen, ["a b", "c d", "e"]);
});

Deno.test("every route answers what its caller may know", async (t) => {
  await using service = await testService({ config: { readToken: READ_TOKEN } });
  await service.beat(23);
  const admin = `Bearer ${TOKEN}`;
  const reader = `Bearer ${READ_TOKEN}`;
  const cases: readonly (readonly [string, string, string | null, number])[] = [
    ["GET", "/api/apps", null, 401],
    ["GET", "/api/apps", "Bearer wrong", 401],
    ["GET", "/api/apps", reader, 200],
    ["GET", "/api/apps/", admin, 200],
    ["HEAD", "/api/apps", admin, 200],
    ["GET", "/api/apps?limit=0", admin, 400],
    ["GET", "/api/apps?limit=1001", admin, 400],
    ["GET", "/api/apps?limit=x", admin, 400],
    ["GET", "/api/apps?status=dead", admin, 400],
    ["GET", "/api/apps?cursor=%00", admin, 400],
    ["GET", "/api/apps?unknown=1", admin, 200],
    ["PUT", "/api/apps", null, 405],
    ["GET", "/api/apps/23", null, 401],
    ["GET", "/api/apps/23", reader, 200],
    ["GET", "/api/apps/23/", admin, 200],
    ["GET", "/api/apps/nobody", null, 401],
    ["GET", "/api/apps/nobody", admin, 404],
    ["GET", "/api/apps/..%2Fx", admin, 404],
    ["GET", "/api/apps/%ff", admin, 404],
    ["POST", "/api/check", null, 401],
    ["POST", "/api/check", reader, 403],
    ["POST", "/api/check/", admin, 200],
    ["GET", "/api/check", admin, 405],
    ["GET", "/healthz", null, 200],
    ["GET", "/readyz/", null, 200],
    ["POST", "/healthz", null, 405],
    ["GET", "/no/such/route", null, 401],
    ["GET", "/no/such/route", reader, 404],
  ];
  for (const [method, path, token, status] of cases) {
    const who = token === null ? "nobody" : token === reader ? "a reader" : token;
    await t.step(`${method} ${path} by ${who === admin ? "an admin" : who}`, async () => {
      const headers: HeadersInit = token === null ? {} : { Authorization: token };
      const response = await fetch(`${service.url}${path}`, { method, headers });
      await response.body?.cancel();

      assert.equal(response.status, status);
      assert.equal(response.headers.has("Allow"), status === 405);
      assert.equal(response.headers.has("WWW-Authenticate"), status === 401);
    });
  }
});

Deno.test("a connection whose body was too large ends with the answer, on every route", async (t) => {
  await using service = await testService();
  const cases = [
    ["POST", "/api/apps/", 1024 * 1024 + 1],
    ["PUT", "/api/apps/23", 1024 * 1024 + 1],
    ["POST", "/login", 64 * 1024 + 1],
  ] as const;
  for (const [method, path, bytes] of cases) {
    await t.step(`${method} ${path}`, async () => {
      const response = await fetch(`${service.url}${path}`, {
        method,
        headers: { Authorization: `Bearer ${TOKEN}` },
        body: "x".repeat(bytes),
      });
      await response.body?.cancel();

      assert.equal(response.status, 413);
      // Deno 2.9 says so itself, too, of a body that was not read.
      assert.match(response.headers.get("Connection") ?? "", /^close(, close)?$/);
    });
  }
});

Deno.test("a method that a route lacks is told which ones it has", async () => {
  await using service = await testService();

  const response = await service.request("DELETE", "/api/apps/");

  assert.equal(response.headers.get("Allow"), "POST, GET, HEAD");
  assert.equal((await response.json()).detail, "Cannot DELETE this: it takes POST, GET, HEAD");
});

Deno.test("readyz says in words what is stuck, and gives no address away", async () => {
  await using service = await testService();
  await service.beat(23);
  const before = await service.request("GET", "/readyz");
  await before.body?.cancel();
  service.clock.advance(SILENCE);
  await service.logs("app down");

  service.clock.advance(15 * MINUTE + 1);
  const after = await service.request("GET", "/readyz");

  assert.equal(before.status, 200);
  assert.equal(after.status, 503);
  assert.deepEqual(await after.json(), {
    status: "failing",
    problems: ["mail has been waiting for more than 15 minutes"],
  });
});

Deno.test("a sender behind trusted proxies is named by them, and by nobody else", async (t) => {
  const reader = senderReader({ trustedProxies: ["10.0.0.0/8", "::1"] });
  const cases = [
    ["192.0.2.9", "203.0.113.5", "192.0.2.9"],
    ["10.1.1.1", "203.0.113.5", "203.0.113.5"],
    ["::1", "203.0.113.5", "203.0.113.5"],
    ["10.1.1.1", "6.6.6.6, 203.0.113.5, 10.2.2.2", "203.0.113.5"],
    ["10.1.1.1", "6.6.6.6, nonsense", "10.1.1.1"],
    ["10.1.1.1", "", "10.1.1.1"],
    ["10.1.1.1", "10.3.3.3", "10.3.3.3"],
  ] as const;
  for (const [peer, forwarded, expected] of cases) {
    await t.step(`${peer} says ${JSON.stringify(forwarded)}`, () => {
      const request = new Request("http://x", { headers: { "X-Forwarded-For": forwarded } });
      assert.equal(reader.address(request, peer), expected);
    });
  }
});
