import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import type { Cadence } from "../lib/gap.ts";
import { START } from "./support/fake_clock.ts";
import { mailServer } from "./support/smtp_server.ts";
import { type TestService, testService } from "./support/service.ts";
import { SILENCE } from "./support/store.ts";

const CADENCE: Cadence = { lookEvery: SECOND, markEvery: 5 * SECOND };

/** So that an hour of failing has few tries, each of which waits for the lock. */
const SELDOM_MARKED: Cadence = { lookEvery: SECOND, markEvery: 20 * MINUTE };

/** Keeps everyone else from writing until it is disposed of. */
function lockOut(service: TestService): Disposable {
  const foreign = new DatabaseSync(service.config.database);
  foreign.exec("BEGIN IMMEDIATE");
  return foreign;
}

function post(service: TestService, appId: string): Promise<Response> {
  return service.request("POST", "/api/apps/", { app_id: appId });
}

async function health(service: TestService, path = "/healthz"): Promise<unknown> {
  const response = await service.request("GET", path);
  return [response.status, await response.json()];
}

/** Has the service look once more, and do what that leads to. */
async function look(service: TestService): Promise<void> {
  service.clock.advance(SECOND);
  await health(service);
}

const FAILING = { status: "failing", problems: ["heartbeats cannot be stored"] };

Deno.test("while the database is locked heartbeats are answered 503, and that is a gap till the next commit", async () => {
  await using service = await testService({ cadence: CADENCE });
  await service.beat("a");
  service.clock.advance(SILENCE - 2 * SECOND);
  const from = service.clock.now();

  const refused = [];
  {
    using _ = lockOut(service);
    refused.push(await post(service, "a"));
    service.clock.advance(SECOND);
    refused.push(await post(service, "a"));
  }
  service.clock.advance(SECOND);
  await service.beat("a");

  for (const response of refused) {
    assert.equal(response.status, 503);
    assert.ok(Number(response.headers.get("Retry-After")) > 0);
    assert.equal(response.headers.get("Content-Type"), "application/problem+json");
    await response.body?.cancel();
  }
  const to = from + 2 * SECOND;
  assert.deepEqual(service.gaps(), [{ from, to, cause: "unstored", moved: 1 }]);
  assert.ok(service.logged.every((line) => !line.includes("app down")));
});

Deno.test("who is refused is not taken down meanwhile, and silence counts anew from the gap's end", async () => {
  await using service = await testService({ cadence: CADENCE });
  await service.beat("dead");
  service.clock.advance(SILENCE - SECOND);

  {
    using _ = lockOut(service);
    await (await post(service, "dead")).body?.cancel();
    service.clock.advance(2 * SECOND);
    await (await post(service, "other")).body?.cancel();
  }
  const end = service.clock.now();
  const checked = await (await service.request("POST", "/api/check")).json();
  const app = await service.app("dead");

  assert.equal(checked.down, 0);
  assert.deepEqual([app.status, Date.parse(app.deadline_at)], ["unknown", end + SILENCE]);
});

Deno.test("health says in words that nothing can be stored, and is well again after", async () => {
  await using service = await testService({ cadence: CADENCE });
  const before = await health(service);

  let during: readonly unknown[] = [];
  {
    using _ = lockOut(service);
    service.clock.advance(5 * SECOND);
    during = [await health(service), await health(service, "/readyz")];
  }
  service.clock.advance(5 * SECOND);
  const after = [await health(service), await health(service, "/readyz")];

  assert.deepEqual(before, [200, { status: "ok" }]);
  assert.deepEqual(during, [[503, FAILING], [503, FAILING]]);
  assert.deepEqual(after, [[200, { status: "ok" }], [200, { status: "ok" }]]);
});

Deno.test("a failure that lasts is one letter an hour, straight from memory", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail, cadence: SELDOM_MARKED });
  {
    using _ = lockOut(service);
    await (await post(service, "a")).body?.cancel();
    await look(service); // counts from here
    service.clock.advance(10 * SECOND - 1);
    await health(service);
    const early = mail.letters.length;
    service.clock.advance(1);
    await service.logs("trouble told", 1);
    await health(service); // by now the try has ended
    service.clock.advance(HOUR - 1);
    await health(service);
    const again = mail.letters.length;
    service.clock.advance(1);
    await service.logs("trouble told", 2);

    assert.deepEqual([early, again], [0, 1]);
  }
  const subjects = mail.letters.map(({ parsed }) => parsed.subject);
  assert.deepEqual(subjects, [
    "Heartbeats cannot be stored: database is locked",
    "Heartbeats cannot be stored: database is locked",
  ]);
  assert.match(mail.letters[0]?.parsed.text ?? "", /For 11 s /);
});

Deno.test("a failure of some seconds is no letter", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail, cadence: CADENCE });

  for (let times = 0; times < 3; times++) {
    {
      using _ = lockOut(service);
      for (let seconds = 0; seconds < 9; seconds++) await look(service);
    }
    for (let seconds = 0; seconds < 6; seconds++) await look(service);
  }

  assert.deepEqual(mail.letters, []);
});

Deno.test("a letter that the server refuses is tried again before the hour is over", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail, cadence: SELDOM_MARKED });
  mail.refuse({ at: "letter", code: 451, text: "4.7.1 greylisted" });
  {
    using _ = lockOut(service);
    await (await post(service, "a")).body?.cancel();
    await look(service);
    service.clock.advance(10 * SECOND);
    await service.logs("trouble not told");
    await health(service); // by now the try has ended
    mail.refuse();
    service.clock.advance(15 * SECOND);
    await service.logs("trouble told");
  }

  assert.equal(mail.letters.length, 1);
});

Deno.test("a database that is gone under it is told, nothing is answered 200 from then on, and it gives up", async (t) => {
  for (const what of ["deleted", "replaced"] as const) {
    await t.step(what, async () => {
      await using mail = await mailServer();
      await using service = await testService({ mail, cadence: CADENCE });
      await service.beat("a");
      const { database } = service.config;
      Deno.renameSync(database, `${database}.aside`);
      if (what === "replaced") Deno.copyFileSync(`${database}.aside`, database);

      const refused = await post(service, "a");
      service.clock.advance(SECOND);
      const loss = await service.lost;
      const unwell = await health(service);
      const again = await post(service, "a");
      Deno.renameSync(`${database}.aside`, database);

      assert.deepEqual([refused.status, again.status], [503, 503]);
      await Promise.all([refused, again].map((response) => response.body?.cancel()));
      assert.deepEqual(loss, { database, what });
      assert.deepEqual(mail.letters.map(({ parsed }) => parsed.subject), [
        `The database was ${what}: stillalive stops`,
      ]);
      const problems = [`the database file was ${what}`];
      assert.deepEqual(unwell, [503, { status: "failing", problems }]);
    });
  }
});

Deno.test("a database that is gone is given up though the mail server does not answer", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail, cadence: CADENCE });
  await service.beat("a");
  const hold = mail.hold();
  const { database } = service.config;
  Deno.renameSync(database, `${database}.aside`);

  await (await post(service, "a")).body?.cancel();
  service.clock.advance(SECOND);
  await hold.letter;
  service.clock.advance(15 * MINUTE);
  const loss = await service.lost;
  Deno.renameSync(`${database}.aside`, database);
  hold.letGo();

  assert.deepEqual(loss, { database, what: "deleted" });
});

Deno.test("what could not be noted at the end is a gap all the same", async () => {
  await using service = await testService({ cadence: CADENCE });
  await service.beat("a");
  service.clock.advance(4 * SECOND);
  {
    using _ = lockOut(service);
    await service.crash({ offFor: MINUTE });
  }

  const [gap] = service.gaps();
  assert.deepEqual([gap?.from, gap?.cause], [START, "off"]);
});
