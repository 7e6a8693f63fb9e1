/** What is heard and what becomes of it, broken on purpose. */

import type { Mutation } from "./mutation.ts";

/** Of rules 1 to 5 and 10. */
export const STORING: readonly Mutation[] = [
  {
    name: "a heartbeat is answered before it is on disk",
    rule: 1,
    file: "lib/sqlite/recorder.ts",
    from: "this.#openHeartbeats += heartbeats.length;\n    });",
    to: "this.#openHeartbeats += heartbeats.length;\n      resolve([]);\n    });",
  },
  {
    name: "what waited in the journal is not taken up by the next start",
    rule: 1,
    file: "lib/sqlite/store.ts",
    from: "    this.#recorder.replay(this.#memory.defaults() ?? defaults);\n",
    to: "",
  },
  {
    name: "the journal is erased before all that is in it has its place",
    rule: 1,
    file: "lib/sqlite/settling.ts",
    from: "for (const appId of known.waiting().take(limit).toArray()) apps.settle(appId);",
    to: "for (const appId of known.waiting().take(1).toArray()) apps.settle(appId);\n" +
      "    return journal.eraseBefore(null);",
  },
  {
    name: "whatever is written together into the journal is said to say the same",
    rule: 1,
    file: "lib/sqlite/journal.ts",
    from: "if (before !== undefined && saysTheSame(heartbeat, before)) {",
    to: "if (before !== undefined) {",
  },
  {
    name: "the journal's heartbeats are taken up by a start, also those that have their place",
    rule: 1,
    file: "lib/sqlite/recorder.ts",
    from: "if (stored === null || stored.heartbeats >= number) continue;",
    to: "if (stored === null) continue;",
  },
  {
    name: "what could not be written is remembered as if it had been",
    rule: 1,
    file: "lib/sqlite/writer.ts",
    from: "follower.rollBack();",
    to: "follower.commit();",
  },
  {
    name: "a flip is dated when a sweep notices it",
    rule: 3,
    file: "lib/app.ts",
    from: 'return {\n    appId: app.id,\n    at,\n    from: "up",',
    to: 'return {\n    appId: app.id,\n    at: now,\n    from: "up",',
  },
  {
    name: "a heartbeat at the deadline is in time",
    rule: 4,
    file: "lib/app.ts",
    from: "if (at === null || now < at) return null;",
    to: "if (at === null || now <= at) return null;",
  },
  {
    // Reading what has come, looking at the door and writing what is queued: any of them takes as
    // long as the others need.
    name: "a sweep judges before it has read and written what came",
    rule: 4,
    file: "lib/watch.ts",
    from: "    await arrivals.allRead();\n" +
      "    const next = await store.nextDeadline();\n" +
      "    if (next !== null && next <= now && !(await this.#isSure())) return 0;\n" +
      "    await store.flush();\n",
    to: "",
  },
  {
    name: "a sweep does not know what waits in the journal",
    rule: 4,
    file: "lib/sqlite/apps.ts",
    from: "if (waiting.length === 0) return found;",
    to: "if (waiting !== null) return found;",
  },
  {
    name: "a heartbeat after the deadline leaves out the fall before it",
    rule: 4,
    file: "lib/heartbeat.ts",
    from: "const fell = silence(app, heartbeat.at);",
    to: "const fell = silence(app, 0);",
  },
  {
    name: "debts are made outside the transaction of their flip",
    rule: 5,
    file: "lib/sqlite/history.ts",
    from: "this.#owe(id, stored, { flip, owedFrom, reason: mute?.reason ?? null });",
    to: "queueMicrotask(() => this.#owe(id, stored, { flip, owedFrom, reason: null }));",
  },
  {
    name: "a recovery is no news",
    rule: 10,
    file: "lib/flip.ts",
    from: 'flip.to === "down" || (flip.from === "down" && flip.to === "up")',
    to: 'flip.to === "down"',
  },
];
