import assert from "node:assert/strict";
import { senderReader } from "../../lib/http/sender.ts";

const PROXIES = { trustedProxies: ["10.0.0.0/8", "::1"] };

/** A request with these headers. */
function request(headers: Readonly<Record<string, string>>): Request {
  return new Request("http://alive.example.com", { headers });
}

Deno.test("a trusted proxy names the sender in whatever form its kind writes", async (t) => {
  const reader = senderReader(PROXIES);
  const cases: readonly (readonly [string, Record<string, string>, string])[] = [
    ["with a port (IIS, Azure)", { "X-Forwarded-For": "203.0.113.5:51234" }, "203.0.113.5"],
    ["IPv6", { "X-Forwarded-For": "2001:DB8:0:0::7" }, "2001:db8::7"],
    ["IPv6 in brackets", { "X-Forwarded-For": "[2001:db8::7]" }, "2001:db8::7"],
    ["IPv6 with a port", { "X-Forwarded-For": "[2001:db8::7]:443" }, "2001:db8::7"],
    ["a zone", { "X-Forwarded-For": "fe80::1%eth0" }, "fe80::1"],
    ["IPv4 as IPv6", { "X-Forwarded-For": "::ffff:203.0.113.5" }, "203.0.113.5"],
    ["the same, in figures", { "X-Forwarded-For": "[::ffff:cb00:7105]:80" }, "203.0.113.5"],
    [
      "behind two of ours",
      { "X-Forwarded-For": "6.6.6.6, 203.0.113.5:1, 10.2.2.2:2" },
      "203.0.113.5",
    ],
    ["Forwarded", { Forwarded: "for=203.0.113.5" }, "203.0.113.5"],
    ["Forwarded, with all there is", {
      Forwarded: 'For="203.0.113.5:51234"; proto=https;host="alive.example.com:443" ;by=_us',
    }, "203.0.113.5"],
    ["Forwarded, IPv6", { Forwarded: 'proto=http;for="[2001:db8::7]:_hidden"' }, "2001:db8::7"],
    ["Forwarded, with escapes", { Forwarded: 'for="203\\.0.113.5"' }, "203.0.113.5"],
    [
      "Forwarded, by two",
      { Forwarded: "for=6.6.6.6,for=203.0.113.5, for=10.2.2.2" },
      "203.0.113.5",
    ],
    ["X-Real-IP", { "X-Real-IP": "203.0.113.5" }, "203.0.113.5"],
    ["all three", {
      "X-Forwarded-For": "203.0.113.5, 10.2.2.2",
      Forwarded: "for=203.0.113.5;proto=https",
      "X-Real-IP": "10.2.2.2",
    }, "203.0.113.5"],
  ];
  for (const [name, headers, expected] of cases) {
    await t.step(name, () => assert.equal(reader.address(request(headers), "10.1.1.1"), expected));
  }
});

Deno.test("what a trusted proxy did not write, or nobody can read, makes it the sender itself", async (t) => {
  const reader = senderReader(PROXIES);
  const cases: readonly (readonly [string, Record<string, string>])[] = [
    ["nothing", {}],
    ["unknown", { "X-Forwarded-For": "203.0.113.5, unknown" }],
    ["a number too many", { "X-Forwarded-For": "203.0.113.5.6" }],
    ["a port too many", { "X-Forwarded-For": "203.0.113.5:1:2" }],
    ["IPv4 in brackets", { "X-Forwarded-For": "[203.0.113.5]" }],
    ["obfuscated", { Forwarded: "for=203.0.113.5, for=_gazonk" }],
    ["a pair that is none", { Forwarded: "for=203.0.113.5;proto" }],
    ["two senders in one", { Forwarded: "for=203.0.113.5;for=6.6.6.6" }],
    ["X-Real-IP twice", { "X-Real-IP": "6.6.6.6, 203.0.113.5" }],
    ["another one in Forwarded", { "X-Forwarded-For": "203.0.113.5", Forwarded: "for=6.6.6.6" }],
    ["another one in X-Real-IP", { "X-Forwarded-For": "6.6.6.6", "X-Real-IP": "203.0.113.5" }],
    ["one beside what is unknown", { "X-Forwarded-For": "unknown", Forwarded: "for=6.6.6.6" }],
    ["a very long one", { "X-Forwarded-For": `203.0.113.5${" ".repeat(500)}x` }],
  ];
  for (const [name, headers] of cases) {
    await t.step(
      name,
      () => assert.equal(reader.address(request(headers), "10.1.1.1"), "10.1.1.1"),
    );
  }
});

Deno.test("a quotation mark that a client leaves open swallows nothing", () => {
  const reader = senderReader(PROXIES);
  const headers = { Forwarded: 'for="6.6.6.6, for=203.0.113.5;proto=https' };

  assert.equal(reader.address(request(headers), "10.1.1.1"), "203.0.113.5");
  assert.equal(reader.isSecure(request(headers), "10.1.1.1"), true);
});

Deno.test("a peer is known by its address, in whatever form the system writes it", async (t) => {
  const cases: readonly (readonly [readonly string[], string, string])[] = [
    [["10.0.0.0/8"], "::ffff:10.1.1.1", "203.0.113.5"],
    [["::ffff:10.0.0.0/104"], "10.1.1.1", "203.0.113.5"],
    [["::ffff:10.1.1.1"], "::ffff:10.1.1.1", "203.0.113.5"],
    [["FE80::/10"], "fe80::7", "203.0.113.5"],
    [[], "::ffff:192.0.2.9", "192.0.2.9"],
    [["10.0.0.0/8"], "2001:db8::9", "2001:db8::9"],
  ];
  for (const [trustedProxies, peer, expected] of cases) {
    await t.step(`${peer}, where ${trustedProxies} is trusted`, () => {
      const reader = senderReader({ trustedProxies });
      assert.equal(reader.address(request({ "X-Forwarded-For": "203.0.113.5" }), peer), expected);
    });
  }
});

Deno.test("whether a request came by https is what the proxy says that heard the sender", async (t) => {
  const reader = senderReader(PROXIES);
  const cases: readonly (readonly [Record<string, string>, boolean])[] = [
    [{ "X-Forwarded-Proto": "https" }, true],
    [{ "X-Forwarded-Proto": "http, HTTPS" }, true],
    [{ "X-Forwarded-Proto": "https, http" }, false],
    [{ Forwarded: "for=203.0.113.5;proto=https" }, true],
    [{ Forwarded: "for=203.0.113.5;proto=HTTPS, for=10.2.2.2;proto=http" }, true],
    [{ Forwarded: "for=6.6.6.6;proto=https, for=203.0.113.5;proto=http" }, false],
    [{ Forwarded: "for=6.6.6.6;proto=https, for=203.0.113.5" }, false],
    [{}, false],
  ];
  for (const [headers, expected] of cases) {
    await t.step(JSON.stringify(headers), () => {
      assert.equal(reader.isSecure(request(headers), "10.1.1.1"), expected);
      assert.equal(reader.isSecure(request(headers), "192.0.2.9"), false);
    });
  }
});

Deno.test("a proxy nearby that nobody told of is named once; who is far away cannot pass for one", () => {
  const named: string[] = [];
  const reader = senderReader({ ...PROXIES, onStrangeProxy: (address) => named.push(address) });
  const forwarded = request({ "X-Forwarded-For": "203.0.113.5" });

  reader.look(request({}), "172.17.0.2");
  reader.look(forwarded, "192.0.2.9");
  reader.look(forwarded, "10.1.1.1");
  assert.equal(reader.strangeProxy, null);
  reader.look(request({ Forwarded: "for=203.0.113.5" }), "::ffff:172.17.0.2");
  reader.look(forwarded, "172.17.0.3");

  assert.deepEqual([named, reader.strangeProxy], [["172.17.0.2"], "172.17.0.2"]);
});

Deno.test("such a proxy is found out by heartbeats alone, too", () => {
  const reader = senderReader({ trustedProxies: [] });
  const headers = { "X-Forwarded-For": "203.0.113.5" };

  for (let beats = 0; beats < 65; beats++) reader.address(request(headers), "172.17.0.2");

  assert.equal(reader.strangeProxy, "172.17.0.2");
});

Deno.test("no header costs more than a moment, however it is made", async (t) => {
  const reader = senderReader(PROXIES);
  const endless: Readonly<Record<string, string>> = {
    commas: ",".repeat(200_000),
    addresses: "10.2.2.2,".repeat(20_000),
    blanks: " ".repeat(200_000) + "x",
    quotes: 'for="'.repeat(40_000),
    backslashes: `for="${"\\".repeat(200_000)}`,
    pairs: "for=10.2.2.2;".repeat(20_000),
  };
  for (const [name, text] of Object.entries(endless)) {
    await t.step(name, () => {
      const began = performance.now();
      for (const header of ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host"]) {
        const asked = request({ [header]: text });
        reader.address(asked, "10.1.1.1");
        reader.isSecure(asked, "10.1.1.1");
        reader.hosts(asked, "10.1.1.1");
      }
      assert.ok(performance.now() - began < 500, `took ${performance.now() - began} ms`);
    });
  }
});
