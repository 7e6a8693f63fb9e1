/** What a shut door does, broken on purpose. */

import type { Mutation } from "./mutation.ts";

/** Of rule 14. */
export const REACHING: readonly Mutation[] = [
  {
    name: "the door is never looked at",
    rule: 14,
    file: "lib/doorkeeper.ts",
    from: "  look(): Promise<void> {\n",
    to: "  look(): Promise<void> {\n    if (this.#parts !== null) return Promise.resolve();\n",
  },
  {
    name: "a gap begins when the door is found shut",
    rule: 14,
    file: "lib/listening.ts",
    from: "const since = this.#reachedAt ?? this.#last.now;",
    to: "const since = this.#last.now;",
  },
  {
    name: "a sweep does not look at the door first",
    rule: 14,
    file: "lib/watch.ts",
    from: "    if (next !== null && next <= now && !(await this.#isSure())) return 0;\n",
    to: "",
  },
  {
    name: "the gap of a shut door ends with the next commit",
    rule: 14,
    file: "lib/listening.ts",
    from: "this.#deaf = this.#shutSince === null",
    to: "this.#deaf = this.#last !== null",
  },
  {
    name: "a stop does not look at the door once more",
    rule: 14,
    file: "engine.ts",
    from: "    await doorkeeper.close();\n",
    to: "",
  },
  {
    name: "a door that cannot be opened is left shut",
    rule: 14,
    file: "lib/door.ts",
    from: "if (now - this.#shutSince >= GIVE_UP_AFTER)",
    to: "if (now - this.#shutSince >= 1e15)",
  },
];
