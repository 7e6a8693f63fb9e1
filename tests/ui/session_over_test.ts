import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { DAY } from "../../lib/clock.ts";
import { fieldsOf, type Page, Person } from "../support/person.ts";
import { type TestService, testService, TOKEN } from "../support/service.ts";

const READ_TOKEN = "a-token-for-wall-screens";
const SETTINGS = "/apps/shop/settings";
const MAINTENANCE = "/maintenance";

/** What somebody types into the form of the settings. */
const TYPED = { name: 'The "Shop" & <co>', period: "7m", note: "line one\r\nline two" };

async function serviceWithShop(): Promise<TestService> {
  const service = await testService({ config: { readToken: READ_TOKEN } });
  await service.beat("shop");
  return service;
}

/** Somebody whose session ends while they fill in a form; with what their browser sends then. */
async function loggedOut(service: TestService, path: string, action: string) {
  const admin = await Person.logIn(service);
  const form = fieldsOf(await admin.page(path), action);
  await admin.submit("/", "/logout");
  admin.cookie = null;
  return { admin, form };
}

/** Logs in by the login page that was shown. */
async function logInBy(page: Page, admin: Person, token = TOKEN): Promise<Page> {
  return await admin.post("/login", { ...fieldsOf(page, "/login"), token });
}

Deno.test("who was logged out while typing is back on the form after the login, and saves it then", async () => {
  await using service = await serviceWithShop();
  const { admin, form } = await loggedOut(service, "/apps/shop", SETTINGS);

  const login = await admin.post(SETTINGS, { ...form, ...TYPED });
  const wrong = await logInBy(login, admin, "a-wrong-token-by-hand");
  const back = await logInBy(wrong, admin);
  const untouched = (await service.app("shop")) as unknown as Record<string, unknown>;
  const saved = await admin.post(SETTINGS, fieldsOf(back, SETTINGS));

  assert.equal(login.status, 403);
  assert.match(
    login.text,
    /Nothing was done: you are logged out by now\. Log in, and you are back/,
  );
  assert.equal(wrong.status, 403);
  assert.equal(back.status, 200);
  assert.match(back.text, /Nothing was done yet: you had to log in again meanwhile\./);
  assert.match(back.html, /id="name"[^>]*value="The &quot;Shop&quot; &amp; &lt;co&gt;"/);
  assert.match(back.html, /id="period"[^>]*value="7m"/);
  assert.match(back.html, /<textarea [^>]*>line one line two<\/textarea>/);
  assert.deepEqual([untouched.name, untouched.period], [null, "1m"]);
  assert.equal(saved.status, 303);
  const { name, period, note } = await (await service.request("GET", "/api/apps/shop")).json();
  assert.deepEqual([name, period, note], ['The "Shop" & <co>', "7m", "line one line two"]);
});

Deno.test("what goes over the login is what was typed, and no token or key", async () => {
  await using service = await serviceWithShop();
  const { admin, form } = await loggedOut(service, "/apps/shop", SETTINGS);

  const login = await admin.post(SETTINGS, { ...form, ...TYPED, token: "typed-somewhere" });
  const back = await logInBy(login, admin);

  assert.doesNotMatch(login.html, new RegExp(`${form.key}|typed-somewhere`));
  assert.doesNotMatch(back.html, new RegExp(TOKEN));
  assert.equal(login.headers.get("Cache-Control"), "no-store");
  assert.equal(back.headers.get("Cache-Control"), "no-store");
  assert.ok(!service.logged.some((line) => line.includes("Shop")));
});

Deno.test("the form that comes back after a login still knows what it was filled with", async () => {
  await using service = await serviceWithShop();
  const { admin, form } = await loggedOut(service, "/apps/shop", SETTINGS);
  await (await service.request("PATCH", "/api/apps/shop", { period: "10m" })).text();

  const back = await logInBy(await admin.post(SETTINGS, { ...form, period: "7m" }), admin);
  const clash = await admin.post(SETTINGS, fieldsOf(back, SETTINGS));

  assert.equal(clash.status, 409);
  assert.match(clash.text, /Period Theirs: 10m Yours, as it stands below: 7m/);
});

Deno.test("what was chosen between two values is still chosen after a login, and after a mistake", async () => {
  await using service = await serviceWithShop();
  const admin = await Person.logIn(service);
  const form = fieldsOf(await admin.page("/apps/shop"), SETTINGS);
  await (await service.request("PATCH", "/api/apps/shop", { period: "10m", note: "a" })).text();
  const clash = await admin.post(SETTINGS, { ...form, period: "7m", note: "b" });
  const chosen = { "take.period": "mine", "take.note": "theirs", grace: "soon" };

  const wrong = await admin.post(SETTINGS, { ...fieldsOf(clash, SETTINGS), ...chosen });
  const right = { ...fieldsOf(wrong, SETTINGS), grace: "" };
  await admin.submit("/", "/logout");
  admin.cookie = null;
  const back = await logInBy(await admin.post(SETTINGS, right), admin);
  const saved = await admin.post(SETTINGS, fieldsOf(back, SETTINGS));

  assert.equal(wrong.status, 400);
  assert.equal(saved.status, 303);
  const { period, note, grace } = await (await service.request("GET", "/api/apps/shop")).json();
  assert.deepEqual([period, note, grace], ["7m", "a", "30s"]);
});

Deno.test("every form is found again after a login, and none acts by itself", async (t) => {
  const typed = { scope: "tag", tag: "a b", when: "weekly", weekday: "sun", time: "02:30" };
  const cases: readonly (readonly [
    string,
    string,
    Readonly<Record<string, string>>,
    RegExp,
  ])[] = [
    [MAINTENANCE, MAINTENANCE, { ...typed, note: "a new disk" }, /value="a new disk"/],
    ["/apps/shop", "/apps/shop/backtest", { period: "7m" }, /value="7m"/],
    ["/apps/shop", "/apps/shop/pause", {}, /Press it once more/],
    ["/apps/shop", "/apps/shop/snooze", { for: "4h" }, /Press it once more/],
    ["/apps/shop/forget", "/apps/shop/forget", {}, /Press it once more.*Forget it for good/s],
    ["/outbox", "/outbox/retry", {}, /Press it once more/],
    ["/outbox/test", "/outbox/test", {}, /Press it once more/],
  ];
  for (const [path, action, fields, expected] of cases) {
    await t.step(action, async () => {
      await using service = await serviceWithShop();
      const admin = await Person.logIn(service);
      const { html } = await admin.page(path);
      const form = html.includes(`action="${action}"`)
        ? fieldsOf({ html } as Page, action)
        : { key: "x" };
      await admin.submit("/", "/logout");
      admin.cookie = null;

      const login = await admin.post(action, { ...form, ...fields });
      const answer = await logInBy(login, admin);
      const back = answer.location === null ? answer : await admin.page(answer.location);

      assert.equal(login.status, 403);
      assert.equal(back.status, 200);
      assert.match(back.html, expected);
      assert.equal((await service.app("shop")).status, "up");
      assert.deepEqual(await (await service.request("GET", "/api/maintenance")).json(), {
        maintenance: [],
      });
      assert.ok(!service.logged.some((line) => / (app|maintenance) /.test(line.slice(25, 60))));
    });
  }
});

Deno.test("a form of another session, as after a login in another tab, is shown again and does nothing", async () => {
  await using service = await serviceWithShop();
  const { admin, form } = await loggedOut(service, MAINTENANCE, MAINTENANCE);
  const again = await Person.logIn(service);
  admin.cookie = again.cookie;
  const typed = { ...form, scope: "all", when: "daily", time: "02:30", note: "a new disk" };

  const shown = await admin.post(MAINTENANCE, typed);
  const made = await admin.post(MAINTENANCE, { ...fieldsOf(shown, MAINTENANCE) });

  assert.equal(shown.status, 403);
  assert.match(shown.text, /Nothing was done yet: you had to log in again meanwhile/);
  assert.match(shown.html, /value="a new disk"/);
  assert.equal(made.location, "/maintenance?said=made");
});

Deno.test("a form by which the session changes its secret is obeyed", async () => {
  await using service = await serviceWithShop();
  const admin = await Person.logIn(service);
  const form = fieldsOf(await admin.page("/apps/shop"), SETTINGS);
  const { cookie } = admin;

  service.clock.advance(DAY);
  const saved = await admin.post(SETTINGS, { ...form, ...TYPED });

  assert.match(saved.location ?? "", /\?saved/);
  assert.notEqual(admin.cookie, cookie);
});

Deno.test("a form that was opened before the session changed its secret loses nothing", async () => {
  await using service = await serviceWithShop();
  const admin = await Person.logIn(service);
  const form = fieldsOf(await admin.page("/apps/shop"), SETTINGS);

  service.clock.advance(DAY);
  await admin.page("/");
  const shown = await admin.post(SETTINGS, { ...form, ...TYPED });
  const saved = await admin.post(SETTINGS, fieldsOf(shown, SETTINGS));

  assert.match(shown.html, /id="period"[^>]*value="7m"/);
  assert.equal(saved.status, 303);
});

Deno.test("with a token for reading nobody gets back to a form, and what was typed is kept on", async () => {
  await using service = await serviceWithShop();
  const { admin, form } = await loggedOut(service, "/apps/shop", SETTINGS);
  const login = await admin.post(SETTINGS, { ...form, ...TYPED });

  const reader = await logInBy(login, admin, READ_TOKEN);
  const isIn = (await admin.get("/")).status === 200;
  const back = await logInBy(reader, admin);

  assert.equal(reader.status, 403);
  assert.match(reader.text, /you are logged in with a token for reading\. Log in with the admin/);
  assert.equal(isIn, false);
  assert.match(back.html, /id="period"[^>]*value="7m"/);
});

Deno.test("a reader who sends an admin's form can log in as one, and finds what was typed", async () => {
  await using service = await serviceWithShop();
  const { admin, form } = await loggedOut(service, "/apps/shop", SETTINGS);
  admin.cookie = (await Person.logIn(service, { token: READ_TOKEN })).cookie;

  const login = await admin.post(SETTINGS, { ...form, ...TYPED });
  const back = await logInBy(login, admin);

  assert.equal(login.status, 403);
  assert.match(back.html, /id="period"[^>]*value="7m"/);
});

Deno.test("what is too long to be kept over a login is said to be, before it is lost", async () => {
  await using service = await serviceWithShop();
  const { admin, form } = await loggedOut(service, "/apps/shop", SETTINGS);

  const login = await admin.post(SETTINGS, { ...form, note: "😀".repeat(5_200) });
  const back = await logInBy(login, admin);

  assert.match(login.text, /what you typed is too long to be kept meanwhile/);
  assert.equal(back.location, "/apps/shop");
});

Deno.test("the longest note there may be is kept over a login", async () => {
  await using service = await serviceWithShop();
  const { admin, form } = await loggedOut(service, "/apps/shop", SETTINGS);
  const note = "😀".repeat(4_096);

  const login = await admin.post(SETTINGS, { ...form, note });
  const back = await logInBy(login, admin);

  assert.ok(back.html.includes(note));
});

Deno.test("a login leads to none but our own forms, and to no page that there is not", async (t) => {
  await using service = await serviceWithShop();
  const paths = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "/login",
    "/logout",
    "/no/such/page",
    "/gaps",
    "/apps/../login",
    "/apps/shop/settings?x=1",
    "/api/apps/shop/pause",
    "/healthz",
  ];
  for (const form of paths) {
    await t.step(form, async () => {
      const admin = new Person(service);
      const answer = await admin.post("/login", { token: TOKEN, to: "/gaps", form, "kept.a": "b" });

      assert.deepEqual([answer.status, answer.location], [303, "/gaps"]);
    });
  }
  await t.step("an app that there is not", async () => {
    const admin = new Person(service);
    const { status } = await admin.post("/login", { token: TOKEN, form: "/apps/nobody/pause" });
    assert.equal(status, 303);
  });
  assert.equal((await service.app("shop")).status, "up");
});

Deno.test("the address of a form is a page for who comes to it by another way", async (t) => {
  await using service = await serviceWithShop();
  const admin = await Person.logIn(service);
  const paths = [
    ...["settings", "backtest", "pause", "resume", "acknowledge", "snooze", "forget"].map((each) =>
      `/apps/shop/${each}`
    ),
    ...["/maintenance", "/maintenance/1/end", "/outbox/retry", "/outbox/test", "/logout"],
  ];
  for (const path of paths) {
    await t.step(path, async () => {
      const { status, location } = await admin.get(path);
      const page = location === null ? { status } : await admin.get(location);

      assert.equal(page.status, 200);
    });
  }
  assert.equal((await admin.get("/")).status, 200);
});

Deno.test("a form from another site brings nobody to a login with its fields in it", async () => {
  await using service = await serviceWithShop();
  const stranger = new Person(service);

  for (const headers of [{ "Sec-Fetch-Site": "cross-site" }, { Origin: "https://evil.example" }]) {
    const { status, html } = await stranger.post(SETTINGS, { name: "typed" }, headers as never);

    assert.equal(status, 403);
    assert.doesNotMatch(html, /"typed"|type="password"/);
  }
});

Deno.test("a link from elsewhere leads on to nowhere else", async () => {
  await using service = await serviceWithShop();
  const stranger = new Person(service);

  const { html } = await stranger.get("//evil.example/x", {
    "Sec-Fetch-Site": "cross-site",
    Accept: "text/html",
  });

  assert.doesNotMatch(html, /evil/);
});

Deno.test("what was typed is kept while nothing can be stored, and when it fails in any other way", async () => {
  await using service = await serviceWithShop();
  const admin = await Person.logIn(service);
  const form = { ...fieldsOf(await admin.page("/apps/shop"), SETTINGS), ...TYPED };

  const refused = await (async () => {
    using foreign = new DatabaseSync(service.config.database);
    foreign.exec("BEGIN IMMEDIATE");
    return await admin.post(SETTINGS, form);
  })();
  const saved = await admin.post(SETTINGS, fieldsOf(refused, SETTINGS));

  assert.equal(refused.status, 503);
  assert.match(refused.text, /Nothing was saved: it cannot be stored now\. Try again\./);
  assert.match(refused.html, /id="period"[^>]*value="7m"/);
  assert.equal(saved.status, 303);
});

Deno.test("the login says in Russian what becomes of the form", async () => {
  await using service = await serviceWithShop();
  const admin = await Person.logIn(service, { language: "ru" });
  const form = fieldsOf(await admin.page("/apps/shop"), SETTINGS);
  await admin.submit("/", "/logout");
  admin.cookie = null;

  const login = await admin.post(SETTINGS, { ...form, ...TYPED });
  const back = await logInBy(login, admin);

  assert.match(login.text, /Ничего не сделано: сеанс завершён\. Войдите/);
  assert.match(back.text, /Пока ничего не сделано: пришлось войти заново\./);
});
