import assert from "node:assert/strict";
import { type TestService, testService, TOKEN } from "../support/service.ts";

/** Sends a request with a precondition; returns its status and what it says. */
async function ask(
  { url }: TestService,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: unknown,
): Promise<readonly [status: number, tag: string | null, detail: string | undefined]> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { Authorization: `Bearer ${TOKEN}`, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const { detail } = text === "" ? { detail: undefined } : JSON.parse(text);
  return [response.status, response.headers.get("ETag"), detail];
}

async function periodOf(service: TestService): Promise<string> {
  return (await (await service.request("GET", "/api/apps/shop")).json()).period;
}

Deno.test("who changes an app that another has changed meanwhile is told so, and changes nothing", async (t) => {
  await using service = await testService();
  await service.beat("shop");
  const [, tag] = await ask(service, "GET", "/api/apps/shop", {});
  const [, theirs] = await ask(service, "PATCH", "/api/apps/shop", { "If-Match": tag ?? "" }, {
    period: "10m",
  });

  const stale = { "If-Match": tag ?? "" };
  for (
    const [method, path, body] of [
      ["PATCH", "/api/apps/shop", { period: "5m" }],
      ["PUT", "/api/apps/shop", { period: "5m" }],
      ["DELETE", "/api/apps/shop", undefined],
      ["POST", "/api/apps/shop/pause", undefined],
      ["POST", "/api/apps/shop/snooze", { for: "1h" }],
    ] as const
  ) {
    await t.step(`${method} ${path}`, async () => {
      const [status, , detail] = await ask(service, method, path, stale, body);
      assert.equal(status, 412);
      assert.equal(detail, "Cannot change app: its settings are others now; read them again");
      assert.deepEqual([await periodOf(service), (await service.app("shop")).status], [
        "10m",
        "up",
      ]);
    });
  }
  await t.step("with the tag as it is now", async () => {
    const [status] = await ask(service, "PATCH", "/api/apps/shop", {
      "If-Match": `"other", W/${theirs}`,
    }, { period: "5m" });
    assert.deepEqual([status, await periodOf(service)], [200, "5m"]);
  });
});

Deno.test("an app's tag stays the same while it is heard, and changes with its settings", async () => {
  await using service = await testService();
  await service.beat("shop");
  const [, before] = await ask(service, "GET", "/api/apps/shop", {});

  await service.beat("shop", { message: "OK" });
  const [, heard] = await ask(service, "GET", "/api/apps/shop", {});
  const [, changed] = await ask(service, "PATCH", "/api/apps/shop", {}, { tags: ["eu"] });

  assert.match(before ?? "", /^"[\w-]{16}"$/);
  assert.equal(heard, before);
  assert.notEqual(changed, before);
});

Deno.test("an app is registered only where there is none, and changed only where there is one, if so asked", async () => {
  await using service = await testService();
  const onlyNew = { "If-None-Match": "*" };
  const onlyKnown = { "If-Match": "*" };

  const unknown = await ask(service, "PUT", "/api/apps/shop", onlyKnown, { period: "5m" });
  const made = await ask(service, "PUT", "/api/apps/shop", onlyNew, { period: "5m" });
  const again = await ask(service, "PUT", "/api/apps/shop", onlyNew, { period: "10m" });
  const known = await ask(service, "PUT", "/api/apps/shop", onlyKnown, { name: "Shop" });

  assert.deepEqual([unknown[0], unknown[2]], [412, "Cannot change app: there is no such app"]);
  assert.equal(made[0], 201);
  assert.deepEqual([again[0], again[2]], [412, "Cannot change app: it is there already"]);
  assert.equal(known[0], 200);
});
