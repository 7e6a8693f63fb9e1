import assert from "node:assert/strict";
import { DAY, MINUTE } from "../../lib/clock.ts";
import type { Config } from "../../lib/config.ts";
import { Person } from "../support/person.ts";
import { testService, TOKEN } from "../support/service.ts";

const READ_TOKEN = "a-token-for-wall-screens";
const OTHER_TOKEN = "another-admin-token-for-tests";

Deno.test("without a login every page leads to it, and from there back", async () => {
  await using service = await testService();
  const person = new Person(service);

  const asked = await person.get("/?status=down");
  const login = await person.get(asked.headers.get("Location") ?? "");
  const { status, headers } = await person.submit(asked.headers.get("Location") ?? "", "/login", {
    token: TOKEN,
  });

  assert.equal(asked.status, 303);
  assert.equal(asked.headers.get("Location"), "/login?to=%2F%3Fstatus%3Ddown");
  assert.match(login.text, /^To the content Log in Admin token Log in/);
  assert.deepEqual([status, headers.get("Location")], [303, "/?status=down"]);
  assert.equal((await person.get("/")).status, 200);
});

Deno.test("the cookie is out of reach for scripts and other sites, and the token is not in it", async () => {
  await using service = await testService({ config: { trustedProxies: ["127.0.0.1"] } });
  const person = new Person(service);

  const plain = await person.post("/login", { token: TOKEN });
  const secure = await person.post("/login", { token: TOKEN }, { "X-Forwarded-Proto": "https" });

  const cookie = plain.headers.get("Set-Cookie") ?? "";
  assert.match(
    cookie,
    /^stillalive_session=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Strict$/,
  );
  assert.match(secure.headers.get("Set-Cookie") ?? "", /; SameSite=Strict; Secure$/);
});

Deno.test("who is no trusted proxy has no say in how a request came", async () => {
  await using service = await testService();

  const { headers } = await new Person(service).post("/login", { token: TOKEN }, {
    "X-Forwarded-Proto": "https",
  });

  assert.doesNotMatch(headers.get("Set-Cookie") ?? "", /Secure/);
});

Deno.test("a wrong token opens nothing, and after five there are too many", async () => {
  await using service = await testService();
  const person = new Person(service);

  const wrong = await person.post("/login", { token: "a-wrong-token-by-hand" });
  for (let left = 4; left > 0; left--) await person.post("/login", { token: "wrong" });
  const sixth = await person.post("/login", { token: "wrong" });
  service.clock.advance(2_000);
  const later = await person.post("/login", { token: "wrong" });

  assert.equal(wrong.status, 403);
  assert.match(wrong.text, /This opens nothing: the token is not the right one/);
  assert.equal(wrong.headers.get("Set-Cookie"), null);
  assert.equal(sixth.status, 429);
  assert.match(sixth.text, /too many wrong tokens have come from your address\. Wait 1 s/);
  assert.equal(later.status, 403);
  const told = service.logged.filter((line) => line.includes("login refused"));
  assert.match(told.join(), /^\S+ warn {2}login refused from=127\.0\.0\.1$/);
  assert.ok(!service.logged.some((line) => line.includes("a-wrong-token")));
});

Deno.test("who knows the token gets in at any time, whatever others behind the same address guess", async () => {
  await using service = await testService();
  for (let guess = 0; guess < 100; guess++) {
    await new Person(service).post("/login", { token: `wrong ${guess}` });
  }

  const { status } = await new Person(service).post("/login", { token: TOKEN });

  assert.equal(status, 303);
});

Deno.test("who logs out is out, with that cookie for good", async () => {
  await using service = await testService();
  const person = await Person.logIn(service);
  const { cookie } = person;

  const out = await person.submit("/", "/logout");
  person.cookie = cookie;

  assert.match(out.headers.get("Set-Cookie") ?? "", /^stillalive_session=; .*Max-Age=0/);
  assert.equal((await person.get("/")).status, 303);
});

Deno.test("a session outlives a restart, but not the token that opened it", async () => {
  await using service = await testService();
  const person = await Person.logIn(service);

  await service.restart();
  const after = await person.get("/");
  await service.restart({ adminToken: OTHER_TOKEN });
  const other = await person.get("/");

  assert.deepEqual([after.status, other.status], [200, 303]);
});

Deno.test("a session ends after thirty days without a visit, and changes its secret each day", async () => {
  await using service = await testService();
  const person = await Person.logIn(service);
  const first = person.cookie;

  service.clock.advance(DAY);
  await person.get("/");
  const second = person.cookie;
  person.cookie = first;
  const inTime = await person.get("/");
  const isRenewedAgain = person.cookie !== first;
  service.clock.advance(MINUTE);
  const late = await person.get("/");
  person.cookie = second;
  service.clock.advance(30 * DAY);
  const muchLater = await person.get("/");

  assert.notEqual(second, first);
  assert.deepEqual([inTime.status, isRenewedAgain], [200, false]);
  assert.equal(late.status, 303);
  assert.equal(muchLater.status, 303);
});

Deno.test("a form that is not ours does nothing", async (t) => {
  await using service = await testService();
  const person = await Person.logIn(service);
  const { html } = await person.get("/");
  const key = /name="key" value="([^"]+)"/.exec(html)?.[1] ?? "";
  const other = { key: "0".repeat(64) };
  const cases: readonly (readonly [string, Record<string, string>, Record<string, string>])[] = [
    ["from another site, by Fetch Metadata", { key }, { "Sec-Fetch-Site": "cross-site" }],
    ["from a sister site", { key }, { "Sec-Fetch-Site": "same-site" }],
    ["from another origin", { key }, { Origin: "https://evil.example" }],
    ["from nowhere that can be told", { key }, { Origin: "null" }],
  ];
  for (const [name, fields, headers] of cases) {
    await t.step(name, async () => {
      const { status } = await person.post("/logout", fields, headers);

      assert.equal(status, 403);
      assert.equal((await person.get("/")).status, 200);
    });
  }
  for (const [name, fields] of [["without a key", {}], ["of another session", other]] as const) {
    await t.step(name, async () => {
      const { location } = await person.post("/logout", fields);

      assert.match((await person.page(location ?? "")).text, /Nothing was done: .* Press it once/);
    });
  }
});

Deno.test("behind a proxy that changes the host a login works, or the page says what to set", async (t) => {
  const page = "http://alive.example.com:8080";
  const trustedProxies = ["127.0.0.1"];
  const cases: readonly (readonly [string, Partial<Config>, Record<string, string>, number])[] = [
    ["as nginx does by itself", {}, {}, 403],
    ["the same, with BASE_URL", { baseUrl: `${page}/alive` }, {}, 303],
    ["the host alone, as $host is", {}, { "X-Forwarded-Host": "alive.example.com" }, 403],
    ["as Apache does", { trustedProxies }, { "X-Forwarded-Host": "alive.example.com:8080" }, 303],
    ["the same, not trusted", {}, { "X-Forwarded-Host": "alive.example.com:8080" }, 403],
    ["after another one", { trustedProxies }, {
      "X-Forwarded-Host": "alive.example.com:8080, inner.example",
    }, 303],
    ["by RFC 7239", { trustedProxies }, {
      Forwarded: 'for=192.0.2.1;host="alive.example.com:8080"',
    }, 303],
    ["over https, as browsers say by themselves", {}, { "Sec-Fetch-Site": "same-origin" }, 303],
  ];
  for (const [name, config, headers, expected] of cases) {
    await t.step(name, async () => {
      await using service = await testService({ config });
      const person = new Person(service, { Origin: page, ...headers });

      const { status, text } = await person.post("/login", { token: TOKEN });

      assert.equal(status, expected, text);
      if (expected === 303) return;
      const told =
        /from a page of “http:\/\/alive\.example\.com:8080”, and it arrived here for “127/;
      assert.match(text, told);
      assert.match(text, /proxy_set_header Host \$http_host\), or set BASE_URL/);
    });
  }
});

Deno.test("what is to be copied names the host that the browser knows, behind a proxy that changes it too", async () => {
  await using service = await testService({ config: { trustedProxies: ["127.0.0.1"] } });
  const headers = { "X-Forwarded-Host": "alive.example.com", "X-Forwarded-Proto": "https" };
  const person = await Person.logIn(service, { headers });

  assert.match((await person.page("/")).text, /curl .* https:\/\/alive\.example\.com\/api\/apps\//);
});

Deno.test("a port that is the scheme's own makes no other host", async () => {
  await using service = await testService({ config: { trustedProxies: ["127.0.0.1"] } });
  const person = new Person(service, {
    Origin: "https://alive.example.com",
    "X-Forwarded-Host": "ALIVE.example.com:443",
  });

  assert.equal((await person.post("/login", { token: TOKEN })).status, 303);
});

Deno.test("who cannot be told apart behind a proxy that nobody named is told what to set", async (t) => {
  const cases = [["en", "If it is yours, set"], ["ru", "Если он ваш, задайте"]] as const;
  for (const [language, said] of cases) {
    await t.step(language, async () => {
      await using service = await testService({ config: { trustedProxies: ["192.0.2.1"] } });
      const headers = { "X-Forwarded-For": "203.0.113.5" };
      const person = await Person.logIn(service, { language, headers });

      const { text } = await person.page("/");
      await person.page("/");

      assert.ok(text.includes(`${said} TRUSTED_PROXIES=192.0.2.1,127.0.0.1`), text);
      const told = service.logged.filter((line) => line.includes("proxy not trusted"));
      assert.match(
        told.join(),
        /^\S+ warn {2}proxy not trusted from=127\.0\.0\.1 hint="[^"]+TRUSTED_PROXIES=192\.0\.2\.1,127\.0\.0\.1"$/,
      );
    });
  }
});

Deno.test("a login form from elsewhere logs nobody in", async () => {
  await using service = await testService();

  const { status, headers } = await new Person(service).post("/login", { token: TOKEN }, {
    Origin: "https://evil.example",
  });

  assert.equal(status, 403);
  assert.equal(headers.get("Set-Cookie"), null);
});

Deno.test("a link leads to a page of ours, and never elsewhere", async () => {
  await using service = await testService();
  const person = new Person(service);
  const places = ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", ""];

  for (const to of places) {
    const { headers } = await person.post("/login", { token: TOKEN, to });
    assert.equal(headers.get("Location"), "/", to);
  }
});

Deno.test("a link from a letter finds whoever is logged in", async () => {
  await using service = await testService();
  const person = new Person(service);

  // As it comes from another site: without the cookie.
  const again = await person.get("/?status=down", { "Sec-Fetch-Site": "cross-site" });

  assert.equal(again.status, 200);
  assert.match(again.html, /<meta http-equiv="refresh" content="0;url=\/\?status=down">/);
});

Deno.test("who has the token for reading sees the pages", async () => {
  await using service = await testService({ config: { readToken: READ_TOKEN } });

  const person = await Person.logIn(service, { token: READ_TOKEN });

  assert.equal((await person.get("/")).status, 200);
});
