import assert from "node:assert/strict";
import { letter } from "../../lib/letter.ts";
import { pack } from "../../lib/smtp/mime.ts";
import { readLetter } from "../support/letter_reader.ts";
import { back, facts, failing, many, silent, stillDown, style } from "../support/letters.ts";
import { MAIL } from "../support/smtp_try.ts";

Deno.test("a letter is read as it was written", async () => {
  const told = facts({
    down: [...many(3, silent), failing("billing")],
    back: [back("77")],
    stillDown: stillDown("backup", "printer-2"),
  });
  const mail = { ...MAIL, ...letter(told, style("en")) };
  const { bytes } = await pack(mail, "stillalive@example.test");

  const read = await readLetter({
    at: 0,
    to: MAIL.to,
    raw: new TextDecoder("latin1").decode(bytes),
    messageId: MAIL.messageId,
    fate: "taken",
  });

  assert.equal(read.subject, mail.subject);
  assert.deepEqual(read.named, {
    down: ["1", "2", "3", "billing"],
    back: ["77"],
    away: [],
    "still down": ["backup", "printer-2"],
  });
  assert.deepEqual(read.counted, { down: 4, back: 1, away: 0, "still down": 2 });
});
