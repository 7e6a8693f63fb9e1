import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { DAY, HOUR, MINUTE, SECOND } from "../../lib/clock.ts";
import { Person } from "../support/person.ts";
import { type TestService, testService } from "../support/service.ts";

/** Registers an app under a tag that everybody may see, and has it heard. */
async function addApp(service: TestService, id: string, settings: object = {}): Promise<void> {
  const all = { tags: ["shop"], ...settings };
  await (await service.request("PUT", `/api/apps/${id}`, all)).text();
  await service.beat(id);
}

/** A service whose apps anybody may look at. */
function openService(config = {}): Promise<TestService> {
  return testService({ config: { statusTags: ["shop"], ...config } });
}

/** Keeps the service from writing until it is disposed of. */
function lockOut(service: TestService): Disposable {
  const foreign = new DatabaseSync(service.config.database);
  foreign.exec("BEGIN IMMEDIATE");
  return foreign;
}

/** The paths of an app's badge. */
async function badge(person: Person, id: string): Promise<{ svg: string; json: string }> {
  const { html } = await person.page(`/apps/${id}`);
  const path = new RegExp(`/badge/${id}/[\\w-]{22}`).exec(html)?.[0] ?? "";
  return { svg: `${path}.svg`, json: `${path}.json` };
}

Deno.test("while an app is unknown neither the overview nor the status page says that all is well", async () => {
  await using service = await openService();
  await addApp(service, "hourly", { period: "1h" });
  await addApp(service, "web");
  await service.restart({}, { offFor: 10 * MINUTE });
  await service.beat("hourly");
  const person = await Person.logIn(service);

  const unsure = [(await person.page("/")).text, (await person.page("/status")).text];
  await service.beat("web");
  service.clock.advance(10 * SECOND);
  const sure = [(await person.page("/")).text, (await person.page("/status")).text];

  for (const text of unsure) {
    assert.match(text, /1 app is unknown; 1 is well/);
    assert.doesNotMatch(text, /All/);
  }
  assert.match(sure[0] ?? "", /All 2 apps are well/);
  assert.match(sure[1] ?? "", /All is well/);
});

Deno.test("a fall is said first, and with it what nobody knows", async () => {
  await using service = await openService();
  for (const id of ["a", "b", "c"]) await addApp(service, id);
  await service.restart({}, { offFor: 10 * MINUTE });
  await service.beat("a", { kind: "fail" });
  const person = await Person.logIn(service);
  const russian = await Person.logIn(service, { language: "ru" });

  assert.match((await person.page("/")).text, /1 app is down, for 0 s; 2 are unknown/);
  assert.match((await person.page("/status")).text, /1 app is down; 2 are unknown/);
  assert.match(
    (await russian.page("/")).text,
    /1 приложение не в порядке, уже 0 с; под вопросом 2/,
  );
});

Deno.test("an app that was due while we were off is unknown from then until it is heard, and neither up nor down", async () => {
  await using service = await openService();
  await addApp(service, "web", { period: "1h", grace: "10m" });
  for (let hour = 1; hour < 20; hour++) {
    service.clock.advance(HOUR);
    await service.beat("web");
  }
  // Off from 30 min after the last heartbeat on, for 50 min: it was expected from 50 min on.
  service.clock.advance(30 * MINUTE);
  await service.restart({}, { offFor: 50 * MINUTE });
  service.clock.advance(40 * MINUTE);
  const person = await Person.logIn(service);

  const before = await person.page("/apps/web");
  await service.beat("web");
  service.clock.advance(58 * MINUTE);
  const after = await person.page("/apps/web");
  const row = await person.page("/");
  const open = await person.page("/status");

  assert.match(before.html, /not judged 2 h 59 min|not judged 3 h/);
  assert.match(before.html, /aria-label="[^"]*, up 19 h 50 min, unknown 1 h 10 min"/);
  assert.match(before.text, /Up 100% of the 94\.44% of the time in which we could know/);
  assert.match(after.html, /aria-label="[^"]*, up 20 h 48 min, unknown 1 h 10 min"/);
  for (const { html } of [row, open]) {
    assert.match(html, /aria-label="Last 24 hours: [^"]*, up 20 h 48 min, unknown 1 h 10 min"/);
    assert.match(html, /100%.{0,200}>unknown<\/span> 5\.32%/s);
  }
});

Deno.test("a stop in which an app was not expected leaves it up, and is no share of it", async () => {
  await using service = await openService();
  await addApp(service, "nightly", { period: "1d", grace: "1h" });
  service.clock.advance(HOUR);
  await service.restart({}, { offFor: 5 * MINUTE });
  service.clock.advance(HOUR);
  const person = await Person.logIn(service);

  const { text, html } = await person.page("/apps/nightly");

  assert.match(html, /aria-label="Last 24 hours: not judged 21 h 55 min, up 2 h 5 min"/);
  assert.match(text, /Up 100% of the time /);
  assert.doesNotMatch(html, /class="unknown"/);
});

Deno.test("the overview and the status page say of which time their percentages are, in both languages", async () => {
  await using service = await openService();
  const person = await Person.logIn(service);
  const russian = await Person.logIn(service, { language: "ru" });
  const look = async () => {
    const [en, ru] = [person, russian];
    const pages = [[en, "/"], [en, "/status"], [ru, "/"], [ru, "/status"]] as const;
    return await Promise.all(pages.map(async ([each, path]) => (await each.page(path)).text));
  };

  const before = await look();
  await addApp(service, "web");
  service.clock.advance(10 * SECOND);
  const [overview, status, ...inRussian] = await look();

  for (const text of before) assert.doesNotMatch(text, /Percentages|Проценты/);
  for (const text of [overview, status]) {
    assert.match(
      text ?? "",
      /Percentages: uptime in the last 30 days, of the time in which we could know\./,
    );
  }
  for (const text of inRussian) {
    assert.match(text, /Проценты: .* за 30 дней; время, о котором мы не могли знать, не в счёт\./);
  }
});

Deno.test("where nothing is known there is no percentage", async () => {
  await using service = await openService();
  await addApp(service, "web");
  service.clock.advance(MINUTE);
  await service.restart({}, { offFor: 40 * DAY });
  service.clock.advance(MINUTE);
  const person = await Person.logIn(service);

  const row = await person.page("/");
  const page = await person.page("/apps/web?range=24h");
  const russian = (await (await Person.logIn(service, { language: "ru" })).page("/apps/web")).text;

  assert.match(row.text, /web unknown 40 d ago – unknown 100%/);
  assert.match(page.text, /Unknown for all of this time/);
  assert.match(russian, /Всё это время под вопросом/);
});

Deno.test("what happened before a pause, and in it, counts for itself", async () => {
  await using service = await openService();
  await addApp(service, "web");
  service.clock.advance(MINUTE);
  await service.restart({}, { offFor: HOUR });
  await (await service.request("POST", "/api/apps/web/pause")).text();
  service.clock.advance(HOUR);

  const { html } = await (await Person.logIn(service)).page("/apps/web");

  assert.match(html, /not judged 21 h 59 min, up 1 min, unknown 1 h, paused 1 h"/);
});

Deno.test("a badge of an app that is unknown says so, in a colour of its own", async () => {
  await using service = await openService();
  await addApp(service, "web");
  const paths = await badge(await Person.logIn(service), "web");
  await service.restart({}, { offFor: 10 * MINUTE });
  const stranger = new Person(service);
  const colours = new Set<string>();

  const json = JSON.parse((await stranger.page(paths.json)).html);
  const picture = (await stranger.page(paths.svg)).html;
  colours.add(json.color);
  await service.beat("web");
  colours.add(JSON.parse((await stranger.page(paths.json)).html).color);
  await (await service.request("POST", "/api/apps/web/pause")).text();
  colours.add(JSON.parse((await stranger.page(paths.json)).html).color);

  assert.equal(json.message, "unknown");
  assert.match(picture, /aria-label="web: unknown"/);
  assert.equal(colours.size, 3);
});

Deno.test("while nothing can be stored, what was expected since is unknown wherever it is shown", async () => {
  await using service = await openService();
  await addApp(service, "web");
  await addApp(service, "nightly", { period: "1d" });
  const person = await Person.logIn(service);
  const paths = await badge(person, "web");
  const stranger = new Person(service);
  service.clock.advance(20 * SECOND);
  const shown = async () => ({
    overview: (await person.page("/")).text,
    status: (await stranger.page("/status")).text,
    badge: JSON.parse((await stranger.page(paths.json)).html).message,
    listed: (await (await service.request("GET", "/api/apps?status=unknown")).json()).apps
      .map((app: { readonly app_id: string }) => app.app_id),
    why: (await (await service.request("GET", "/api/apps/web/explain")).json()).text[0],
    metrics: /stillalive_apps\{status="unknown"\} (\d+)/
      .exec(await (await service.request("GET", "/metrics")).text())?.[1],
    gaps: (await person.page("/gaps")).text,
  });

  let during;
  {
    using _ = lockOut(service);
    await service.beat("web");
    service.clock.advance(HOUR);
    during = await shown();
  }
  for (const app of ["web", "nightly"]) await service.beat(app);
  service.clock.advance(10 * SECOND);
  const after = await shown();

  assert.match(during.overview, /1 app is unknown; 1 is well/);
  assert.match(during.status, /1 app is unknown; 1 is well/);
  assert.deepEqual([during.badge, during.listed, during.metrics], ["unknown", ["web"], "1"]);
  assert.match(during.why, /^Unknown since .*: stillalive cannot listen, and a heartbeat has been/);
  assert.match(during.gaps, /We have not been able to listen since/);
  assert.doesNotMatch(during.gaps, /all the time|ever since/);
  assert.match(after.overview, /All 2 apps are well/);
  assert.match(after.status, /All is well/);
  assert.deepEqual([after.badge, after.listed, after.metrics], ["up", [], "0"]);
  assert.match(after.gaps, /We did not listen for 1 h in 30 days/);
});

Deno.test("apps that nobody watches are not said to be well", async (t) => {
  await using service = await openService({ ignoredApps: new Set(["laptop"]) });
  await (await service.request("PUT", "/api/apps/fresh", { tags: ["shop"] })).text();
  const person = await Person.logIn(service);
  const look = async () => [(await person.page("/")).text, (await person.page("/status")).text];

  await t.step("none is watched", async () => {
    for (const text of await look()) assert.match(text, /No app is watched now/);
  });
  await t.step("some are", async () => {
    for (const id of ["a", "b"]) await addApp(service, id);
    service.clock.advance(10 * SECOND);
    const [overview, status] = await look();
    assert.match(overview ?? "", /All 2 apps that are watched are well/);
    assert.match(status ?? "", /All that is watched is well/);
  });
  await t.step("and of these some are late, which is up, and said", async () => {
    service.clock.advance(MINUTE - 10 * SECOND);
    await service.beat("b");
    const [overview, status] = await look();
    assert.match(overview ?? "", /All 2 apps that are watched are well, 1 of them late/);
    assert.match(status ?? "", /All that is watched is well, 1 of them late/);
  });
});

Deno.test("a status page that shows only some of a tag's apps does not speak for the others", async () => {
  await using service = await openService();
  const ids = Array.from({ length: 201 }, (_, index) => `app-${1_000 + index}`);
  for (const id of ids) {
    await (await service.request("PUT", `/api/apps/${id}`, { tags: ["shop"] })).text();
  }
  const beats = ids.map((id) => ({ app_id: id }));
  await (await service.request("POST", "/api/apps/", beats)).text();

  const { text } = await new Person(service).page("/status");

  assert.match(text, /All that is shown here is well/);
  assert.match(text, /Only the first 200 are shown\./);
});
