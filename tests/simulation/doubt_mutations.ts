/** What nobody knows, broken on purpose. */

import type { Mutation } from "./mutation.ts";

/** Of rule 17, as far as it is stored. */
export const DOUBTING: readonly Mutation[] = [
  {
    name: "an app that a gap touched is as known as before",
    rule: 17,
    file: "lib/sqlite/gaps.ts",
    from: "      unknown_from = ${UNKNOWN_FROM},\n",
    to: "",
  },
  {
    name: "an app is unknown since the gap began, whenever it was expected",
    rule: 17,
    file: "lib/sqlite/gaps.ts",
    from: "    :from, success_at,\n" +
      "    success_at + COALESCE(period_ms, :period) - COALESCE(grace_ms, :grace)\n",
    to: "    :from, success_at\n",
  },
  {
    name: "a further gap begins a doubt anew",
    rule: 17,
    file: "lib/sqlite/gaps.ts",
    from: "      excused_at = excused_at + :to - :from,",
    to: "      unknown_from = :to, excused_at = excused_at + :to - :from,",
  },
  {
    name: "an app that is heard again was known all the while",
    rule: 17,
    file: "lib/sqlite/batch.ts",
    from: "if (flips.length === 0 && isKnownAgain(before, heard))",
    to: "if (flips.length > 0 && isKnownAgain(before, heard))",
  },
  {
    name: "an app that falls was known until then",
    rule: 17,
    file: "lib/sqlite/history.ts",
    from: 'if (flip.from === "up") this.#parts.doubts.end(before.id, before.app, flip.at);',
    to: "",
  },
  {
    name: "a doubt lasts until somebody notices the fall that ended it",
    rule: 17,
    file: "lib/sqlite/history.ts",
    from: "this.#parts.doubts.end(before.id, before.app, flip.at);",
    to: "this.#parts.doubts.end(before.id, before.app, now);",
  },
  {
    name: "a clock that is set back leaves where it was since when an app is unknown",
    rule: 17,
    file: "lib/sqlite/clock_shift.ts",
    from: "unknown_from = unknown_from - :by,",
    to: "",
  },
  {
    name: "an app is known of which people are told that it is not",
    rule: 17,
    file: "lib/sqlite/put_offs.ts",
    from: "SET put_off = :putOff, unknown_from = COALESCE(unknown_from, old_deadline_at),\n",
    to: "SET put_off = :putOff,\n",
  },
  {
    name: "a gap begins a doubt anew that a set clock has begun",
    rule: 17,
    file: "lib/sqlite/gaps.ts",
    from: "COALESCE(unknown_from, MAX(",
    to: "COALESCE(NULL, MAX(",
  },
];
