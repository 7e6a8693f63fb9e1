import assert from "node:assert/strict";
import { checkedText } from "../../lib/cli/check.ts";

Deno.test("a check says what came of it, and what is still under way", () => {
  const rows = [
    [{ down: 1, sent: 2, waiting: 0, trying: 0 }, "1 newly down; letters: 2 sent"],
    [
      { down: 0, sent: 0, waiting: 1, trying: 0 },
      "0 newly down; letters: 0 sent, 1 not taken, see the log",
    ],
    [
      { down: 0, sent: 1, waiting: 0, trying: 2 },
      "0 newly down; letters: 1 sent; 2 under way: the mail server takes its time",
    ],
  ] as const;

  for (const [checked, text] of rows) assert.equal(checkedText(checked), `Checked: ${text}`);
});
