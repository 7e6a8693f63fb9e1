import assert from "node:assert/strict";
import { deflateSync, gzipSync } from "node:zlib";
import { MINUTE } from "../../lib/clock.ts";
import { BODY_LIMIT } from "../../lib/http/body.ts";
import { BODY_PATIENCE } from "../../lib/http/patience.ts";
import { MESSAGE_LENGTH } from "../../lib/message.ts";
import { testService } from "../support/service.ts";
import { close, write } from "../support/wire.ts";

/** Sends a body as it is. */
function post(url: string, body: BodyInit, headers: HeadersInit = {}): Promise<Response> {
  return fetch(`${url}/api/apps/`, { method: "POST", body, headers });
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function gzip(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(text));
}

/** How much of a body is sent at a time. */
const PIECE = 64 * 1024;

Deno.test("the original client's call works unchanged", async () => {
  await using service = await testService();

  const response = await post(service.url, '{"app_id": 23}', {
    "Content-Type": "application/json",
  });

  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { app_id: "23", status: "up" });
});

Deno.test("heartbeats are taken however their address is written, and nowhere else", async (t) => {
  await using service = await testService();
  const cases: readonly (readonly [path: string, status: number, answer: object])[] = [
    ["/api/apps/", 200, { app_id: "23", status: "up" }],
    ["/api/apps", 200, { app_id: "23", status: "up" }],
    ["/api/apps/?from=cron", 200, { app_id: "23", status: "up" }],
    ["/x/api/apps/", 404, { title: "Not found" }],
    ["/x?y=/api/apps/", 404, { title: "Not found" }],
  ];
  for (const [path, status, expected] of cases) {
    await t.step(path, async () => {
      const response = await service.request("POST", path, { app_id: 23 });

      assert.equal(response.status, status);
      assert.match(response.headers.get("Content-Type") ?? "", /^application\/(problem\+)?json$/);
      const answer = await response.json();
      assert.deepEqual({ ...answer, ...expected }, answer);
    });
  }
});

Deno.test("what an unknown app notes leaves it unknown, and the answer says so", async () => {
  await using service = await testService();
  await service.beat(23);
  await service.restart({}, { offFor: 10 * MINUTE });

  const noted = await service.request("POST", "/api/apps/", { app_id: 23, kind: "log" });
  const before = await noted.json();
  const listed = await (await service.request("GET", "/api/apps?status=up")).json();
  const heard = await (await service.request("POST", "/api/apps/", { app_id: 23 })).json();

  assert.equal(before.status, "unknown");
  assert.deepEqual(listed.apps, []);
  assert.equal(heard.status, "up");
});

Deno.test("a heartbeat is answered with what became of it", async (t) => {
  await using service = await testService({ config: { ignoredApps: new Set(["quiet"]) } });
  const long = "x".repeat(MESSAGE_LENGTH + 1);
  const cases: readonly (readonly [string, unknown, unknown])[] = [
    ["a number", { app_id: 7 }, { app_id: "7", status: "up" }],
    ["its text", { app_id: "7" }, { app_id: "7", status: "up" }],
    ["a name", { app_id: "billing", message: "ok" }, { app_id: "billing", status: "up" }],
    ["a fail", { app_id: "a", kind: "fail" }, { app_id: "a", status: "down" }],
    ["a start", { app_id: "b", kind: "start" }, { app_id: "b", status: "new" }],
    ["an ignored app", { app_id: "quiet" }, { app_id: "quiet", status: "ignored" }],
    ["a long message", { app_id: 1, message: long }, {
      app_id: "1",
      status: "up",
      truncated: true,
    }],
    ["an array", [{ app_id: 1 }, { app_id: 2 }], { accepted: 2 }],
    ["an array of one", [{ app_id: 1 }], { accepted: 1 }],
    [
      "an array with a long message",
      [{ app_id: 1 }, { app_id: 2, message: long }],
      { accepted: 2, truncated: [1] },
    ],
    ["no known field more", { app_id: 1, date: 5, __proto__: 1 }, { app_id: "1", status: "up" }],
  ];
  for (const [name, body, expected] of cases) {
    await t.step(name, async () => {
      const response = await post(service.url, JSON.stringify(body));
      assert.equal(response.status, 200);
      assert.deepEqual(await response.json(), expected);
    });
  }
});

Deno.test("bad input is answered 400, says what to fix, and changes nothing", async (t) => {
  await using service = await testService();
  const many = JSON.stringify(Array.from({ length: 1_001 }, (_, id) => ({ app_id: id })));
  const cases: readonly (readonly [string, BodyInit, readonly string[]])[] = [
    ["no app_id", "{}", ["app_id"]],
    ["null", '{"app_id":null}', ["app_id"]],
    ["empty text", '{"app_id":""}', ["app_id"]],
    ["true", '{"app_id":true}', ["app_id"]],
    ["a fraction", '{"app_id":1.5}', ["app_id"]],
    ["a negative number", '{"app_id":-5}', ["app_id"]],
    ["2^70", '{"app_id":1180591620717411303424}', ["app_id"]],
    ["infinity", '{"app_id":1e999}', ["app_id"]],
    ["an array as app_id", '{"app_id":[1]}', ["app_id"]],
    ["an object as app_id", '{"app_id":{"a":1}}', ["app_id"]],
    ["101 characters", JSON.stringify({ app_id: "a".repeat(101) }), ["app_id"]],
    ["spaces", '{"app_id":"a b"}', ["app_id"]],
    ["Cyrillic", '{"app_id":"почта"}', ["app_id"]],
    ["control characters", '{"app_id":"a\\u0000b"}', ["app_id"]],
    ["a path", '{"app_id":"../x"}', ["app_id"]],
    ["an app_id by prototype only", '{"__proto__":{"app_id":1}}', ["app_id"]],
    ["an object as message", '{"app_id":1,"message":{}}', ["message"]],
    ["an array as message", '{"app_id":1,"message":[]}', ["message"]],
    ["an unknown kind", '{"app_id":1,"kind":"beat"}', ["kind"]],
    ["several faults", '{"app_id":-1,"message":{},"kind":1}', ["app_id", "message", "kind"]],
    ["not JSON", "app_id=23", [""]],
    ["half of JSON", '{"app_id":2', [""]],
    ["an empty body", "", [""]],
    ["a number", "23", [""]],
    ["null alone", "null", [""]],
    ["an empty array", "[]", [""]],
    ["1,001 heartbeats", many, [""]],
    ["one bad among good", '[{"app_id":1},{"app_id":-1},{"app_id":2}]', ["1.app_id"]],
    ["no object in an array", '[{"app_id":1},7]', ["1"]],
    ["deep nesting", "[".repeat(100_000) + "]".repeat(100_000), ["0"]],
    ["a deep app_id", `{"app_id":${"[".repeat(50_000)}${"]".repeat(50_000)}}`, ["app_id"]],
    ["bytes of no UTF-8 that are in no text", new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), [""]],
  ];
  for (const [name, body, paths] of cases) {
    await t.step(name, async () => {
      const response = await post(service.url, body);
      const problem = await response.json();

      assert.equal(response.status, 400);
      assert.equal(response.headers.get("Content-Type"), "application/problem+json");
      assert.match(problem.detail, /^Cannot /);
      assert.deepEqual(problem.errors.map(({ path }: { path: string }) => path), paths);
    });
  }
  await t.step("nothing is stored", async () => {
    const apps = await service.request("GET", "/api/apps");
    assert.deepEqual(await apps.json(), { apps: [], next: null });
  });
});

Deno.test("bytes of no UTF-8 within a text are replaced, and its heartbeat counts", async () => {
  await using service = await testService();
  const [before, after] = ['{"app_id":23,"message":"', '"}'].map(encode);
  const body = new Uint8Array([...before ?? [], 0xc3, 0xee, 0xf2, ...after ?? []]);

  const response = await post(service.url, body);

  assert.equal(response.status, 200);
  await response.body?.cancel();
  const app = await (await service.request("GET", "/api/apps/23")).json();
  assert.equal(app.last_message, "\ufffd\ufffd\ufffd");
});

Deno.test("in the registry, bytes of no UTF-8 are refused: nothing is stored that was not meant", async () => {
  await using service = await testService();
  const [before, after] = ['{"name":"', '"}'].map(encode);

  const response = await fetch(`${service.url}/api/apps/23`, {
    method: "PUT",
    headers: { Authorization: `Bearer ${service.config.adminToken}` },
    body: new Uint8Array([...before ?? [], 0xc3, 0xee, 0xf2, ...after ?? []]),
  });

  assert.equal(response.status, 400);
  assert.match((await response.json()).detail, /it is not UTF-8/);
});

Deno.test("packed heartbeats are unpacked, up to what they may be", async (t) => {
  await using service = await testService();
  const one = '{"app_id":23,"message":"OK"}';
  const many = JSON.stringify(Array.from({ length: 1_000 }, () => ({
    app_id: 23,
    // What cannot be packed any further.
    message: crypto.randomUUID().repeat(5),
  })));
  const cases: readonly (readonly [string, Uint8Array<ArrayBuffer>, string, number, RegExp])[] = [
    ["gzip", gzip(one), "gzip", 200, /"status":"up"/],
    ["deflate", new Uint8Array(deflateSync(one)), "deflate", 200, /"status":"up"/],
    ["large", gzip(many), "gzip", 200, /^{"accepted":1000}$/],
    ["broken", gzip(one).subarray(0, 20), "gzip", 400, /it is no whole gzip/],
    ["more than 1 MiB", gzip(one.padEnd(BODY_LIMIT + 1)), "gzip", 413, /more than 1048576 bytes/],
    ["what is no JSON", gzip("app_id=23"), "gzip", 400, /as JSON/],
    ["in a way we do not know", gzip(one), "br", 400, /Content-Encoding cannot be \\"br\\"/],
    ["not, against its word", encode(one), "gzip", 200, /"status":"up"/],
  ];
  for (const [name, body, encoding, status, expected] of cases) {
    await t.step(name, async () => {
      const response = await post(service.url, body, { "Content-Encoding": encoding });
      assert.equal(response.status, status);
      assert.match(await response.text(), expected);
    });
  }
});

Deno.test("an answer repeats no more of a wrong value than is of use", async () => {
  await using service = await testService();

  const response = await post(service.url, JSON.stringify({ app_id: "ä".repeat(100_000) }));

  assert.ok((await response.text()).length < 1_000);
});

Deno.test("a body may be 1 MiB, and not a byte more", async (t) => {
  await using service = await testService();
  const filled = (bytes: number) => '{"app_id":1}'.padEnd(bytes);
  const streamed = (bytes: number) =>
    new Response(filled(bytes)).body?.pipeThrough(new TransformStream()) ?? "";

  await t.step("1 MiB", async () => {
    const response = await post(service.url, filled(BODY_LIMIT));
    assert.equal(response.status, 200);
    await response.body?.cancel();
  });
  await t.step("one more, announced", async () => {
    const response = await post(service.url, filled(BODY_LIMIT + 1));
    assert.equal(response.status, 413);
    await response.body?.cancel();
  });
  await t.step("2 MB, in pieces of no announced length", async () => {
    const response = await post(service.url, streamed(2_000_000));
    assert.equal(response.status, 413);
    await response.body?.cancel();
  });
});

Deno.test("a body that comes in pieces counts, and may be as long as any other", async (t) => {
  await using service = await testService();
  const pieces = (count: number) =>
    ReadableStream.from([
      new TextEncoder().encode('{"app_id":23,"more":"'),
      ...Array.from({ length: count }, () => new Uint8Array(PIECE).fill(0x20)),
      new TextEncoder().encode('"}'),
    ]);
  const most = BODY_LIMIT / PIECE;
  for (const [name, count, status] of [["one", 1, 200], ["too many", most, 413]] as const) {
    await t.step(name, async () => {
      const body = pieces(count);

      const response = await fetch(`${service.url}/api/apps/`, { method: "POST", body });

      assert.equal(response.status, status);
      await response.body?.cancel();
    });
  }
});

Deno.test("however its length is said, a longer body is not let in", async (t) => {
  await using service = await testService();
  const { hostname, port } = new URL(service.url);
  const long = '{"app_id":23}'.padEnd(2 * BODY_LIMIT);
  const length = `Content-Length: ${long.length}`;
  const cases: readonly (readonly [name: string, head: readonly string[], body: string])[] = [
    ["twice", [length, length], long],
    [
      "as a short one, and in pieces",
      ["Content-Length: 12", "Transfer-Encoding: chunked"],
      `${long.length.toString(16)}\r\n${long}\r\n0\r\n\r\n`,
    ],
  ];
  for (const [name, head, body] of cases) {
    await t.step(name, async () => {
      const connection = await Deno.connect({ hostname, port: Number(port) });
      const request = ["POST /api/apps/ HTTP/1.1", "Host: x", ...head, "", body].join("\r\n");

      // The answer may come before all of it was sent.
      const sent = write(connection, request);
      const status = await firstLine(connection);
      close(connection);
      await sent;

      // Deno 2.9 refuses by itself what is said in two ways.
      assert.match(status, /^HTTP\/1\.1 4(00|13) /);
    });
  }
});

Deno.test("a body that is not whole in time is answered 408", async () => {
  await using service = await testService();
  const { hostname, port } = new URL(service.url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const head = "POST /api/apps/ HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\n{";
  await connection.write(new TextEncoder().encode(head));
  await service.clock.alarmSet(BODY_PATIENCE); // the request waits for the rest of its body

  service.clock.advance(BODY_PATIENCE);

  assert.match(await firstLine(connection), /^HTTP\/1\.1 408 /);
});

Deno.test("a client that hangs up is no fault of ours", async () => {
  await using service = await testService();
  const { hostname, port } = new URL(service.url);
  {
    using connection = await Deno.connect({ hostname, port: Number(port) });
    const head = "POST /api/apps/ HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\n{";
    await connection.write(new TextEncoder().encode(head));
    await service.clock.alarmSet(BODY_PATIENCE);
  }

  service.clock.advance(BODY_PATIENCE);
  const health = await service.request("GET", "/healthz");
  await health.body?.cancel();

  assert.equal(health.status, 200);
  assert.deepEqual(service.logged.filter((line) => line.includes(" error ")), []);
});

Deno.test("an unknown app is answered 404 where none may register itself", async (t) => {
  await using service = await testService({ config: { autoRegister: false } });
  for (
    const [body, path] of [
      ['{"app_id":1}', "app_id"],
      ['[{"app_id":1}]', "0.app_id"],
    ] as const
  ) {
    await t.step(body, async () => {
      const response = await post(service.url, body);
      assert.equal(response.status, 404);
      assert.deepEqual((await response.json()).errors, [
        { path, message: 'App "1" is not registered, and AUTO_REGISTER is false' },
      ]);
    });
  }
});

Deno.test("an app beyond the most there may be is answered 429", async (t) => {
  await using service = await testService({ config: { maxApps: 1 } });
  await service.beat(1);
  for (
    const [body, path] of [
      ['{"app_id":2}', "app_id"],
      ['[{"app_id":2}]', "0.app_id"],
    ] as const
  ) {
    await t.step(body, async () => {
      const response = await post(service.url, body);

      assert.equal(response.status, 429);
      const problem = await response.json();
      assert.match(problem.detail, /1 of at most 1 \(MAX_APPS\)/);
      assert.deepEqual(problem.errors.map((each: { path: string }) => each.path), [path]);
    });
  }
});

Deno.test("a known app counts whatever stands beside it, and what may not register is named by its place", async (t) => {
  const cases = [
    ["MAX_APPS is full", { maxApps: 2 }, /^App "new" cannot register: there are 2 of at most 2/],
    ["AUTO_REGISTER is false", { autoRegister: false }, /^App "new" is not registered, and AUTO_/],
  ] as const;
  for (const [name, config, why] of cases) {
    await t.step(name, async () => {
      await using service = await testService({ config });
      for (const app of ["known", "other"]) {
        await (await service.request("PUT", `/api/apps/${app}`, {})).text();
      }
      const long = "x".repeat(MESSAGE_LENGTH + 1);
      const body = [
        { app_id: "new" },
        { app_id: "known", message: "OK" },
        { app_id: "new", kind: "fail" },
        { app_id: "other", message: long },
      ];

      const response = await post(service.url, JSON.stringify(body));

      assert.equal(response.status, 422);
      assert.equal(response.headers.get("Retry-After"), null);
      assert.equal(response.headers.get("Content-Type"), "application/problem+json");
      const { errors, ...problem } = await response.json();
      assert.deepEqual([problem.status, problem.accepted, problem.truncated], [422, 2, [3]]);
      assert.match(problem.detail, /^Cannot store 2 of 4 heartbeats: App "new" /);
      const paths = errors.map(({ path }: { path: string }) => path);
      assert.deepEqual(paths, ["0.app_id", "2.app_id"]);
      for (const { message } of errors) assert.match(message, why);
      const { status, last_message } = await (await service.request("GET", "/api/apps/known"))
        .json();
      assert.deepEqual([status, last_message], ["up", "OK"]);
      const stranger = await service.request("GET", "/api/apps/new");
      await stranger.body?.cancel();
      assert.equal(stranger.status, 404);
    });
  }
});

Deno.test("while there is room, those of an array that come first register", async () => {
  await using service = await testService({ config: { maxApps: 2 } });
  const body = ["a", "b", "c", "a"].map((app_id) => ({ app_id }));

  const response = await post(service.url, JSON.stringify(body));

  assert.equal(response.status, 422);
  const { accepted, errors } = await response.json();
  assert.equal(accepted, 3);
  assert.deepEqual(errors.map(({ path }: { path: string }) => path), ["2.app_id"]);
});

Deno.test("a heartbeat token keeps strangers out, and the admin's does as well", async (t) => {
  const heartbeatToken = "only-apps-know-this";
  await using service = await testService({ config: { heartbeatToken } });
  const cases: readonly (readonly [string, HeadersInit, number])[] = [
    ["none", {}, 401],
    ["a wrong one", { Authorization: "Bearer not-the-right-token" }, 401],
    ["the right one", { Authorization: `Bearer ${heartbeatToken}` }, 200],
    ["the right one, lower case", { Authorization: `bearer ${heartbeatToken}` }, 200],
    ["by another scheme", { Authorization: `Basic ${heartbeatToken}` }, 401],
    ["the admin's", { Authorization: `Bearer ${service.config.adminToken}` }, 200],
  ];
  for (const [name, headers, status] of cases) {
    await t.step(name, async () => {
      const response = await post(service.url, '{"app_id":1}', headers);
      assert.equal(response.status, status);
      assert.equal(response.headers.get("WWW-Authenticate"), status === 401 ? "Bearer" : null);
      await response.body?.cancel();
    });
  }
});

async function firstLine(connection: Deno.Conn): Promise<string> {
  const bytes = new Uint8Array(1_024);
  const length = await connection.read(bytes) ?? 0;
  return new TextDecoder().decode(bytes.subarray(0, length)).split("\r\n")[0] ?? "";
}
