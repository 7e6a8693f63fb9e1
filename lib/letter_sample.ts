/**
 * Invented news, to show what an alarm looks like.
 *
 * @module
 */

import { DAY, HOUR, type Instant, MINUTE, SECOND } from "./clock.ts";
import type { FactsOf } from "./letter.ts";

/** One app for each thing a letter can tell, as seen at `now`. */
export function sampleFacts(now: Instant): FactsOf<"news"> {
  return {
    kind: "news",
    digest: {
      down: [
        {
          appId: "23",
          name: null,
          at: now - 30 * SECOND,
          reason: "silence",
          heartbeat: { at: now - 2 * MINUTE, message: "OK:200" },
          refusal: null,
          falls: 1,
          awayBefore: null,
          incident: 1,
        },
        {
          appId: "billing",
          name: "Billing, nightly run",
          at: now - 20 * SECOND,
          reason: "fail",
          heartbeat: { at: now - 20 * SECOND, message: "disk full: 0 of 80 GB left" },
          refusal: null,
          falls: 3,
          awayBefore: { times: 2, total: 25 * MINUTE },
          incident: 2,
        },
      ],
      back: [
        {
          appId: "77",
          name: null,
          downAt: now - 2 * HOUR - 10 * MINUTE,
          upAt: now - 15 * SECOND,
          awayAgain: null,
          message: "OK:200",
          falls: 1,
        },
      ],
      away: [
        {
          appId: "search",
          name: null,
          times: 1,
          total: 14 * MINUTE,
          downAt: now - 15 * MINUTE,
          upAt: now - MINUTE,
          falls: 2,
        },
      ],
      flapping: [],
    },
    putOffs: [],
    left: 0,
    stillDown: {
      apps: [{ appId: "backup", name: null, since: now - 3 * DAY, incident: 3 }],
      others: [],
      total: 1,
    },
    failed: [],
    heard: [],
    stale: 0,
    isCrowded: false,
  };
}
