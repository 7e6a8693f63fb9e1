/**
 * What a running program can say of itself.
 *
 * @module
 */

import type { EffectiveSetting } from "./effective_settings.ts";

/** What it is and how it is set up. No secret is in it. */
export interface About {
  readonly version: string;
  /** What runs it, and on what: `Deno 2.9.6, x86_64-unknown-linux-gnu`. */
  readonly runtime: string;
  /** As the `config` command shows them. */
  readonly settings: readonly EffectiveSetting[];
}
