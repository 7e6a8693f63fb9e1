import assert from "node:assert/strict";
import fc from "fast-check";
import { TextEnds } from "../../lib/http/text_ends.ts";
import { keptMessage } from "../../lib/message.ts";

/** How many bytes of a text are held at most. */
const HELD = 30_000;

Deno.test("what is kept of a text in pieces is what would be kept of it whole", () => {
  // Letters of one to four bytes, and bytes that are none.
  const units = ["x", "я", "€", "😀", "\n"].map((unit) => [...new TextEncoder().encode(unit)]);
  const unit = fc.constantFrom(...units, [0xcf], [0xff]);
  const texts = fc.tuple(
    fc.array(unit, { minLength: 20, maxLength: 40 }),
    fc.integer({ min: 1, max: 900 }),
    fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 9 }),
  );
  fc.assert(
    fc.property(texts, ([some, times, sizes]) => {
      const bytes = new Uint8Array(Array.from({ length: times }, () => some.flat()).flat());
      const ends = new TextEnds();
      for (let at = 0, piece = 0; at < bytes.length; piece++) {
        const size = sizes[piece % sizes.length] ?? 1;
        ends.add(bytes.subarray(at, at + size));
        at += size;
      }

      const kept = keptMessage(ends.text());

      assert.deepEqual(kept, keptMessage(new TextDecoder().decode(bytes)));
    }),
    { numRuns: 200 },
  );
});

Deno.test("however long a text is, no more of it is held", () => {
  const ends = new TextEnds();
  const piece = new Uint8Array(64 * 1024).fill("x".charCodeAt(0));

  for (let count = 0; count < 1_000; count++) ends.add(piece);
  ends.add(new TextEncoder().encode("the last line"));

  assert.ok(ends.text().length < HELD);
  assert.ok(ends.text().endsWith("xthe last line"));
});
