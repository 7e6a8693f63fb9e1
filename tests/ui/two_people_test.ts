import assert from "node:assert/strict";
import { HOUR, MINUTE, SECOND } from "../../lib/clock.ts";
import { fieldsOf, Person } from "../support/person.ts";
import { type TestService, testService } from "../support/service.ts";
import { SILENCE } from "../support/store.ts";

const SETTINGS = "/apps/shop/settings";

/** What the API shows of the app's settings. */
async function settings(service: TestService): Promise<Readonly<Record<string, unknown>>> {
  const { name, tags, period, grace, note } = await (await service.request(
    "GET",
    "/api/apps/shop",
  )).json();
  return { name, tags, period, grace, note };
}

/** An admin who has opened the page of the app. */
async function opened(service: TestService, path = "/apps/shop") {
  const admin = await Person.logIn(service);
  return { admin, page: await admin.page(path) };
}

/** Does something to the app in between, as somebody else does. */
async function meanwhile(service: TestService, change: object): Promise<void> {
  await (await service.request("PATCH", "/api/apps/shop", change)).text();
}

async function serviceWithShop(): Promise<TestService> {
  const service = await testService();
  await service.beat("shop");
  const change = { name: "Shop", tags: ["eu"], period: "5m" };
  await (await service.request("PATCH", "/api/apps/shop", change)).text();
  return service;
}

Deno.test("two who change different settings both get what they wanted, and the second is told", async () => {
  await using service = await serviceWithShop();
  const { admin, page } = await opened(service);

  await meanwhile(service, { period: "10m", tags: ["us"] });
  const saved = await admin.post(SETTINGS, { ...fieldsOf(page, SETTINGS), note: "ask Ann" });
  const after = await admin.page(saved.location?.split("#")[0] ?? "");

  assert.deepEqual(await settings(service), {
    name: "Shop",
    tags: ["us"],
    period: "10m",
    grace: "30s",
    note: "ask Ann",
  });
  assert.match(
    after.text,
    /Saved\. Somebody else has changed meanwhile: Tags, Period\. That stays\./,
  );
});

Deno.test("where two change the same, nothing is overwritten, and both values stand side by side", async () => {
  await using service = await serviceWithShop();
  const { admin, page } = await opened(service);

  await meanwhile(service, { period: "10m", note: "call Bob" });
  const clash = await admin.post(SETTINGS, {
    ...fieldsOf(page, SETTINGS),
    period: "7m",
    note: "ask Ann",
    grace: "1m",
  });

  assert.equal(clash.status, 409);
  assert.match(clash.text, /Nothing was saved: since you opened the form, somebody else has/);
  assert.match(clash.text, /Period Theirs: 10m Yours, as it stands below: 7m/);
  assert.match(clash.text, /Note Theirs: call Bob Yours, as it stands below: ask Ann/);
  assert.doesNotMatch(clash.text, /Grace Theirs/);
  assert.match(clash.html, /id="period"[^>]*value="7m"/);
  assert.match(clash.html, /<textarea id="note"[^>]*>ask Ann<\/textarea>/);
  assert.match(clash.html, /id="grace"[^>]*value="1m"/);
  assert.deepEqual(await settings(service), {
    name: "Shop",
    tags: ["eu"],
    period: "10m",
    grace: "30s",
    note: "call Bob",
  });
});

Deno.test("who has seen both values takes either, and is asked again if it changed once more", async () => {
  await using service = await serviceWithShop();
  const { admin, page } = await opened(service);
  await meanwhile(service, { period: "10m", note: "call Bob" });
  const mine = { period: "7m", note: "ask Ann", grace: "1m" };
  const clash = await admin.post(SETTINGS, { ...fieldsOf(page, SETTINGS), ...mine });

  const undecided = await admin.post(SETTINGS, fieldsOf(clash, SETTINGS));
  await meanwhile(service, { period: "20m" });
  const again = await admin.post(SETTINGS, {
    ...fieldsOf(undecided, SETTINGS),
    "take.period": "mine",
    "take.note": "theirs",
  });
  const saved = await admin.post(SETTINGS, {
    ...fieldsOf(again, SETTINGS),
    "take.period": "mine",
    "take.note": "theirs",
  });

  assert.deepEqual([undecided.status, again.status, saved.status], [409, 409, 303]);
  assert.match(again.text, /Period Theirs: 20m Yours, as it stands below: 7m/);
  assert.deepEqual(await settings(service), {
    name: "Shop",
    tags: ["eu"],
    period: "7m",
    grace: "1m",
    note: "call Bob",
  });
});

Deno.test("a form knows what it was filled with, after a mistake and a backtest as well", async () => {
  await using service = await serviceWithShop();
  const { admin, page } = await opened(service);

  const wrong = await admin.post(SETTINGS, { ...fieldsOf(page, SETTINGS), period: "7 parsecs" });
  await meanwhile(service, { period: "10m" });
  const tried = await admin.post("/apps/shop/backtest", {
    ...fieldsOf(wrong, SETTINGS),
    period: "7m",
  });
  const clash = await admin.post(SETTINGS, fieldsOf(tried, SETTINGS));

  assert.deepEqual([wrong.status, tried.status, clash.status], [400, 200, 409]);
  assert.equal((await settings(service)).period, "10m");
});

Deno.test("the same form sent twice changes nothing more, and so does one that both filled alike", async () => {
  await using service = await serviceWithShop();
  const { admin, page } = await opened(service);
  const form = { ...fieldsOf(page, SETTINGS), period: "60s" };

  await meanwhile(service, { period: "1m" });
  const alike = await admin.post(SETTINGS, form);
  const twice = await admin.post(SETTINGS, form);

  assert.deepEqual([alike.location, twice.location], [
    "/apps/shop?saved#settings",
    "/apps/shop?saved#settings",
  ]);
  assert.equal(service.logged.filter((line) => line.includes("app changed by=admin")).length, 2);
});

Deno.test("a form that says nothing of what it was filled with overwrites nothing", async () => {
  await using service = await serviceWithShop();
  const { admin, page } = await opened(service);
  const { key = "" } = fieldsOf(page, SETTINGS);

  const clash = await admin.post(SETTINGS, { key, name: "Shop", tags: "eu", period: "7m" });

  assert.equal(clash.status, 409);
  assert.equal((await settings(service)).period, "5m");
});

Deno.test("settings of an app that another forgot are not lost: it can be registered anew with them", async () => {
  await using service = await serviceWithShop();
  const { admin, page } = await opened(service);
  await (await service.request("DELETE", "/api/apps/shop")).text();

  const gone = await admin.post(SETTINGS, { ...fieldsOf(page, SETTINGS), note: "ask Ann" });
  const wrong = await admin.post(SETTINGS, { ...fieldsOf(gone, SETTINGS), period: "soon" });
  const anew = await admin.post(SETTINGS, { ...fieldsOf(wrong, SETTINGS), period: "7m" });

  assert.equal(gone.status, 409);
  assert.match(gone.text, /shop was forgotten meanwhile Nothing was saved\./);
  assert.equal(wrong.status, 400);
  assert.equal(anew.status, 303);
  assert.deepEqual(await settings(service), {
    name: "Shop",
    tags: ["eu"],
    period: "7m",
    grace: "30s",
    note: "ask Ann",
  });
});

Deno.test("a button on an old page does no harm, and says what happened", async (t) => {
  const cases: readonly (readonly [
    string,
    string,
    Readonly<Record<string, string>>,
    (service: TestService) => Promise<unknown>,
    RegExp,
    string,
  ])[] = [
    [
      "paused already",
      "pause",
      {},
      (service) => service.request("POST", "/api/apps/shop/pause"),
      /It was paused already: nothing was changed\./,
      "paused",
    ],
    [
      "snoozed by another",
      "snooze",
      { for: "20m" },
      (service) => service.request("POST", "/api/apps/shop/snooze", { for: "1w" }),
      /Nothing was changed: it was snoozed meanwhile/,
      "up",
    ],
    [
      "no snooze any more",
      "snooze",
      { for: "" },
      () => Promise.resolve(),
      /There was no snooze to end/,
      "up",
    ],
  ];
  for (const [name, button, fields, other, expected, status] of cases) {
    await t.step(name, async () => {
      await using service = await serviceWithShop();
      const { admin, page } = await opened(service);
      const action = `/apps/shop/${button}`;
      const form = { ...fieldsOf(page, action), ...fields };
      const answer = await other(service);
      if (answer instanceof Response) await answer.text();

      const { location } = await admin.post(action, form);
      const after = await admin.page(location ?? "");

      assert.match(after.text, expected);
      assert.equal((await service.app("shop")).status, status);
    });
  }
});

Deno.test("who snoozes an app that another has snoozed changes it once they have seen that", async () => {
  await using service = await serviceWithShop();
  const { admin, page } = await opened(service);
  await (await service.request("POST", "/api/apps/shop/snooze", { for: "1w" })).text();
  const action = "/apps/shop/snooze";
  const refused = await admin.post(action, { ...fieldsOf(page, action), for: "20m" });
  const shown = await admin.page(refused.location ?? "");

  const done = await admin.post(action, { ...fieldsOf(shown, action), for: "20m" });

  assert.match(shown.html, /<option value="20m" selected/);
  assert.match(done.location ?? "", /said=snoozed$/);
  service.clock.advance(HOUR);
  const { text } = await (await service.request("GET", "/api/apps/shop/explain")).json();
  assert.doesNotMatch(text.join(" "), /snoozed until/);
});

Deno.test("an app that has fallen since the page was made is not paused: its alarm is not lost", async () => {
  await using service = await testService();
  await service.beat("shop");
  const { admin, page } = await opened(service);
  const action = "/apps/shop/pause";

  service.clock.advance(SILENCE + SECOND);
  const refused = await admin.post(action, fieldsOf(page, action));
  const shown = await admin.page(refused.location ?? "");
  await (await service.request("POST", "/api/check")).text();
  const { owed } = await (await service.request("GET", "/api/outbox")).json();
  const again = await admin.post(action, fieldsOf(shown, action));

  assert.match(shown.text, /Nothing was changed: it has fallen since your page was made/);
  assert.equal(owed.length, 1);
  assert.match(again.location ?? "", /said=paused$/);
  assert.equal((await service.app("shop")).status, "paused");
});

Deno.test("a fall is acknowledged by who saw it, and not the next one", async () => {
  await using service = await testService();
  await service.beat("shop");
  service.clock.advance(SILENCE);
  const { admin, page } = await opened(service);
  const action = "/apps/shop/acknowledge";
  const form = fieldsOf(page, action);
  await service.beat("shop");
  const back = await admin.post(action, form);
  service.clock.advance(SILENCE + MINUTE);

  const refused = await admin.post(action, form);
  const shown = await admin.page(refused.location ?? "");
  const done = await admin.post(action, fieldsOf(shown, action));
  const twice = await admin.post(action, fieldsOf(shown, action));

  assert.match((await admin.page(back.location ?? "")).text, /It was not down any more/);
  assert.match(shown.text, /it had come back since your page was made, and fell again/);
  assert.match(done.location ?? "", /said=acknowledged$/);
  assert.match((await admin.page(twice.location ?? "")).text, /had acknowledged it already/);
  assert.equal(service.logged.filter((line) => line.includes("incident ack")).length, 1);
});

Deno.test("an app that has changed since is forgotten only by who has seen that, and once", async () => {
  await using service = await serviceWithShop();
  const path = "/apps/shop/forget";
  const { admin, page } = await opened(service, path);
  await meanwhile(service, { note: "never forget this one" });

  const refused = await admin.post(path, fieldsOf(page, path));
  const shown = await admin.page(refused.location ?? "");
  const isThere = (await service.app("shop")).status;
  const form = fieldsOf(shown, path);
  const done = await admin.post(path, form);
  const twice = await admin.post(path, form);

  assert.match(shown.text, /Nothing was forgotten: it has fallen, or its settings were changed/);
  assert.equal(isThere, "up");
  assert.match((await admin.page(done.location ?? "")).text, /shop was forgotten\./);
  assert.match((await admin.page(twice.location ?? "")).text, /shop had been forgotten already\./);
});

Deno.test("a list says of no app that it was forgotten which is there", async () => {
  await using service = await serviceWithShop();
  const { admin } = await opened(service);

  for (const query of ["forgotten=shop", "forgotten-already=shop", "forgotten=%3Cb%3E"]) {
    assert.doesNotMatch((await admin.page(`/?${query}`)).text, /forgotten/);
  }
});

Deno.test("a window's form that comes twice makes one window, and a new one makes another", async () => {
  await using service = await serviceWithShop();
  const path = "/maintenance";
  const { admin, page } = await opened(service, path);
  const form = { ...fieldsOf(page, path), scope: "all", when: "now", for: "1h" };

  const [first, second] = await Promise.all([admin.post(path, form), admin.post(path, form)]);
  const third = await admin.post(path, form);
  const next = await admin.page(path);
  const fourth = await admin.post(path, { ...form, once: fieldsOf(next, path).once ?? "" });
  const { maintenance } = await (await service.request("GET", "/api/maintenance")).json();

  assert.deepEqual([first?.location, second?.location].sort(), [
    "/maintenance?said=made",
    "/maintenance?said=made-already",
  ]);
  assert.match((await admin.page(third.location ?? "")).text, /no second one was made/);
  assert.equal(fourth.location, "/maintenance?said=made");
  assert.equal(maintenance.length, 2);
});

Deno.test("a window that another has ended is not ended again, and nor is the one in its place", async () => {
  await using service = await serviceWithShop();
  const window = { app_id: "shop", daily: "02:30", for: "1h" };
  await (await service.request("POST", "/api/maintenance", window)).text();
  const { admin, page } = await opened(service, "/maintenance");
  await (await service.request("DELETE", "/api/maintenance/1")).text();
  await (await service.request("POST", "/api/maintenance", window)).text();

  const ended = await admin.post("/maintenance/1/end", fieldsOf(page, "/maintenance/1/end"));
  const after = await admin.page(ended.location ?? "");

  assert.match(after.text, /had ended already, or somebody else had ended it: nothing was changed/);
  assert.match(after.text, /App Shop Every day at 02:30/);
});

Deno.test("the clash and the notices speak Russian to who asks for it", async () => {
  await using service = await serviceWithShop();
  const admin = await Person.logIn(service, { language: "ru" });
  const page = await admin.page("/apps/shop");
  await meanwhile(service, { period: "10m" });

  const clash = await admin.post(SETTINGS, { ...fieldsOf(page, SETTINGS), period: "" });
  await admin.post("/apps/shop/pause", fieldsOf(page, "/apps/shop/pause"));
  const twice = await admin.post("/apps/shop/pause", fieldsOf(page, "/apps/shop/pause"));

  assert.match(clash.text, /Ничего не сохранено: с тех пор, как вы открыли форму, кто-то изменил/);
  assert.match(clash.text, /Период У другого: 10m У вас, как в поле ниже: \(по умолчанию: 1m\)/);
  assert.match((await admin.page(twice.location ?? "")).text, /Уже стояло на паузе/);
});
