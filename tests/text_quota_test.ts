import assert from "node:assert/strict";
import { MINUTE, SECOND } from "../lib/clock.ts";
import { QUOTA_OF_ADDRESS, QUOTA_OF_APP, TextQuota } from "../lib/text_quota.ts";
import { START } from "./support/fake_clock.ts";
import { testService } from "./support/service.ts";

/** The longest message that is kept. */
const LONG = "x".repeat(4_000);

const NOW = START - START % MINUTE;

function says(appId: string, message: string | null, userAgent: string | null = null) {
  return [{ appId, message, userAgent }];
}

Deno.test("what apps say in a few words is never too much", () => {
  const quota = new TextQuota();
  const many = Array.from({ length: 1_000 }, (_, app) => says(String(app), "OK:200")).flat();

  for (let second = 0; second < 60 * 280; second++) {
    assert.equal(quota.take(many, "192.0.2.1", NOW), null);
  }
});

Deno.test("an app may say so much in a minute, and others go on", () => {
  const quota = new TextQuota();
  for (let said = 0; said + LONG.length <= QUOTA_OF_APP; said += LONG.length) {
    assert.equal(quota.take(says("chatty", LONG), "192.0.2.1", NOW), null);
  }

  const both = [...says("chatty", LONG), ...says("quiet", LONG)];
  const spared = quota.take(both, "192.0.2.1", NOW);

  assert.deepEqual(["chatty", "quiet"].map((app) => spared?.(app)), [true, false]);
  assert.equal(quota.take(says("chatty", "OK:200"), "192.0.2.1", NOW), null);
  assert.equal(quota.take(says("chatty", LONG), "192.0.2.1", NOW + MINUTE), null);
});

Deno.test("a sender may say so much in a minute, by whichever address of its network, and others go on", () => {
  const quota = new TextQuota();
  const take = (app: number, address: string) =>
    quota.take(says(String(app), LONG), address, NOW)?.(String(app)) ?? false;
  const fits = QUOTA_OF_ADDRESS / LONG.length;
  for (let app = 0; app < fits; app++) assert.equal(take(app, `2001:db8::${app % 10}`), false);

  assert.equal(take(-1, "2001:db8::abcd"), true);
  assert.equal(take(-1, "2001:db8:0:1::abcd"), false);
  assert.equal(take(-1, "192.0.2.1"), false);
});

Deno.test("what programs call themselves is counted, once a request", () => {
  const quota = new TextQuota();
  const agent = "y".repeat(200);
  const batch = Array.from({ length: 1_000 }, () => says("23", "OK", agent)).flat();
  const fits = QUOTA_OF_ADDRESS / agent.length;

  for (let sent = 0; sent < fits; sent++) assert.equal(quota.take(batch, "192.0.2.1", NOW), null);

  assert.equal(quota.take(batch, "192.0.2.1", NOW)?.("23"), true);
});

Deno.test("of more senders and apps than are counted one by one, all others share a count", () => {
  const quota = new TextQuota();
  let spared = 0;
  for (let sender = 0; sender < 20_000; sender++) {
    const address = `10.0.${sender >> 8}.${sender & 255}`;
    if (quota.take(says(`app-${sender}`, LONG), address, NOW) !== null) spared++;
  }

  assert.ok(spared > 1_000);
});

Deno.test("beyond the quota the heartbeat counts and its text is not kept, which the answer says", async () => {
  await using service = await testService();
  const batch = Array.from({ length: 250 }, () => ({ app_id: "chatty", message: LONG }));
  const answers = [];
  for (let sent = 0; sent < 3; sent++) {
    answers.push(await (await service.request("POST", "/api/apps/", batch)).json());
  }
  const one = await service.beat("chatty", { message: LONG });
  const ping = await service.request("POST", "/ping/chatty", LONG);
  const short = await service.beat("chatty", { message: "OK" });
  const { heartbeats } = await (await service.request("GET", "/api/apps/chatty/heartbeats?limit=4"))
    .json();

  assert.deepEqual(answers.map(({ accepted, truncated }) => [accepted, truncated?.length]), [
    [250, undefined],
    [250, undefined],
    [250, 250],
  ]);
  assert.deepEqual(one, { app_id: "chatty", status: "up", truncated: true });
  assert.equal(await ping.text(), "OK");
  assert.deepEqual(short, { app_id: "chatty", status: "up" });
  assert.deepEqual(heartbeats.map(({ message }: { message: unknown }) => message), [
    "OK",
    null,
    null,
    null,
  ]);
});

Deno.test("what an app says first in its period is kept, and so is what it says when it changes sides", async () => {
  // All within one minute of the clock.
  await using service = await testService({
    now: NOW,
    config: { defaults: { period: 10 * SECOND, grace: MINUTE } },
  });
  const batch = Array.from({ length: 250 }, () => ({ app_id: "chatty", message: LONG }));
  for (let sent = 0; sent < 3; sent++) {
    await (await service.request("POST", "/api/apps/", batch)).text();
  }
  const beat = async (kind: string) => {
    const answer = await service.beat("chatty", { kind, message: LONG });
    return (answer as { truncated?: boolean }).truncated ?? false;
  };

  const spared: boolean[] = [];
  for (const kind of ["success", "fail", "fail", "success"]) spared.push(await beat(kind));
  service.clock.advance(10 * SECOND - 1);
  spared.push(await beat("log"));
  service.clock.advance(10 * SECOND);
  spared.push(await beat("log"), await beat("log"));

  assert.deepEqual(spared, [true, false, true, false, true, false, true]);
});
