import assert from "node:assert/strict";
import { DAY, HOUR, MINUTE, SECOND, WEEK } from "../lib/clock.ts";
import {
  errands,
  firstTryAt,
  nextTryAt,
  type Outbox,
  type Queue,
  retryAfter,
  type Timing,
  type WaitingMessage,
} from "../lib/outbox.ts";
import { START } from "./support/fake_clock.ts";

const TIMING: Timing = {
  digestWindow: 3 * SECOND,
  mailInterval: MINUTE,
  remindEvery: DAY,
  mailProof: WEEK,
};
const NOTHING: Queue = {
  address: "a@example.org",
  owed: null,
  lastLetter: null,
  alarmsAt: [],
  messages: [],
  occasions: { remindedAt: null, gap: null, proofFrom: null, capacityAt: null },
};
const WELL = { failures: 0, nextTryAt: null };

Deno.test("retries come 15 s, 1, 2, 5, 15, 30 min, then an hour after the try before", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 1_000].map(retryAfter);

  assert.deepEqual(waits, [
    15 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    HOUR,
    HOUR,
  ]);
});

Deno.test("a reply that sounds final is retried hourly, any other fault soon", () => {
  const failure = { reason: "…", hint: null };

  const after = (["deferred", "unanswered", "rejected", "refused"] as const)
    .map((outcome) => nextTryAt({ outcome, ...failure }, 1, START) - START);

  assert.deepEqual(after, [15 * SECOND, 15 * SECOND, HOUR, HOUR]);
});

/** Three letters with an alarm, the last of them just now. */
const CROWDED = [START, START - MINUTE, START - 2 * MINUTE];

Deno.test("news is first tried as rule 9 allows", async (t) => {
  const cases = [
    {
      name: "the first ever: when its digest window ends",
      owed: { firstAt: START, firstDownAt: START },
      last: null,
      expected: START + 3 * SECOND,
    },
    {
      name: "soon after several alarms: when the mail interval ends",
      owed: { firstAt: START + 10 * SECOND, firstDownAt: START + 10 * SECOND },
      last: { takenAt: START, isGoodNews: false },
      expected: START + MINUTE,
    },
    {
      name: "long after the last alarm: when its digest window ends",
      owed: { firstAt: START + HOUR, firstDownAt: null },
      last: { takenAt: START, isGoodNews: false },
      expected: START + HOUR + 3 * SECOND,
    },
    {
      name: "an alarm soon after good news: not held",
      owed: { firstAt: START + 10 * SECOND, firstDownAt: START + 10 * SECOND },
      last: { takenAt: START, isGoodNews: true },
      expected: START + 13 * SECOND,
    },
    {
      name: "good news soon after good news: held",
      owed: { firstAt: START + 10 * SECOND, firstDownAt: null },
      last: { takenAt: START, isGoodNews: true },
      expected: START + MINUTE,
    },
    {
      name: "an alarm behind good news that is held: with a window of its own",
      owed: { firstAt: START + 5 * SECOND, firstDownAt: START + 20 * SECOND },
      last: { takenAt: START, isGoodNews: true },
      expected: START + 23 * SECOND,
    },
    {
      name: "an alarm when the interval is nearly over: never later than it",
      owed: { firstAt: START + 5 * SECOND, firstDownAt: START + 59 * SECOND },
      last: { takenAt: START, isGoodNews: true },
      expected: START + MINUTE,
    },
  ];
  for (const { name, owed, last, expected } of cases) {
    await t.step(
      name,
      () => {
        const alarmsAt = last === null || last.isGoodNews ? [] : CROWDED;
        const at = firstTryAt(owed, { lastLetter: last, alarmsAt }, TIMING);
        assert.equal(at - START, expected - START);
      },
    );
  }
});

Deno.test("the server's one retry clock holds every message", () => {
  const outbox: Outbox = {
    server: { failures: 2, nextTryAt: START + MINUTE },
    queues: [
      { ...NOTHING, owed: { firstAt: START, firstDownAt: START } },
      {
        ...NOTHING,
        address: "b@example.org",
        messages: [{ id: 1, kind: "news", isFrozen: true, nextTryAt: START }],
      },
    ],
  };

  const all = errands(outbox, TIMING);

  assert.deepEqual(all.map(({ at, isRetry }) => [at - START, isRetry]), [
    [MINUTE, true],
    [MINUTE, true],
  ]);
});

Deno.test("news joins a message that can be written anew, and never a frozen one", async (t) => {
  const owed = { firstAt: START, firstDownAt: START };
  const message: WaitingMessage = { id: 1, kind: "news", isFrozen: false, nextTryAt: START + DAY };

  await t.step("written anew", () => {
    const queues = [{ ...NOTHING, owed, messages: [message] }];
    assert.deepEqual(errands({ server: WELL, queues }, TIMING), [
      { at: START + DAY, address: NOTHING.address, kind: "news", message, isRetry: true },
    ]);
  });
  await t.step("frozen", () => {
    const frozen = { ...message, isFrozen: true };
    const queues = [{ ...NOTHING, owed, messages: [frozen] }];
    assert.deepEqual(errands({ server: WELL, queues }, TIMING), [
      {
        at: START + 3 * SECOND,
        address: NOTHING.address,
        kind: "news",
        message: null,
        isRetry: false,
      },
      { at: START + DAY, address: NOTHING.address, kind: "news", message: frozen, isRetry: true },
    ]);
  });
});
