import assert from "node:assert/strict";
import { type TestService, testService, TOKEN } from "../support/service.ts";

const READ_TOKEN = "a-token-for-wall-screens";
const HEARTBEAT_TOKEN = "a-token-for-heartbeats";

/** Asks with a token, and says how that was answered. */
async function ask(
  { url }: TestService,
  token: string,
  { method = "GET", path = "/api/apps" }: { readonly method?: string; readonly path?: string } = {},
): Promise<{ readonly status: number; readonly wait: string | null; readonly detail: string }> {
  const response = await fetch(url + path, {
    method,
    headers: { Authorization: `Bearer ${token}` },
    ...(method === "POST" ? { body: '{"app_id":23}' } : {}),
  });
  const text = await response.text();
  const detail = response.ok ? "" : String(JSON.parse(text).detail);
  return { status: response.status, wait: response.headers.get("Retry-After"), detail };
}

Deno.test("after five wrong tokens an address is told that there are too many, and how long to wait", async () => {
  await using service = await testService();

  const answers = [];
  for (let guess = 0; guess < 8; guess++) answers.push(await ask(service, `wrong-${guess}`));

  assert.deepEqual(answers.map(({ status }) => status), [401, 401, 401, 401, 401, 429, 429, 429]);
  assert.deepEqual(answers.slice(5).map(({ wait }) => wait), ["1", "2", "4"]);
  assert.match(answers[5]?.detail ?? "", /the token is not the right one.*Too many wrong ones/);
});

Deno.test("the right token is let in, however many wrong ones came from the same address", async (t) => {
  await using service = await testService({
    config: { readToken: READ_TOKEN, heartbeatToken: HEARTBEAT_TOKEN },
  });
  for (let guess = 0; guess < 300; guess++) {
    const where = guess % 2 === 0 ? {} : { method: "POST", path: "/api/apps/" };
    await ask(service, `wrong-${guess}`, where);
  }
  const beats = { method: "POST", path: "/api/apps/" };
  const cases = [
    ["the admin's", TOKEN, {}],
    ["the reader's", READ_TOKEN, {}],
    ["a heartbeat's", HEARTBEAT_TOKEN, beats],
    ["a heartbeat's by an address", HEARTBEAT_TOKEN, { path: "/ping/23" }],
    ["the admin's on a heartbeat", TOKEN, beats],
  ] as const;
  for (const [name, token, where] of cases) {
    await t.step(name, async () => {
      const response = await fetch(service.url + ("path" in where ? where.path : "/api/apps"), {
        method: "method" in where ? where.method : "GET",
        headers: { Authorization: `Bearer ${token}` },
        ...("method" in where ? { body: '{"app_id":23}' } : {}),
      });
      await response.body?.cancel();

      assert.equal(response.status, 200);
    });
  }
});

Deno.test("guesses are told in the log once a minute for each kind, with their number, and without the token", async () => {
  await using service = await testService({ config: { heartbeatToken: HEARTBEAT_TOKEN } });

  for (let guess = 0; guess < 200; guess++) {
    await ask(service, `wrong-${guess}`);
    await ask(service, `wrong-${guess}`, { method: "POST", path: "/api/apps/" });
  }
  service.clock.advance(60_000);
  await ask(service, "wrong-200");

  const told = service.logged.filter((line) => line.includes("refused")).map((line) =>
    line.slice(25)
  );
  assert.deepEqual(told, [
    "warn  token refused from=127.0.0.1 reason=API",
    "warn  heartbeat refused reason=wrong_token from=127.0.0.1",
    "warn  token refused from=127.0.0.1 reason=API left_out=199",
  ]);
});

Deno.test("a heartbeat with a wrong token is not told to come back in a quarter of an hour", async () => {
  await using service = await testService({ config: { heartbeatToken: HEARTBEAT_TOKEN } });
  const beats = { method: "POST", path: "/api/apps/" };

  for (let guess = 0; guess < 20; guess++) await ask(service, "wrong", beats);
  const { status, wait } = await ask(service, "wrong", beats);

  assert.deepEqual([status, wait], [429, null]);
});

Deno.test("behind a trusted proxy each guesser is counted alone, by an address with a port, too", async () => {
  await using service = await testService({ config: { trustedProxies: ["127.0.0.1"] } });
  const guess = async (from: string) => {
    const response = await fetch(`${service.url}/api/apps`, {
      headers: { Authorization: "Bearer wrong", "X-Forwarded-For": from },
    });
    await response.body?.cancel();
    return response.status;
  };

  for (let times = 0; times < 10; times++) await guess(`203.0.113.5:${51_000 + times}`);

  assert.deepEqual([await guess("203.0.113.5:60000"), await guess("203.0.113.6:60000")], [
    429,
    401,
  ]);
});

Deno.test("guesses at the login form and at the API are counted together", async () => {
  await using service = await testService();
  for (let guess = 0; guess < 5; guess++) await ask(service, "wrong");

  const response = await fetch(`${service.url}/login`, {
    method: "POST",
    body: new URLSearchParams({ token: "wrong" }),
  });
  await response.body?.cancel();

  assert.equal(response.status, 429);
});

Deno.test("who sends no token guesses nothing", async () => {
  await using service = await testService();

  for (let times = 0; times < 20; times++) {
    const response = await fetch(`${service.url}/api/apps`);
    await response.body?.cancel();
    assert.equal(response.status, 401);
  }

  assert.ok(!service.logged.some((line) => line.includes("refused")));
});
