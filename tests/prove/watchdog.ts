/**
 * Another monitor, which is asked while all is well, and notes when.
 *
 * @module
 */

import type { Instant } from "../../lib/clock.ts";

/** Answers until it is disposed of. */
export class Watchdog implements AsyncDisposable {
  readonly askedAt: Instant[] = [];
  readonly #server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    this.askedAt.push(Date.now());
    return new Response("heard");
  });

  /** Where it is asked. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/ping`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}
