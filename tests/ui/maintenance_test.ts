import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { HOUR, MINUTE } from "../../lib/clock.ts";
import { WINDOWS_LIMIT } from "../../lib/sqlite/windows.ts";
import { type Page, Person } from "../support/person.ts";
import { HOSTILE } from "../support/letters.ts";
import { type TestService, testService } from "../support/service.ts";
import { SILENCE } from "../support/store.ts";

const READ_TOKEN = "a-token-for-wall-screens";

/** What a browser sends: the fields of every choice, whichever was made. */
const FORM = {
  scope: "app",
  tag: "",
  app_id: "23",
  when: "now",
  at: "",
  weekday: "mon",
  time: "",
  for: "10m",
  note: "",
};

/** What is said beside a field. */
function wrong({ html }: Page): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from(html.matchAll(/<p id="([a-z_]+)-wrong"[^>]*>([^<]*)<\/p>/g), ([, name, text]) => {
      return [name, text];
    }),
  );
}

async function windows(service: TestService): Promise<readonly unknown[]> {
  return (await (await service.request("GET", "/api/maintenance")).json()).maintenance;
}

/** Does it while another process keeps everyone from writing. */
async function lockedOut<Result>(
  { config }: TestService,
  work: () => Promise<Result>,
): Promise<Result> {
  using foreign = new DatabaseSync(config.database);
  foreign.exec("BEGIN IMMEDIATE");
  return await work();
}

function falls(service: TestService): number {
  return service.logged.filter((line) => line.includes("app down")).length;
}

function logged(service: TestService): readonly string[] {
  return service.logged.filter((line) => line.includes("maintenance")).map((line) =>
    line.slice(31)
  );
}

Deno.test("a window made on the page keeps an app quiet, and ends by its button", async () => {
  await using service = await testService();
  await service.beat(23);
  const guest = await Person.logIn(service);

  const made = await guest.act("/maintenance", { ...FORM, note: "a new disk" });
  const shown = await guest.get("/maintenance");
  service.clock.advance(SILENCE + MINUTE);
  await service.request("POST", "/api/check").then((response) => response.text());
  const status = (await service.app(23)).status;
  const debts = await (await service.request("GET", "/api/outbox")).json();
  const ended = await guest.act("/maintenance/1/end");
  await service.request("POST", "/api/check").then((response) => response.text());
  const after = await guest.get("/maintenance");
  const owed = await (await service.request("GET", "/api/outbox")).json();

  assert.deepEqual([made.status, made.location], [303, "/maintenance?said=made"]);
  assert.match(
    shown.text,
    /App 23 Once, from 10:20 to 10:30 \(10 min\) In effect until 10:30 a new disk End/,
  );
  assert.equal(status, "down");
  assert.equal(falls(service), 1);
  assert.deepEqual(debts.owed, []);
  assert.deepEqual([ended.status, ended.location], [303, "/maintenance?said=ended"]);
  assert.match(after.text, /No maintenance is planned\./);
  assert.equal(owed.owed.length, 1);
});

Deno.test("the form makes what the API makes of the same", async (t) => {
  const cases = [
    [
      { ...FORM, scope: "all", when: "once", at: "2026-11-25T02:30", for: "90m" },
      { all: true, at: "2026-11-24T23:30:00.000Z", for: "90m", time_zone: null, note: null },
      "All apps Once, from 25 Nov, 02:30 to 25 Nov, 04:00 (1 h 30 min) End",
    ],
    [
      { ...FORM, scope: "tag", tag: " shop ", when: "daily", time: "02:30", for: " 2h " },
      { tag: "shop", daily: "02:30", for: "2h", time_zone: "Europe/Moscow", note: null },
      "Tag shop Every day at 02:30 (Europe/Moscow), for 2 h End",
    ],
    [
      { ...FORM, app_id: "backup", when: "weekly", weekday: "sun", time: "00:05", for: "1d" },
      {
        app_id: "backup",
        weekly: "sun 00:05",
        for: "1d",
        time_zone: "Europe/Moscow",
        note: null,
      },
      "App backup (not known yet) Every Sunday at 00:05 (Europe/Moscow), for 1 d End",
    ],
  ] as const;
  for (const [form, expected, line] of cases) {
    await t.step(line, async () => {
      await using service = await testService();
      const guest = await Person.logIn(service);

      const { status } = await guest.act("/maintenance", form);
      const { text } = await guest.get("/maintenance");

      assert.equal(status, 303);
      assert.deepEqual(await windows(service), [{ id: 1, ...expected }]);
      assert.ok(text.includes(line), text);
      assert.deepEqual(logged(service), [
        `maintenance added by=admin from=127.0.0.1 window=${
          JSON.stringify({ id: 1, ...expected })
        }`,
      ]);
    });
  }
});

Deno.test("a local time that clocks leave out begins when they have been set", async () => {
  await using service = await testService({ config: { timeZone: "Europe/Berlin" } });
  const guest = await Person.logIn(service);

  await guest.act("/maintenance", { ...FORM, when: "once", at: "2027-03-28T02:30" });

  const [window] = await windows(service) as readonly { readonly at: string }[];
  assert.equal(window?.at, "2027-03-28T01:00:00.000Z");
});

Deno.test("windows in effect come first, each until its own end", async () => {
  await using service = await testService();
  const guest = await Person.logIn(service);
  await service.request("PUT", "/api/apps/23", { name: "Shop backup" }).then((each) => each.text());
  for (
    const body of [
      { tag: "later", at: "2026-11-25T02:00:00Z", for: "1h" },
      { app_id: 23, daily: "10:00", for: "2h" },
      { all: true, at: "2026-11-24T07:00:00Z", for: "2d" },
    ]
  ) await (await service.request("POST", "/api/maintenance", body)).text();

  const { html, text } = await guest.get("/maintenance");

  assert.match(
    text,
    /App Shop backup Every day .* In effect until 12:00 End All apps .* Tag later/,
  );
  assert.match(text, /All apps Once, .* In effect until 26 Nov, 10:00 End Tag later/);
  assert.equal(text.match(/In effect/g)?.length, 2);
  assert.match(html, /<a href="\/apps\/23">/);
  assert.match(html, /<a href="\/\?tag=later">/);
});

Deno.test("a wrong form says beside each field what to fix, and keeps what was typed", async (t) => {
  await using service = await testService();
  const guest = await Person.logIn(service);
  const cases = [
    [{ scope: "" }, { scope: "Choose whom it is for." }],
    [{ when: "" }, { when: "Choose when it comes." }],
    [{ scope: "tag", tag: "a b" }, { tag: /^A tag is a letter or digit/ }],
    [{ scope: "tag" }, { tag: /^A tag is a letter or digit/ }],
    [{ app_id: "a b" }, { app_id: /^An app_id is a whole number/ }],
    [{ when: "once" }, { at: "A date and a time are needed." }],
    [{ when: "once", at: "2027-02-30T00:00" }, { at: "A date and a time are needed." }],
    [{ when: "once", at: "2026-11-24T10:10" }, { at: /^Such a window would be over already/ }],
    [{ when: "daily" }, { time: "A time like 02:30 is needed." }],
    [{ when: "weekly", time: "2:30" }, { time: "A time like 02:30 is needed." }],
    [{ when: "weekly", weekday: "", time: "02:30" }, { time: "A time like 02:30 is needed." }],
    [{ for: "" }, { for: /like 90s, 5m, 2h or 1d, from 1s to 365d\.$/ }],
    [{ for: "5 parsecs" }, { for: /from 1s to 365d\.$/ }],
    [{ when: "daily", time: "02:30", for: "25h" }, { for: /from 1s to 1d\.$/ }],
    [{ when: "weekly", time: "02:30", for: "8d" }, { for: /from 1s to 1w\.$/ }],
    [{ note: "x".repeat(4_097) }, { note: /up to 4,096 characters/ }],
    [{ note: "a\u0007b" }, { note: /none of them a control character/ }],
    [{ scope: "tag", tag: "?", for: "?" }, { tag: /^A tag/, for: /^A length/ }],
  ] as const;
  for (const [changes, expected] of cases) {
    await t.step(JSON.stringify(changes).slice(0, 60), async () => {
      const page = await guest.act("/maintenance", { ...FORM, ...changes });

      const said = wrong(page);
      assert.equal(page.status, 400);
      assert.match(page.text, /Nothing was made: something below is to be fixed first\./);
      assert.deepEqual(Object.keys(said), Object.keys(expected));
      for (const [name, text] of Object.entries(expected)) {
        if (typeof text === "string") assert.equal(said[name], text);
        else assert.match(said[name] ?? "", text);
      }
      assert.equal(page.html.match(/ autofocus/g)?.length, 1);
    });
  }
  await t.step("nothing has changed", async () => {
    assert.deepEqual(await windows(service), []);
    assert.deepEqual(logged(service), []);
  });
});

Deno.test("nothing that was typed is lost by a mistake in one field", async () => {
  await using service = await testService();
  const guest = await Person.logIn(service);

  const { html } = await guest.act("/maintenance", {
    scope: "tag",
    tag: "shop & co",
    app_id: "backup",
    when: "weekly",
    at: "2026-11-25T02:30",
    weekday: "sun",
    time: "02:30",
    for: "2h",
    note: 'the "new" disk',
  });

  for (
    const kept of [
      'type="radio" name="scope" value="tag" checked',
      'type="radio" name="when" value="weekly" checked',
      'name="tag" type="text" value="shop &amp; co"',
      'name="app_id" type="text" value="backup"',
      'name="at" type="datetime-local" value="2026-11-25T02:30"',
      'option value="sun" selected',
      'name="time" type="time" value="02:30"',
      'name="for" type="text" value="2h"',
      'name="note" type="text" value="the &quot;new&quot; disk"',
    ]
  ) assert.ok(html.includes(kept), `${kept} is not in ${html}`);
  assert.equal(html.match(/ checked/g)?.length, 2);
  assert.equal(html.match(/ selected/g)?.length, 1);
});

Deno.test("a window beyond the most there may be is refused, and what was typed is kept", async () => {
  await using service = await testService();
  const daily = { tag: "shop", daily: "02:30", for: "2h" };
  for (let count = 0; count < WINDOWS_LIMIT; count++) {
    await (await service.request("POST", "/api/maintenance", daily)).text();
  }
  const guest = await Person.logIn(service);

  const page = await guest.act("/maintenance", { ...FORM, note: "one too many" });

  assert.equal(page.status, 429);
  assert.match(page.text, /there are as many windows as there may be\. End one first\./);
  assert.match(page.html, /value="one too many"/);
});

Deno.test("what was typed is kept while nothing can be stored", async () => {
  await using service = await testService();
  const guest = await Person.logIn(service);

  const refused = await lockedOut(service, () => guest.act("/maintenance", FORM));
  const again = await guest.act("/maintenance", FORM);

  assert.equal(refused.status, 503);
  assert.match(refused.text, /Nothing was made: it cannot be stored now\. Try again\./);
  assert.match(refused.html, /name="app_id" type="text" value="23"/);
  assert.equal(again.status, 303);
  assert.equal((await windows(service)).length, 1);
});

Deno.test("ending is told in the log, and to end what is over already is no mistake", async (t) => {
  await using service = await testService();
  const guest = await Person.logIn(service);
  await guest.act("/maintenance", FORM);

  const first = await guest.act("/maintenance/1/end");
  assert.deepEqual([first.status, first.location], [303, "/maintenance?said=ended"]);
  for (const id of ["1", "2", "0", "01", "1e0", "99999999999999999999", "%E2%80%AE"]) {
    await t.step(id, async () => {
      const again = await guest.act(`/maintenance/${id}/end`);
      assert.deepEqual([again.status, again.location], [303, "/maintenance?said=ended-already"]);
    });
  }
  await t.step("one line", () => {
    assert.deepEqual(logged(service).slice(1), [
      "maintenance removed by=admin from=127.0.0.1 id=1",
    ]);
  });
});

Deno.test("readers see windows and no forms, and change nothing", async () => {
  await using service = await testService({ config: { readToken: READ_TOKEN } });
  const admin = await Person.logIn(service);
  await admin.act("/maintenance", FORM);
  const reader = await Person.logIn(service, { token: READ_TOKEN });

  const seen = await reader.get("/maintenance");
  const made = await reader.act("/maintenance", FORM);
  const ended = await reader.act("/maintenance/1/end");

  assert.match(seen.text, /App 23 \(not known yet\) Once, from 10:20 to 10:30/);
  assert.doesNotMatch(seen.html, /action="\/maintenance/);
  assert.doesNotMatch(seen.text, /New window|\bEnd\b/);
  assert.deepEqual([made.status, ended.status], [403, 403]);
  assert.equal((await windows(service)).length, 1);
});

Deno.test("a form from elsewhere changes nothing", async () => {
  await using service = await testService();
  const guest = await Person.logIn(service);
  await guest.act("/maintenance", FORM);

  const made = await guest.post("/maintenance", {});
  const ended = await guest.post("/maintenance/1/end", {});

  assert.equal(made.status, 403);
  assert.deepEqual([ended.status, ended.location], [303, "/maintenance?said=again"]);
  assert.equal((await windows(service)).length, 1);
});

Deno.test("hostile notes, tags and names are shown harmlessly", async () => {
  await using service = await testService();
  const guest = await Person.logIn(service);
  const note = '<script>alert(1)</script>"><img src=x onerror=alert(1)>\u202egnp.exe';
  await service.request("PUT", "/api/apps/23", { name: note.slice(0, 90) })
    .then((each) => each.text());
  await guest.act("/maintenance", { ...FORM, note });

  const stored = await guest.get("/maintenance");
  const typed = await guest.act("/maintenance", {
    scope: HOSTILE,
    tag: HOSTILE,
    app_id: HOSTILE,
    when: HOSTILE,
    at: HOSTILE,
    weekday: HOSTILE,
    time: HOSTILE,
    for: HOSTILE,
    note: HOSTILE,
  });

  assert.match(
    stored.text,
    /<script>alert\(1\)<\/script>"><img src=x onerror=alert\(1\)>\\u202egnp/,
  );
  assert.equal(typed.status, 400);
  for (const { html } of [stored, typed]) {
    assert.doesNotMatch(html, /<script>|<img/);
    assert.doesNotMatch(html.replaceAll(/value="[^"]*"/g, ""), /\u202e/);
  }
});

Deno.test("the page of maintenance speaks Russian to a browser that asks for it", async () => {
  await using service = await testService();
  const guest = await Person.logIn(service, { language: "ru" });
  await guest.act("/maintenance", {
    ...FORM,
    scope: "tag",
    tag: "магазин",
    when: "weekly",
    weekday: "sun",
    time: "02:30",
    for: "2h",
  });

  const shown = await guest.get("/maintenance");
  const bad = await guest.act("/maintenance", { ...FORM, scope: "", for: "2 часа" });

  assert.match(shown.html, /<html lang="ru"/);
  assert.match(
    shown.text,
    /Тег магазин По воскресеньям в 02:30 \(Europe\/Moscow\), на 2 ч Завершить/,
  );
  assert.match(bad.text, /Окно не создано: сначала исправьте то, что отмечено ниже\./);
  assert.deepEqual(wrong(bad), {
    scope: "Выберите, для кого оно.",
    for: "Длительность пишется как 90s, 5m, 2h или 1d, от 1s до 365d.",
  });
});

Deno.test("a window that has ended is not shown any more", async () => {
  await using service = await testService();
  const guest = await Person.logIn(service);
  await guest.act("/maintenance", FORM);
  service.clock.advance(HOUR);

  const { text } = await guest.get("/maintenance");

  assert.match(text, /No maintenance is planned\./);
});
