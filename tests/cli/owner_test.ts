import assert from "node:assert/strict";
import { type Owner, ownerAt } from "../../lib/cli/owner.ts";

/** A service that gives one answer to everything. */
interface Scripted extends AsyncDisposable {
  readonly owner: Owner;
  /** What it was asked. */
  readonly asked: readonly {
    readonly line: string;
    readonly token: string;
    readonly body: string;
  }[];
}

function scripted(respond: () => Response): Scripted {
  const asked: { line: string; token: string; body: string }[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    asked.push({
      line: `${request.method} ${pathname}${search}`,
      token: request.headers.get("Authorization") ?? "",
      body: await request.text(),
    });
    return respond();
  });
  let passes = 0;
  return {
    owner: ownerAt(`http://127.0.0.1:${server.addr.port}`, () => `pass-${++passes}`),
    asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function problem(status: number, detail: string, errors: readonly unknown[] = []): Response {
  return new Response(JSON.stringify({ type: "about:blank", status, detail, errors }), { status });
}

Deno.test("an owner is asked with a fresh pass each time", async () => {
  await using service = scripted(() => Response.json({ apps: [] }));

  const answer = await service.owner.ask("GET", "/api/apps?limit=1");
  await service.owner.ask("PATCH", "/api/apps/23", { period: "5m" });

  assert.deepEqual(answer, { apps: [] });
  assert.deepEqual(service.asked, [
    { line: "GET /api/apps?limit=1", token: "Bearer pass-1", body: "" },
    { line: "PATCH /api/apps/23", token: "Bearer pass-2", body: '{"period":"5m"}' },
  ]);
});

Deno.test("an answer without a body is null", async () => {
  await using service = scripted(() => new Response(null, { status: 204 }));

  assert.equal(await service.owner.ask("DELETE", "/api/apps/23"), null);
});

Deno.test("a refusal is told in the service's own words, each fault once", async (t) => {
  const details = [{ path: "grace", message: "grace cannot be 1" }];
  const first = { path: "period", message: "period cannot be 0" };
  const cases: readonly (readonly [string, Response, object])[] = [
    ["unknown", problem(404, 'Cannot find app "23"'), {
      code: "not_found",
      message: 'Cannot find app "23"',
      details: [],
    }],
    [
      "wrong in two ways",
      problem(400, "Cannot change app: period cannot be 0", [first, ...details]),
      { code: "invalid", message: "Cannot change app: period cannot be 0", details },
    ],
    ["full", problem(503, "Cannot store"), { code: "unavailable", message: "Cannot store" }],
    ["hostile", problem(400, "a\u001b[31mb\n", [null, 1, { path: "x", message: "\u202e" }]), {
      code: "invalid",
      message: "a\\u001b[31mb\\n",
      details: [{ path: "x", message: "\\u202e" }],
    }],
  ];
  for (const [name, response, expected] of cases) {
    await t.step(name, async () => {
      await using service = scripted(() => response);
      await assert.rejects(service.owner.ask("GET", "/api/apps"), expected);
    });
  }
});

Deno.test("an answer that is none of stillalive's is told by its status", async (t) => {
  const cases: readonly (readonly [string, Response, RegExp])[] = [
    ["a page", new Response("<h1>Hello</h1>"), /it answered 200 and no reason/],
    ["not found", new Response("404 page not found", { status: 404 }), /it answered 404/],
    ["JSON of another kind", Response.json({ error: "no" }, { status: 400 }), /it answered 400/],
    ["a fault of its own", Response.json({ status: 500 }, { status: 500 }), /it answered 500/],
  ];
  for (const [name, response, message] of cases) {
    await t.step(name, async () => {
      await using service = scripted(() => response);
      await assert.rejects(service.owner.ask("GET", "/"), { code: "unavailable", message });
    });
  }
});

Deno.test("an owner that is gone is told, with what to do", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();

  await assert.rejects(ownerAt(`http://127.0.0.1:${port}`, () => "pass").ask("GET", "/"), {
    code: "unavailable",
    message: `Cannot ask the service at "http://127.0.0.1:${port}": ` +
      "it does not answer; if it is not running, start stillalive",
  });
});
