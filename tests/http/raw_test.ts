import assert from "node:assert/strict";
import { askRaw, rawRequest } from "../support/raw_http.ts";
import { testService } from "../support/service.ts";

/** Hosts that there cannot be. */
const BAD_HOSTS = [
  "bad host",
  "[::1",
  "[zz]",
  "exa<mple",
  "a:b:c",
  "host:99999",
  "user:password@host",
  "host/path",
  "host?query",
  "host#fragment",
  "ex\\ample",
  "xn--a",
  "%zz",
  "1.2.3.4.5",
  "::1",
  "[fe80::1%25eth0]",
  "a|b",
  "x".repeat(5_000),
];

/** What programs and people ask for. */
const ASKED = [
  "GET /",
  "GET /login",
  "GET /healthz",
  "GET /metrics",
  "GET /ack/1.x",
  "POST /login",
];

Deno.test("a request for a host that there cannot be is answered 400, and leaves no line in the log", async (t) => {
  await using service = await testService();
  const before = service.logged.length;

  for (const host of BAD_HOSTS) {
    await t.step(host.slice(0, 40), async () => {
      for (const line of ASKED) {
        const { status, text } = await askRaw(service.url, rawRequest(line, { host }));

        assert.equal(status, 400, `${line}: ${text}`);
        assert.match(text, /"detail":"Cannot answer for the host \\?"/);
        assert.ok(text.length < 1_000, `${line}: ${text.length} bytes`);
      }
    });
  }

  assert.deepEqual(service.logged.slice(before), []);
});

Deno.test("a heartbeat counts, whatever host it is sent to", async (t) => {
  await using service = await testService();
  const body = '{"app_id":23}';

  for (const host of ["bad host", "[zz]", "xn--a", "", null]) {
    await t.step(String(host), async () => {
      const one = await askRaw(service.url, rawRequest("POST /api/apps/", { host, body }));
      const other = host === ""
        ? one
        : await askRaw(service.url, rawRequest("GET /ping/23", { host }));

      assert.deepEqual([one.status, other.status], [200, 200], one.text + other.text);
    });
  }
});

Deno.test("hosts as they are sent are taken", async (t) => {
  await using service = await testService();
  const hosts = [
    "localhost:8000",
    "alive.example.com",
    "ALIVE.example.com.",
    "my_container:8000",
    "127.0.0.1:8000",
    "[::1]:8000",
    "xn--e1afmkfd.xn--p1ai",
    null,
  ];
  for (const host of hosts) {
    await t.step(String(host), async () => {
      assert.equal((await askRaw(service.url, rawRequest("GET /login", { host }))).status, 200);
    });
  }
});

Deno.test("no request makes more than one short line in the log, nor one that is a fault of ours", async (t) => {
  await using service = await testService();
  const long = "\u00e9\u202e%0d%0a".repeat(500);
  const lines: readonly string[] = [
    "GET //evil.example/x",
    "GET /\\evil.example",
    "GET http://[zz]/",
    "GET http:///healthz",
    "GET ftp://x/",
    "GET /%",
    "GET /%ff",
    "GET /%00",
    "GET /a%0d%0ab",
    "GET /apps/%ff",
    "GET /apps/%E2%80%AE",
    "GET /badge/%ff/x.svg",
    "GET /ack/%ff",
    "GET /api/apps/%ff",
    "GET /ping/%ff",
    "GET /?q=%ff&after=%zz",
    "GET /login?to=%ff&code=%zz",
    `GET /${long}`,
    `GET /apps/${long}`,
    `GET /?q=${long}`,
    `GET /${"a".repeat(60_000)}`,
    "OPTIONS *",
    "GET *",
    "CONNECT [zz]:80",
    "TRACE /",
    "FOO /",
    "get /",
  ];
  const headers: readonly string[] = [
    `Authorization: Bearer ${"x".repeat(20_000)}`,
    `Cookie: stillalive_session=${"x".repeat(20_000)}`,
    `Accept-Language: ${"x,".repeat(5_000)}`,
    `X-Forwarded-For: ${"x,".repeat(5_000)}`,
    "Origin: \u00ff\u00fe",
    "Sec-Fetch-Site: cross-site",
  ];
  for (const line of lines) {
    await t.step(line.slice(0, 40), async () => {
      for (const header of headers) {
        for (const accept of ["text/html", "*/*"]) {
          const before = service.logged.length;
          const asked = rawRequest(line, { headers: [header, `Accept: ${accept}`] });
          const { status, text } = await askRaw(service.url, asked);

          const told = service.logged.slice(before);
          assert.ok(status < 500 || Number.isNaN(status), `${header.slice(0, 40)}: ${text}`);
          assert.ok(told.length <= 1 && told.join().length < 300, told.join("\n"));
        }
      }
    });
  }
});

Deno.test("a request with a thousand heartbeats fills no log", async () => {
  await using service = await testService();
  const fail = Array.from({ length: 1_000 }, (_, app) => ({ app_id: app, kind: "fail" }));
  const before = service.logged.length;

  for (let times = 0; times < 3; times++) {
    await (await service.request("POST", "/api/apps/", fail)).text();
    const well = fail.map(({ app_id }) => ({ app_id }));
    await (await service.request("POST", "/api/apps/", well)).text();
  }

  assert.ok(service.logged.length - before < 110, `${service.logged.length - before} lines`);
});

Deno.test("no path of ours leads a browser elsewhere", async (t) => {
  await using service = await testService();
  for (const site of ["cross-site", "none"]) {
    await t.step(site, async () => {
      const headers = [`Sec-Fetch-Site: ${site}`, "Accept: text/html"];
      const { text } = await askRaw(
        service.url,
        rawRequest("GET //evil.example/login", { headers }),
      );

      assert.doesNotMatch(text, /(?:url=|location: )\/\//i);
    });
  }
});
