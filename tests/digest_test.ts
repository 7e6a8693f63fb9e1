import assert from "node:assert/strict";
import { MINUTE } from "../lib/clock.ts";
import { answeredBy, digest, type News } from "../lib/digest.ts";
import { START } from "./support/fake_clock.ts";

function fell(appId: string, minute: number, precedence = 0): News {
  const at = START + minute * MINUTE;
  const heartbeat = { at: at - MINUTE, message: "OK:200" };
  return {
    flip: { appId, at, from: "up", to: "down", reason: "silence", heartbeat },
    appName: null,
    precedence,
    falls: 1,
    isFlapping: false,
    incident: minute,
    refusal: null,
    ended: null,
  };
}

function rose(appId: string, minute: number, fellAt: number, toldBy: string | null): News {
  const at = START + minute * MINUTE;
  const heartbeat = { at, message: "back" };
  return {
    flip: { appId, at, from: "down", to: "up", reason: "heartbeat", heartbeat },
    appName: null,
    precedence: 0,
    falls: 1,
    isFlapping: false,
    incident: null,
    refusal: null,
    ended: { at: START + fellAt * MINUTE, toldBy },
  };
}

Deno.test("what comes first by precedence is told first, whenever it fell", () => {
  const { down, back, away } = digest([fell("b", 0, 2), fell("c", 1, 3), fell("a", 2, 1)]);

  assert.deepEqual(down.map(({ appId }) => appId), ["a", "b", "c"]);
  assert.deepEqual([back, away], [[], []]);
});

Deno.test("a fall that was told and ended is told as back", () => {
  const { down, back, away } = digest([rose("23", 14, 0, "<1@x>")]);

  assert.deepEqual([down, away], [[], []]);
  assert.deepEqual(back, [{
    appId: "23",
    name: null,
    falls: 1,
    downAt: START,
    upAt: START + 14 * MINUTE,
    awayAgain: null,
    message: "back",
  }]);
});

Deno.test("down and up that were not told yet fold into one line", () => {
  const { down, back, away } = digest([fell("23", 0), rose("23", 14, 0, null)]);

  assert.deepEqual([down, back], [[], []]);
  assert.deepEqual(away, [{
    appId: "23",
    name: null,
    falls: 1,
    times: 1,
    total: 14 * MINUTE,
    downAt: START,
    upAt: START + 14 * MINUTE,
  }]);
});

Deno.test("an app that fell again is down, and was away before", () => {
  const { down, back, away } = digest([
    fell("23", 0),
    rose("23", 2, 0, null),
    fell("23", 5),
  ]);

  assert.deepEqual([back, away], [[], []]);
  assert.equal(down[0]?.at, START + 5 * MINUTE);
  assert.deepEqual(down[0]?.awayBefore, { times: 1, total: 2 * MINUTE });
});

Deno.test("an app that came back from a told fall and was away since is back, once", () => {
  const { down, back, away } = digest([
    rose("23", 4, 0, "<1@x>"),
    fell("23", 10),
    rose("23", 12, 10, null),
  ]);

  assert.deepEqual([down, away], [[], []]);
  assert.equal(back.length, 1);
  assert.equal(back[0]?.upAt, START + 4 * MINUTE);
  assert.deepEqual(back[0]?.awayAgain, { times: 1, total: 2 * MINUTE });
});

Deno.test("an app whose news came while it was flapping is told as flapping, and as it is by now", async (t) => {
  const wild = { isFlapping: true };
  const app = { appId: "23", name: null, falls: 1 };

  await t.step("down", () => {
    const { down, back, away, flapping } = digest([
      rose("23", 2, 0, "<1@x>"),
      fell("23", 5),
      { ...rose("23", 9, 5, null), ...wild },
      fell("23", 11),
    ]);

    assert.deepEqual([down, back, away], [[], [], []]);
    assert.deepEqual(flapping, [{
      ...app,
      isDown: true,
      since: START + 11 * MINUTE,
      times: 2,
      total: 6 * MINUTE,
      message: "OK:200",
      incident: 11,
    }]);
  });

  await t.step("up", () => {
    const { back, flapping } = digest([{ ...rose("23", 2, 0, "<1@x>"), ...wild }]);

    assert.deepEqual(back, []);
    assert.deepEqual(flapping, [{
      ...app,
      isDown: false,
      since: START + 2 * MINUTE,
      times: 1,
      total: 2 * MINUTE,
      message: "back",
      incident: null,
    }]);
  });

  await t.step("down for the first time in this letter", () => {
    const [entry] = digest([{ ...fell("23", 5), ...wild }]).flapping;

    assert.deepEqual([entry?.times, entry?.total, entry?.incident], [0, 0, 5]);
  });
});

Deno.test("an app that is flapping leaves the others as they are", () => {
  const { down, flapping } = digest([fell("a", 0), { ...fell("b", 1), isFlapping: true }]);

  assert.deepEqual(down.map(({ appId, incident }) => [appId, incident]), [["a", 0]]);
  assert.deepEqual(flapping.map(({ appId }) => appId), ["b"]);
});

Deno.test("a letter answers each letter that told of what ended, once", () => {
  const news = [
    rose("a", 1, 0, "<1@x>"),
    rose("b", 2, 0, "<1@x>"),
    rose("c", 3, 0, null),
    rose("d", 4, 0, "<2@x>"),
  ];

  assert.deepEqual(answeredBy(news), ["<1@x>", "<2@x>"]);
});
