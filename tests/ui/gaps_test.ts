import assert from "node:assert/strict";
import { DAY, HOUR, MINUTE, SECOND } from "../../lib/clock.ts";
import { Person } from "../support/person.ts";
import { type TestService, testService } from "../support/service.ts";

const READ_TOKEN = "a-token-for-wall-screens";

/** The rows of the ledger, each cell with its label. */
function rows(html: string): readonly (readonly string[])[] {
  const [, body = ""] = /<tbody>(.*)<\/tbody>/s.exec(html) ?? [];
  return body.split("</tr>").slice(0, -1).map((row) =>
    Array.from(
      row.matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/gs),
      ([, cell = ""]) => cell.replaceAll(/<[^>]*>/g, ""),
    )
  );
}

/** Off for as long as that, and on again for an hour. */
async function offFor(service: TestService, duration: number): Promise<void> {
  await service.restart({}, { offFor: duration });
  service.clock.advance(HOUR);
}

Deno.test("after a gap the page tells when it was, how long, why, and what it moved", async () => {
  await using service = await testService();
  await service.beat(23);
  await service.restart({}, { offFor: 14 * MINUTE });
  const guest = await Person.logIn(service);

  const { status, html, text } = await guest.get("/gaps");

  assert.equal(status, 200);
  assert.deepEqual(rows(html), [["10:20", "10:34", "14 min", "stillalive did not run", "1"]]);
  assert.match(html, /<time datetime="2026-11-24T07:20:49\.000Z">10:20<\/time>/);
  assert.match(text, /A gap is a time in which stillalive could not listen: /);
  assert.match(text, /We did not listen for 14 min in 30 days, in 1 gap /);
});

Deno.test("the page of gaps speaks Russian to a browser that asks for it", async () => {
  await using service = await testService();
  await service.beat(23);
  for (const minutes of [2, 5]) await offFor(service, minutes * MINUTE);
  const guest = await Person.logIn(service, { language: "ru-RU,en;q=0.5" });

  const { html, text } = await guest.get("/gaps");

  assert.match(html, /<html lang="ru"/);
  assert.match(text, /За 30 дней мы не слушали 7 мин: 2 перерыва /);
  assert.deepEqual(rows(html).map((row) => row.slice(2, 4)), [
    ["5 мин", "stillalive не работал"],
    ["2 мин", "stillalive не работал"],
  ]);
});

Deno.test("the last 30 days are summed up without what lies before them", async (t) => {
  await using service = await testService();
  await offFor(service, 20 * MINUTE);
  const guest = () => Person.logIn(service);

  await t.step("all of a gap that lies within", async () => {
    service.clock.advance(30 * DAY - HOUR - 20 * MINUTE);
    assert.match((await (await guest()).get("/gaps")).text, /for 20 min in 30 days, in 1 gap/);
  });
  await t.step("a part of one that began before", async () => {
    service.clock.advance(15 * MINUTE);
    assert.match((await (await guest()).get("/gaps")).text, /for 5 min in 30 days, in 1 gap/);
  });
  await t.step("nothing of one that ended before", async () => {
    service.clock.advance(5 * MINUTE);
    const { html, text } = await (await guest()).get("/gaps");
    assert.match(text, /We listened all the time in the last 30 days/);
    assert.equal(rows(html).length, 1);
  });
});

Deno.test("a gap too short for words is no gap of 0 s", async () => {
  await using service = await testService();
  await service.restart({}, { offFor: SECOND - 1 });
  const guest = await Person.logIn(service);

  const { html, text } = await guest.get("/gaps");

  assert.equal(rows(html)[0]?.[2], "under a second");
  assert.match(text, /We did not listen for under a second in 30 days, in 1 gap/);
});

Deno.test("of a gap in which the clock was set back nobody tells how long it was", async () => {
  await using service = await testService();
  await service.pause(() => {
    service.clock.set(-HOUR);
    return Promise.resolve();
  });
  const guest = await Person.logIn(service);

  const { html } = await guest.get("/gaps");

  assert.equal(rows(html)[0]?.[2], "nobody can tell: the clock was set back");
});

Deno.test("an empty ledger says so, and so does a page behind the last one", async () => {
  await using service = await testService();
  const guest = await Person.logIn(service);

  const empty = await guest.get("/gaps");
  const behind = await guest.get("/gaps?before=1");

  assert.match(empty.text, /There is no gap in the ledger: we have listened ever since/);
  assert.doesNotMatch(empty.html, /<table/);
  assert.match(behind.text, /There are no older gaps\. To the newest/);
});

Deno.test("the ledger is shown newest first, a page at a time", async () => {
  await using service = await testService();
  for (let gap = 1; gap <= 51; gap++) await offFor(service, gap * SECOND);
  const guest = await Person.logIn(service);

  const first = await guest.get("/gaps");
  const next = /<a rel="next" href="([^"]+)"/.exec(first.html)?.[1] ?? "";
  const second = await guest.get(next);
  const wrong = await guest.get("/gaps?before=%3Cscript%3E");

  assert.equal(rows(first.html).length, 50);
  assert.equal(rows(first.html)[0]?.[2], "51 s");
  assert.deepEqual(rows(second.html).map(([, , length]) => length), ["1 s"]);
  assert.doesNotMatch(second.html, /rel="next"/);
  assert.match(second.html, /<a href="\/gaps">To the newest<\/a>/);
  assert.deepEqual(rows(wrong.html), rows(first.html));
});

Deno.test("readers see the gaps, and nobody who is not logged in does", async () => {
  await using service = await testService({ config: { readToken: READ_TOKEN } });
  await offFor(service, MINUTE);
  const reader = await Person.logIn(service, { token: READ_TOKEN });

  const seen = await reader.get("/gaps");
  const stranger = await fetch(`${service.url}/gaps`, { redirect: "manual" });
  await stranger.body?.cancel();

  assert.equal(rows(seen.html).length, 1);
  assert.equal(stranger.status, 303);
  assert.equal(stranger.headers.get("Location"), "/login?to=%2Fgaps");
});
