import assert from "node:assert/strict";
import fc from "fast-check";
import {
  BEGINNING_LENGTH,
  END_LENGTH,
  keptMessage,
  LEFT_OUT,
  MESSAGE_LENGTH,
} from "../lib/message.ts";

Deno.test("a message is kept whole up to 4,096 characters, whatever they are made of", () => {
  for (const unit of ["x", "я", "😀"]) {
    const text = unit.repeat(MESSAGE_LENGTH);
    assert.deepEqual(keptMessage(text), { message: text, isTruncated: false });
  }
});

Deno.test("of a longer message the beginning and the end are kept, with the error line at its end", () => {
  const lines = Array.from({ length: 100_000 }, (_, line) => `step ${line} of the backup: ok\n`);
  const text = `backup of shop begins\n${lines.join("")}disk full: 0 of 80 GB left`;

  const { message, isTruncated } = keptMessage(text);

  assert.equal(isTruncated, true);
  assert.ok(message.startsWith("backup of shop begins\nstep 0 of the backup: ok\n"));
  assert.ok(message.endsWith("\nstep 99999 of the backup: ok\ndisk full: 0 of 80 GB left"));
  assert.equal(message.length, BEGINNING_LENGTH + LEFT_OUT.length + END_LENGTH);
});

Deno.test("a message is cut between its characters, from both ends", () => {
  // Halves of pairs and what is made of one unit, in every order.
  const text = fc.string({ unit: "binary", minLength: 4_000, maxLength: 9_000 });
  fc.assert(
    fc.property(text, (given) => {
      const points = Array.from(given.toWellFormed().replaceAll("\0", "\u2400"));
      const expected = points.length <= MESSAGE_LENGTH ? points.join("") : [
        ...points.slice(0, BEGINNING_LENGTH),
        LEFT_OUT,
        ...points.slice(-END_LENGTH),
      ].join("");

      assert.equal(keptMessage(given).message, expected);
    }),
    { numRuns: 50 },
  );
});

Deno.test("what a database would not give back as it was is replaced in both ends", () => {
  const text = `\0${"x".repeat(MESSAGE_LENGTH)}\ud800`;

  const { message } = keptMessage(text);

  assert.ok(message.startsWith("\u2400x"));
  assert.ok(message.endsWith("x\ufffd"));
});
