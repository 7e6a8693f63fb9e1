/** What apps say, kept otherwise on purpose. */

import type { Mutation } from "./mutation.ts";

/** Of rule 13. */
export const SPEAKING: readonly Mutation[] = [
  {
    name: "a text in another encoding refuses the heartbeat",
    rule: 13,
    file: "lib/http/text_ends.ts",
    from: "const decoder = new TextDecoder();",
    to: 'const decoder = new TextDecoder("utf-8", { fatal: true });',
  },
  {
    name: "of a long text the end is not kept, where the error stands",
    rule: 13,
    file: "lib/message.ts",
    from: "return beginning + LEFT_OUT + text.slice(pointsBack(text, END_LENGTH));",
    to: "return beginning + LEFT_OUT + text.slice(pointsBack(text, 0 * END_LENGTH));",
  },
];
