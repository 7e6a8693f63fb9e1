import assert from "node:assert/strict";
import { HOUR, MINUTE, SECOND } from "../../lib/clock.ts";
import { askWatchdog } from "../../lib/http/watchdog.ts";
import { drained } from "../../lib/loop.ts";
import { type TestService, testService } from "../support/service.ts";

/** A look a second, and a mark so seldom that it is none of a test's business. */
const CADENCE = { lookEvery: SECOND, markEvery: 11 * MINUTE };

/** Another monitor, which counts how often it is asked. */
class Watchdog implements AsyncDisposable {
  asked = 0;
  status = 200;
  #come = Promise.withResolvers<void>();
  readonly #server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    this.asked++;
    this.#come.resolve();
    this.#come = Promise.withResolvers();
    return new Response("heard", { status: this.status });
  });

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/ping/23`;
  }

  /** Resolves when it is asked the next time. */
  next(): Promise<void> {
    return this.#come.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** Lets a minute go by, look by look. */
async function passMinute(service: TestService): Promise<void> {
  for (let second = 0; second < 60; second++) {
    service.clock.advance(SECOND);
    await drained();
  }
}

Deno.test("the watchdog is asked by GET and says whether it heard", async (t) => {
  const { signal } = new AbortController();
  await using watchdog = new Watchdog();

  await t.step("heard", async () => {
    assert.equal(await askWatchdog(watchdog.url, signal), null);
  });
  await t.step("not found", async () => {
    watchdog.status = 404;
    assert.equal(await askWatchdog(watchdog.url, signal), "answered 404");
  });
  await t.step("ended by us", async () => {
    assert.match(await askWatchdog(watchdog.url, AbortSignal.abort()) ?? "", /abort/i);
  });
  await t.step("nobody there", async () => {
    const { url } = watchdog;
    await watchdog[Symbol.asyncDispose]();
    const reason = await askWatchdog(url, signal) ?? "";
    assert.match(reason, /Connection refused|connection closed/);
    assert.ok(!reason.includes("/ping/23"), reason);
  });
});

Deno.test("a service asks its watchdog each minute while all is well, and readyz says the same in words", async () => {
  await using watchdog = new Watchdog();
  await using service = await testService({
    config: { watchdogUrl: watchdog.url },
    cadence: CADENCE,
  });
  for (let minute = 0; minute < 3; minute++) {
    const asked = watchdog.next();
    await passMinute(service);
    await asked;
  }
  const well = [watchdog.asked, await readyz(service)];
  await service.beat(23, { kind: "fail" });
  service.clock.advance(15 * MINUTE + SECOND);
  await readyz(service);
  const before = watchdog.asked;
  for (let minute = 0; minute < 3; minute++) await passMinute(service);
  const stuck = [watchdog.asked - before, await readyz(service)];

  await (await service.request("POST", "/api/apps/23/pause")).text();
  const asked = watchdog.next();
  await passMinute(service);
  await asked;

  assert.deepEqual(well, [3, { status: "ok" }]);
  assert.deepEqual(stuck, [0, {
    status: "failing",
    problems: ["mail has been waiting for more than 15 minutes"],
  }]);
  assert.deepEqual(await readyz(service), { status: "ok" });
});

Deno.test("a watchdog that fails changes nothing but a line in the log", async () => {
  await using watchdog = new Watchdog();
  watchdog.status = 500;
  await using service = await testService({
    config: { watchdogUrl: watchdog.url },
    cadence: CADENCE,
  });

  const asked = watchdog.next();
  await passMinute(service);
  await asked;
  await service.logs("watchdog does not answer");
  service.clock.advance(HOUR / 2);
  await passMinute(service);

  assert.deepEqual(await readyz(service), { status: "ok" });
  assert.equal(service.logged.filter((line) => line.includes("watchdog")).length, 1);
});

async function readyz(service: TestService): Promise<unknown> {
  return await (await service.request("GET", "/readyz")).json();
}
