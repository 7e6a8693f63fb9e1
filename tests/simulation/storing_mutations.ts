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
    name: "a sweep judges before it writes the queued heartbeats",
    rule: 4,
    file: "lib/watch.ts",
    from: "    await drained();\n    await this.#parts.store.flush();\n    return",
    to: "    return",
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
    from: "this.#owe(id, flip, { owedFrom, reason: mute?.reason ?? null });",
    to: "queueMicrotask(() => this.#owe(id, flip, { owedFrom, reason: mute?.reason ?? null }));",
  },
  {
    name: "a recovery is no news",
    rule: 10,
    file: "lib/flip.ts",
    from: 'flip.to === "down" || (flip.from === "down" && flip.to === "up")',
    to: 'flip.to === "down"',
  },
];
