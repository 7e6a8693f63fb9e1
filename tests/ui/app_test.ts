import assert from "node:assert/strict";
import { HOUR, MINUTE, SECOND } from "../../lib/clock.ts";
import { Person } from "../support/person.ts";
import { type TestService, testService } from "../support/service.ts";

const READ_TOKEN = "a-token-for-wall-screens";

/** An app that was well for an hour, fell silent, and is down for ten minutes. */
async function serviceWithFallen(): Promise<TestService> {
  const service = await testService({ config: { readToken: READ_TOKEN } });
  for (let minute = 0; minute < 60; minute++) {
    await service.beat("shop", { message: minute === 59 ? "the last words" : "OK" });
    service.clock.advance(MINUTE);
  }
  service.clock.advance(30 * SECOND + 9 * MINUTE);
  return service;
}

Deno.test("an app's page says how it is, when it fell and what it said last", async () => {
  await using service = await serviceWithFallen();

  const { status, text, html } = await (await Person.logIn(service)).get("/apps/shop");

  assert.equal(status, 200);
  assert.match(text, /shop down · 10 min 30 s ago/);
  assert.match(text, /Incidents Began Lasted Why Ended by \S+ 9 min silence still open/);
  assert.match(
    text,
    /Heartbeats When Kind Message From .*? success the last words 127\.0\.0\.1 Deno/,
  );
  assert.match(html, /aria-label="Last 24 hours: not judged 22 h 50 min, up 1 h, down 9 min"/);
});

Deno.test("the timeline goes back as far as asked", async (t) => {
  await using service = await serviceWithFallen();
  const person = await Person.logIn(service);
  for (
    const [range, expected] of [["1h", /Last 1 hour: up 51 min, down 9 min/], [
      "30d",
      /Last 30 days: not/,
    ]] as const
  ) {
    await t.step(range, async () => {
      assert.match((await person.get(`/apps/shop?range=${range}`)).html, expected);
    });
  }
});

Deno.test("an admin pauses an app and resumes it", async () => {
  await using service = await serviceWithFallen();
  const person = await Person.logIn(service);

  const paused = await person.submit("/apps/shop", "/apps/shop/pause");
  const page = await person.get("/apps/shop");
  await person.submit("/apps/shop", "/apps/shop/resume");

  assert.deepEqual([paused.status, paused.headers.get("Location")], [
    303,
    "/apps/shop?said=paused",
  ]);
  assert.match(page.text, /shop paused/);
  assert.equal((await service.app("shop")).status, "new");
  assert.ok(
    service.logged.some((line) => /app paused by=admin from=127\.0\.0\.1 app_id=shop/.test(line)),
  );
});

Deno.test("an admin acknowledges, snoozes, and ends the snooze", async () => {
  await using service = await serviceWithFallen();
  const person = await Person.logIn(service);

  await person.submit("/apps/shop", "/apps/shop/acknowledge");
  await person.submit("/apps/shop", "/apps/shop/snooze", { for: "20m" });
  await person.submit("/apps/shop", "/apps/shop/snooze", { for: "" });
  const wrong = await person.submit("/apps/shop", "/apps/shop/snooze", { for: "for ever" });

  const events = ["incident acknowledged", "app snoozed"].map((event) =>
    service.logged.filter((line) => line.includes(event)).length
  );
  assert.deepEqual(events, [1, 2]);
  assert.equal(wrong.status, 400);
});

Deno.test("an admin edits an app; what is wrong is said beside its field, and nothing typed is lost", async () => {
  await using service = await serviceWithFallen();
  const person = await Person.logIn(service);
  const action = "/apps/shop/settings";

  const wrong = await person.submit("/apps/shop", action, {
    name: "Shop",
    tags: "a,b c",
    period: "5 parsecs",
  });
  const saved = await person.submit("/apps/shop", action, {
    name: "Shop",
    tags: "a, b c",
    period: "1h",
    note: "two\r\nlines",
  });
  const page = await person.get(saved.headers.get("Location")?.split("#")[0] ?? "");

  assert.equal(wrong.status, 400);
  assert.match(
    wrong.html,
    /id="period-wrong"[^>]*>Expected a duration like 90s, 5m, 2h or 1d, from 1s to 365d</,
  );
  assert.match(wrong.html, /id="period"[^>]*value="5 parsecs"[^>]*aria-invalid="true"/);
  assert.match(wrong.html, /id="name"[^>]*value="Shop"/);
  assert.match(page.text, /Saved\./);
  assert.match(page.html, /<textarea id="note"[^>]*>two lines<\/textarea>/);
  const { name, tags, period, note } = await (await service.request("GET", "/api/apps/shop"))
    .json();
  assert.deepEqual([name, tags, period, note], ["Shop", ["a", "b", "c"], "1h", "two lines"]);
});

Deno.test("an app is forgotten only by who says so twice", async () => {
  await using service = await serviceWithFallen();
  const person = await Person.logIn(service);

  const asked = await person.get("/apps/shop/forget");
  const isThere = (await person.get("/apps/shop")).status;
  const done = await person.submit("/apps/shop/forget", "/apps/shop/forget");

  assert.match(asked.text, /Forget shop\?/);
  assert.equal(isThere, 200);
  assert.equal(done.location, "/?forgotten=shop");
  assert.match((await person.page("/?forgotten=shop")).text, /shop was forgotten\./);
  assert.equal((await person.get("/apps/shop")).status, 404);
});

Deno.test("old heartbeats are found page by page", async () => {
  await using service = await serviceWithFallen();
  const person = await Person.logIn(service);

  const first = await person.get("/apps/shop");
  const path = /<a rel="next" href="([^"]+)"/.exec(first.html)?.[1]?.replaceAll("&amp;", "&") ?? "";
  const second = await person.get(path.split("#")[0] ?? "");
  const next = /<a rel="next" href="([^"#]+)/.exec(second.html)?.[1]?.replaceAll("&amp;", "&");
  const third = await person.get(next ?? "");

  const rows = (html: string) =>
    html.split('id="heartbeats"')[1]?.split("</table>")[0]?.match(/<time /g)?.length;
  assert.deepEqual([first, second, third].map(({ html }) => rows(html)), [20, 20, 20]);
  assert.doesNotMatch(third.html, /rel="next"/);
  assert.match(second.text, /To the newest/);
});

Deno.test("who has the token for reading sees an app and can change nothing", async () => {
  await using service = await serviceWithFallen();
  const person = await Person.logIn(service, { token: READ_TOKEN });

  const { html } = await person.get("/apps/shop");
  const key = /name="key" value="([^"]+)"/.exec(html)?.[1] ?? "";
  const refused = await person.post("/apps/shop/pause", { key });

  assert.doesNotMatch(html, /action="\/apps/);
  assert.equal(refused.status, 403);
  assert.equal((await service.app("shop")).status, "down");
});

Deno.test("snippets have the real address and the app's own id", async () => {
  await using service = await testService({
    config: { heartbeatToken: "a-heartbeat-token-for-tests" },
  });
  await service.beat("shop");

  const { html, text } = await (await Person.logIn(service)).get("/apps/shop");

  for (const language of ["curl", "crontab", "Python", "JavaScript", "PowerShell"]) {
    assert.match(html, new RegExp(`<code id="snippet-${language}">`));
  }
  assert.ok(
    text.includes(`-X POST ${service.url}/api/apps/ -H "Authorization: Bearer $HEARTBEAT_TOKEN"`),
  );
  assert.ok(text.includes('-d \'{"app_id": "shop"}\''));
  assert.doesNotMatch(html, /a-heartbeat-token/);
});

Deno.test("who has no app yet is shown the first heartbeat", async () => {
  await using service = await testService();
  const person = await Person.logIn(service);

  const before = await person.get("/");
  await service.beat("my-first-app");
  const after = await person.get("/");

  assert.match(before.text, /No app yet Send the first heartbeat from wherever your app runs/);
  assert.match(after.text, /The one app is well/);
});

Deno.test("an address that is none is a page for a person, and no secret for anyone", async () => {
  await using service = await testService();
  const person = await Person.logIn(service, { language: "ru" });
  const browser = { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

  const page = await person.get("/no/such/page", browser);
  const stranger = await new Person(service).get("/no/such/page", browser);
  const program = await service.request("GET", "/no/such/page");

  assert.equal(page.status, 404);
  assert.match(page.text, /Такой страницы нет В адресе опечатка, .* К приложениям/);
  assert.deepEqual([stranger.status, stranger.location], [303, "/login?to=%2Fno%2Fsuch%2Fpage"]);
  assert.equal(program.headers.get("Content-Type"), "application/problem+json");
  assert.equal((await program.json()).status, 404);
});

Deno.test("an app that is not there is a page that says so", async () => {
  await using service = await testService();
  const person = await Person.logIn(service);

  for (const path of ["/apps/nobody", "/apps/%3Cscript%3E"]) {
    const { status, text, html } = await person.get(path);
    assert.equal(status, 404);
    assert.match(text, /There is no such page/);
    assert.doesNotMatch(html, /<script>/);
  }
});

Deno.test("a late app is late by the clock of the service", async () => {
  await using service = await testService();
  await service.beat("shop");
  service.clock.advance(HOUR);
  await service.beat("shop");
  service.clock.advance(MINUTE + SECOND);

  const { text } = await (await Person.logIn(service)).get("/apps/shop");

  assert.match(text, /shop late · 1 min 1 s ago/);
});

Deno.test("an app's page says why it stands so, what comes next, and who will be told", async () => {
  await using service = await testService();
  await service.beat("shop");
  service.clock.advance(12 * SECOND);

  const english = await (await Person.logIn(service)).get("/apps/shop");
  const russian = await (await Person.logIn(service)).get("/apps/shop", {
    "Accept-Language": "ru",
  });
  const api = await (await service.request("GET", "/api/apps/shop/explain")).json();

  for (const sentence of api.text) assert.ok(english.text.includes(sentence), sentence);
  assert.match(english.text, /12 s/);
  assert.match(russian.text, /[а-я]{5,} .*12 с/);
});

Deno.test("other settings are tried on the past before they are saved", async () => {
  await using service = await testService();
  for (let minute = 0; minute < 60; minute++) {
    await service.beat("shop");
    service.clock.advance(MINUTE + (minute === 30 ? 20 * SECOND : 0));
  }
  const person = await Person.logIn(service);

  const { html } = await person.get("/apps/shop");
  const key = /name="key" value="([^"]+)"/.exec(html)?.[1] ?? "";
  const typed = { key, period: "1m", grace: "10s" };
  const tried = await person.post("/apps/shop/backtest", typed);
  const wrong = await person.post("/apps/shop/backtest", { ...typed, grace: "soon" });

  assert.equal(tried.status, 200);
  assert.match(
    tried.text,
    /In the last 1 h there would have been 1 alarm instead of 0, for a gap under a minute\./,
  );
  assert.match(tried.html, /id="grace"[^>]*value="10s"/);
  assert.equal((await (await service.request("GET", "/api/apps/shop")).json()).grace, "30s");
  assert.equal(wrong.status, 400);
  assert.match(
    wrong.html,
    /id="grace-wrong"[^>]*>Expected a duration like 90s, 5m, 2h or 1d, from 1s to 365d</,
  );
});
