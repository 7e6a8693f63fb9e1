/** What gaps do, broken on purpose. */

import type { Mutation } from "./mutation.ts";

/** Of rule 8. */
export const LISTENING: readonly Mutation[] = [
  {
    name: "a start after a crash or a stop is no gap",
    rule: 8,
    file: "lib/sqlite/writer.ts",
    from: 'if (from <= now) return gaps.add({ from, to: now, cause: "off" }, defaults);',
    to: "if (from <= now) return null;",
  },
  {
    name: "a clean stop leaves a mark that is too early",
    rule: 8,
    file: "lib/sqlite/writer.ts",
    from: "this.#endedAt = at;",
    to: "this.#endedAt = at - 30_000;",
  },
  {
    name: "no marks are written while it runs",
    rule: 8,
    file: "lib/listening.ts",
    from: "return this.#last.elapsed - this.#markedAt >= this.#cadence.markEvery;",
    to: "return false;",
  },
  {
    name: "a gap begins at the last mark, whatever was heard since",
    rule: 8,
    file: "lib/sqlite/gaps.ts",
    from: "return Math.max(markedAt, newestAt);",
    to: "return markedAt;",
  },
  {
    name: "a gap does not know what waits in the journal",
    rule: 8,
    file: "lib/sqlite/settling.ts",
    from: "    this.all();\n    const result = change();",
    to: "    const result = change();",
  },
  {
    name: "a gap that touches gives back only its own length",
    rule: 8,
    file: "lib/sqlite/gaps.ts",
    from: "deadline_at = :to + COALESCE(period_ms, :period) + COALESCE(grace_ms, :grace)\n" +
      "  WHERE success_at",
    to: "deadline_at = deadline_at + :to - :from\n  WHERE success_at",
  },
  {
    name: "a further gap moves the deadline in full again",
    rule: 8,
    file: "lib/sqlite/gaps.ts",
    from: "    AND deadline_at > :from\n    AND excused_at IS NULL\n`",
    to: "    AND deadline_at > :from\n`",
  },
  {
    name: "a further gap moves nothing",
    rule: 8,
    file: "lib/sqlite/gaps.ts",
    from: "excused_at + :to - :from, deadline_at = deadline_at + :to - :from",
    to: "excused_at + :to - :from",
  },
  {
    name: "a gap moves deadlines that had passed before it",
    rule: 8,
    file: "lib/sqlite/gaps.ts",
    from: "<= :to\n    AND deadline_at > :from\n",
    to: "<= :to\n    AND deadline_at > :from - 86400000\n",
  },
  {
    name: "a heartbeat is expected only when it is due, whatever its grace",
    rule: 8,
    file: "lib/sqlite/gaps.ts",
    from: "WHERE success_at + COALESCE(period_ms, :period) - COALESCE(grace_ms, :grace) <= :to",
    to: "WHERE success_at + COALESCE(period_ms, :period) <= :to",
  },
  {
    name: "a gap touches what it does not",
    rule: 8,
    file: "lib/sqlite/gaps.ts",
    from: "WHERE success_at + COALESCE(period_ms, :period) - COALESCE(grace_ms, :grace) <= :to",
    to: "WHERE success_at <= :to",
  },
  {
    name: "a clock that went ahead, or a sleep, is no gap",
    rule: 8,
    file: "lib/gap.ts",
    from: "if (ahead > STEP_TOLERANCE) return",
    to: "if (ahead > 1e15) return",
  },
  {
    name: "a clock that is set back moves nothing back",
    rule: 8,
    file: "lib/gap.ts",
    from: "const back = ahead < -STEP_TOLERANCE ? -ahead : 0;",
    to: "const back = 0;",
  },
  {
    name: "a clock that is set ahead leaves deadlines where they are",
    rule: 8,
    file: "lib/sqlite/gaps.ts",
    from: "      this.#db.run(CARRY_AHEAD, { from, to, ...defaults });\n",
    to: "",
  },
  {
    name: "a loop that stood still is no gap",
    rule: 8,
    file: "lib/gap.ts",
    from: "if (passed <= lookEvery + LATENESS_TOLERANCE) return",
    to: "if (passed >= 0) return",
  },
  {
    name: "what is answered 503 opens no gap",
    rule: 8,
    file: "lib/sqlite/recorder.ts",
    from: "for (const { at } of heartbeats) this.#parts.writer.deafSince(at);",
    to: "",
  },
  {
    name: "a start by a clock that was set back gives no more time",
    rule: 8,
    file: "lib/sqlite/writer.ts",
    from: "return gaps.addUnmeasured(now, defaults);",
    to: 'return gaps.add({ from: now, to: now, cause: "off" }, defaults);',
  },
];
