import assert from "node:assert/strict";
import fc from "fast-check";
import { register } from "../../lib/app.ts";
import { HEARTBEAT_KINDS, receive } from "../../lib/heartbeat.ts";
import type { StoredApp } from "../../lib/sqlite/app_row.ts";
import { KeptApp } from "../../lib/sqlite/kept_app.ts";
import { START } from "../support/fake_clock.ts";
import { DEFAULTS, heartbeat } from "../support/store.ts";

const BEAT = fc.record({
  wait: fc.nat(DEFAULTS.period),
  kind: fc.constantFrom(...HEARTBEAT_KINDS),
  message: fc.constantFrom("OK:200", "busy", null),
});

Deno.test("an app is remembered as it stands, whatever it sends", () => {
  const beginnings: readonly Partial<StoredApp["app"]>[] = [
    {},
    { isIgnored: true },
    { state: { kind: "paused" }, name: "Mail", tags: ["eu"] },
    {
      state: {
        kind: "up",
        successAt: START - 9,
        excusedAt: START,
        deadlineAt: START + 1e7,
        oldDeadlineAt: START + 1e6,
        isPutOff: true,
      },
    },
    { state: { kind: "down", since: START - 1 } },
  ];
  fc.assert(fc.property(fc.constantFrom(...beginnings), fc.array(BEAT), (beginning, beats) => {
    let stored: StoredApp = {
      id: 7,
      app: { ...register("1", { isIgnored: false }), ...beginning },
      incident: null,
      heartbeats: 0,
      snoozedUntil: null,
      mutedUntil: null,
      flappingSince: null,
      acknowledgedAt: START,
      putOff: null,
    };
    let kept = new KeptApp(stored);
    let at = START;
    for (const { wait, ...beat } of beats) {
      at += wait;
      const { app, flips } = receive(kept.stored.app, heartbeat("1", { ...beat, at }), DEFAULTS);
      stored = { ...stored, app, heartbeats: stored.heartbeats + 1 };
      if (flips.length > 0) kept = new KeptApp(stored);
      else kept.hear(stored);
      assert.deepEqual(kept.stored, stored);
    }
  }));
});
