import assert from "node:assert/strict";
import { deflateSync, gzipSync } from "node:zlib";
import { MINUTE } from "../../lib/clock.ts";
import { BODY_PATIENCE } from "../../lib/http/patience.ts";
import { UNPACKED_LIMIT } from "../../lib/http/unpacking.ts";
import { keptMessage } from "../../lib/message.ts";
import { type TestService, testService } from "../support/service.ts";
import { close, write } from "../support/wire.ts";

function gzip(content: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(content));
}

/** Sends a body as it is. */
function post(url: string, body: BodyInit, headers: HeadersInit = {}): Promise<Response> {
  return fetch(url, { method: "POST", body, headers });
}

/** Begins a request by hand, and says when its patience begins. */
async function begin(service: TestService, text: string): Promise<Deno.Conn> {
  const { hostname, port } = new URL(service.url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode(text));
  await service.clock.alarmSet(BODY_PATIENCE);
  // What came with it is read by the time that another request is answered.
  await (await service.request("GET", "/healthz")).body?.cancel();
  return connection;
}

/** What an app said last, and how it stands. */
async function standing(service: TestService, appId: string): Promise<readonly unknown[]> {
  const app = await (await service.request("GET", `/api/apps/${appId}`)).json();
  return [app.status, app.last_message];
}

Deno.test("who can only ask a URL sends heartbeats by it", async (t) => {
  await using service = await testService();
  const cases = [
    ["GET", "ping/a", "up"],
    ["HEAD", "ping/b", "up"],
    ["POST", "ping/c/", "up"],
    ["PUT", "ping/c2", "up"],
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

Deno.test("nothing about its body refuses a heartbeat that a path names", async (t) => {
  await using service = await testService();
  const windows1251 = new Uint8Array([0xc3, 0xee, 0xf2, 0xee, 0xe2, 0xee]); // Готово
  const text = "backup begins\n" + "a line of no interest\n".repeat(150_000) + "disk full";
  const packed = gzip("Готово");
  const cut = gzip(text).subarray(0, 2_000);
  const packing = { "Content-Encoding": "gzip" };
  const cases: readonly (readonly [string, BodyInit, HeadersInit, string | RegExp | null])[] = [
    ["no text", "", {}, null],
    ["text", "Готово", {}, "Готово"],
    ["another encoding", windows1251, {}, "\ufffd".repeat(6)],
    ["NUL", "a\0b", {}, "a␀b"],
    ["3 MB", text, {}, keptMessage(text).message],
    ["3 MB of no encoding", new Uint8Array(3_000_000).fill(0xff), {}, /^\ufffd+\n\[…\]\n\ufffd+$/],
    ["gzip", packed, packing, "Готово"],
    ["gzip by its other name", packed, { "Content-Encoding": "X-Gzip" }, "Готово"],
    ["deflate", new Uint8Array(deflateSync("Готово")), { "Content-Encoding": "deflate" }, "Готово"],
    ["gzip that ends too early", cut, packing, /^backup begins\na line of no interest\n/],
    ["gzip that is broken", new Uint8Array([0x1f, 0x8b, 8, 0, 1]), packing, null],
    ["no gzip, by its word", "Готово", packing, "Готово"],
    [
      "gzip of more than we unpack",
      gzip(text),
      packing,
      /^backup begins\n[^]+\[…\][^]+interest\n/,
    ],
    [
      "gzip bomb",
      gzip(new Uint8Array(100 * UNPACKED_LIMIT).fill(0x30)),
      packing,
      /^0+\n\[…\]\n0+$/,
    ],
    ["an encoding that we do not know", "Готово", { "Content-Encoding": "br" }, "Готово"],
    ["half of JSON", '{"app_id":', { "Content-Type": "application/json" }, '{"app_id":'],
  ];
  for (const [index, [name, body, headers, message]] of cases.entries()) {
    await t.step(name, async () => {
      const id = `app-${index}`;

      const response = await post(`${service.url}/ping/${id}/fail`, body, headers);
      const [status, said] = await standing(service, id);

      assert.equal(response.status, 200);
      assert.equal(await response.text(), "OK");
      assert.equal(status, "down");
      if (message instanceof RegExp) assert.match(String(said), message);
      else assert.equal(said, message);
    });
  }
});

Deno.test("of a long output the last line is kept, though it comes in pieces of no announced length", async () => {
  await using service = await testService();
  const line = new TextEncoder().encode("a line of no interest\n".repeat(3_000));
  const last = new TextEncoder().encode("the last line");
  const output = ReadableStream.from([...Array.from({ length: 300 }, () => line), last]);

  const response = await post(`${service.url}/ping/x/fail`, output);
  await response.body?.cancel();

  assert.equal(response.status, 200);
  assert.match(String((await standing(service, "x"))[1]), /no interest\nthe last line$/);
});

Deno.test("a text that stops coming counts with what came", async () => {
  await using service = await testService();
  const head = "POST /ping/x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n";
  using connection = await begin(service, `${head}half of it`);

  service.clock.advance(BODY_PATIENCE);

  const answer = await read(connection);
  assert.match(answer, /^HTTP\/1\.1 200 /);
  assert.match(answer, /\r\nconnection: close\r\n/i);
  assert.deepEqual(await standing(service, "x"), ["up", "half of it"]);
});

Deno.test("a client that hangs up amid its text was alive", async () => {
  await using service = await testService();
  const head = "POST /ping/x/log HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n";
  const connection = await begin(service, `${head}half of it`);

  close(connection);

  let said: readonly unknown[] = [];
  while (said[1] !== "half of it") said = await standing(service, "x");
  assert.deepEqual(service.logged.filter((line) => line.includes(" error ")), []);
});

Deno.test("a text that is sent by GET is lost, and the log says so, but its heartbeat counts", async () => {
  await using service = await testService();
  const { hostname, port } = new URL(service.url);
  using connection = await Deno.connect({ hostname, port: Number(port) });

  await write(connection, "GET /ping/x HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\ntext");

  assert.match(await read(connection), /^HTTP\/1\.1 200 /);
  assert.deepEqual(await standing(service, "x"), ["up", null]);
  const lost = service.logged.filter((line) => line.includes("heartbeat text lost"));
  assert.match(lost.join(), / warn {2}heartbeat text lost app_id=x from=127\.0\.0\.1 /);
});

Deno.test("a ping that is none is refused and changes nothing", async (t) => {
  await using service = await testService({ config: { heartbeatToken: "a-heartbeat-token" } });
  const token = { Authorization: "Bearer a-heartbeat-token" };
  const cases = [
    ["GET", "ping/a", {}, 401],
    ["GET", "ping/a/b", token, 404],
    ["GET", "ping/a/fail/b", token, 404],
    ["GET", "ping/-", token, 404],
    ["GET", "ping/%ZZ", token, 404],
    ["DELETE", "ping/a", token, 405],
    ["PATCH", "ping/a/fail", token, 405],
  ] as const;
  for (const [method, path, headers, status] of cases) {
    await t.step(`${method} ${path}`, async () => {
      const response = await fetch(`${service.url}/${path}`, { method, headers });
      await response.body?.cancel();

      assert.equal(response.status, status);
      assert.equal(response.headers.get("Allow"), status === 405 ? "GET, HEAD, POST, PUT" : null);
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

async function read(connection: Deno.Conn): Promise<string> {
  const bytes = new Uint8Array(4_096);
  const length = await connection.read(bytes) ?? 0;
  return new TextDecoder().decode(bytes.subarray(0, length));
}
