/** What is mailed and when, broken on purpose. */

import type { Mutation } from "./mutation.ts";

/** Of rules 6 and 9. */
export const MAILING: readonly Mutation[] = [
  {
    name: "a debt counts as sent before the server's answer",
    rule: 6,
    file: "lib/watch.ts",
    from: "const delivery = await session.send(attempt.mail);",
    to: 'await store.settle(attempt, { outcome: "sent", reply: "" }, now);\n' +
      "    const delivery = await session.send(attempt.mail);",
  },
  {
    name: "each try has a Message-ID of its own",
    rule: 6,
    file: "lib/sqlite/composer.ts",
    from: "  UPDATE messages\n  SET state = 'trying', tries",
    to:
      "  UPDATE messages\n  SET message_id = '<' || HEX(RANDOMBLOB(9)) || '@x>', state = 'trying', tries",
  },
  {
    name: "a text is written anew after a try without an answer",
    rule: 6,
    file: "lib/sqlite/tries.ts",
    from: 'isFrozen: Number(delivery.outcome === "unanswered")',
    to: "isFrozen: 0",
  },
  {
    name: "a text is written anew after a crash in a try",
    rule: 6,
    file: "lib/sqlite/tries.ts",
    from: "SET state = 'waiting', is_frozen = 1, next_try_at = :now",
    to: "SET state = 'waiting', next_try_at = :now",
  },
  {
    name: "a try that a crash cut off is not taken up again",
    rule: 6,
    file: "lib/sqlite/tries.ts",
    from: "WHERE state = 'trying'\n",
    to: "WHERE state = 'trying' AND tries > 1\n",
  },
  {
    name: "the first retry comes too late",
    rule: 6,
    file: "lib/outbox.ts",
    from: "  15 * SECOND,\n  1 * MINUTE,",
    to: "  45 * SECOND,\n  1 * MINUTE,",
  },
  {
    name: "the third retry comes too early",
    rule: 6,
    file: "lib/outbox.ts",
    from: "  2 * MINUTE,\n  5 * MINUTE,",
    to: "  1 * MINUTE,\n  5 * MINUTE,",
  },
  {
    name: "what was rejected is retried only every other hour",
    rule: 6,
    file: "lib/outbox.ts",
    from: "return endedAt + RETRY_AT_LEAST_EVERY;",
    to: "return endedAt + 2 * RETRY_AT_LEAST_EVERY;",
  },
  {
    name: "the server has no retry clock of its own",
    rule: 6,
    file: "lib/outbox.ts",
    from: "const serverAt = outbox.server.nextTryAt ?? 0;",
    to: "const serverAt = 0;",
  },
  {
    name: "a refused address fails after an hour",
    rule: 6,
    file: "lib/outbox.ts",
    from: "REFUSED_FOR_AT_MOST: Duration = 3 * DAY",
    to: "REFUSED_FOR_AT_MOST: Duration = HOUR",
  },
  {
    name: "what was rejected is never tried again",
    rule: 6,
    file: "lib/outbox.ts",
    from: "return endedAt + RETRY_AT_LEAST_EVERY;",
    to: "return endedAt + 1e12;",
  },
  {
    name: "the digest window slides",
    rule: 9,
    file: "lib/sqlite/queues.ts",
    from: "SELECT MIN(owed_from) AS at",
    to: "SELECT MAX(owed_from) AS at",
  },
  {
    name: "there is no digest window",
    rule: 9,
    file: "lib/outbox.ts",
    from: "const at = Math.max(owed.firstAt + timing.digestWindow, heldUntil);",
    to: "const at = Math.max(owed.firstAt, heldUntil);",
  },
  {
    name: "the mail interval is ignored",
    rule: 9,
    file: "lib/outbox.ts",
    from: "const heldUntil = last === null ? 0 : last.takenAt + timing.mailInterval;",
    to: "const heldUntil = 0;",
  },
  {
    name: "a letter of recoveries holds up an alarm",
    rule: 9,
    file: "lib/outbox.ts",
    from: "if (owed.firstDownAt === null || last === null || !last.isGoodNews) return at;",
    to: "if (timing.digestWindow >= 0) return at;",
  },
  {
    name: "reminders come every other time",
    rule: 9,
    file: "lib/outbox.ts",
    from: "at: remindedAt + remindEvery",
    to: "at: remindedAt + 2 * remindEvery",
  },
  {
    name: "reminders come too early",
    rule: 9,
    file: "lib/outbox.ts",
    from: "at: remindedAt + remindEvery",
    to: "at: remindedAt + remindEvery / 2",
  },
  {
    name: "a letter about gaps does not wait an hour",
    rule: 8,
    file: "lib/outbox.ts",
    from: "gap.lastLetterAt === null ? 0 : gap.lastLetterAt + GAP_LETTER_EVERY",
    to: "0",
  },
  {
    name: "a gap is told to nobody",
    rule: 8,
    file: "lib/outbox.ts",
    from: "if (gap !== null) {",
    to: "if (gap !== null && digestWindow < 0) {",
  },
  {
    name: "news of a flapping app is held back for hours",
    rule: 9,
    file: "lib/flip.ts",
    from: "return flappingSince + letters * FLAPPING_LETTER_EVERY;",
    to: "return flappingSince + 3 * letters * FLAPPING_LETTER_EVERY;",
  },
];
