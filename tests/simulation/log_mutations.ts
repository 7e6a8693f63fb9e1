/** What becomes of the log, broken on purpose. */

import type { Mutation } from "./mutation.ts";

/** Of rule 16. */
export const LOGGING: readonly Mutation[] = [
  {
    name: "what goes wrong with the log's output is handled by nobody",
    rule: 16,
    file: "lib/log_sink.ts",
    from: "    } catch {\n",
    to: "    } catch (error) {\n      if (error !== null) throw error;\n",
  },
  {
    name: "whoever tells something hears that the log is full",
    rule: 16,
    file: "lib/log_sink.ts",
    from: "      this.#dropped++;\n",
    to: '      throw new Error("The log is full");\n',
  },
  {
    name: "what waits for the log's reader has no limit",
    rule: 16,
    file: "lib/log_sink.ts",
    from: "if (length <= this.#room) {",
    to: "if (length > 0) {",
  },
  {
    name: "what is dropped is not told of",
    rule: 16,
    file: "lib/log_sink.ts",
    from: "this.#queue = missing === 0 ? [] : [missing];",
    to: "this.#queue = [];",
  },
  {
    name: "a line of which a part was taken is cut there",
    rule: 16,
    file: "lib/log_sink.ts",
    from: "this.#left = this.#left.subarray(taken);",
    to: "this.#left = new Uint8Array();",
  },
  {
    name: "a sweep waits until whoever reads the log has read of it",
    rule: 16,
    file: "worker.ts",
    from: "      await watch.sweep();\n",
    to: '      await log.info("sweep");\n      await watch.sweep();\n',
    // As it is, the log hands on nothing that one could wait for.
    also: [
      {
        file: "lib/log.ts",
        from: "    write(line({ time, level: each, event }, fields));",
        to: "    return write(line({ time, level: each, event }, fields));",
      },
      {
        file: "lib/log_sink.ts",
        from: "    this.#writing ??= Promise.resolve().then(() => this.#write());",
        to: "    return (this.#writing ??= Promise.resolve().then(() => this.#write())) as never;",
      },
    ],
  },
];
