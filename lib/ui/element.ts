/**
 * What a component makes.
 *
 * @module
 */

import type { HtmlEscapedString } from "hono/utils/html";

/** As Hono's JSX has it; none of ours is a promise. */
export type Element = HtmlEscapedString | Promise<HtmlEscapedString>;
