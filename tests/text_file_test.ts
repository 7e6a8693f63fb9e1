import assert from "node:assert/strict";
import { textOf } from "../lib/text_file.ts";

const TEXT = "SMTP_PASSWORD='пароль#😀'\r\n";

function utf16(text: string, isLittle: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * text.length));
  Array.from(
    { length: text.length },
    (_, at) => view.setUint16(2 * at, text.charCodeAt(at), isLittle),
  );
  return new Uint8Array(view.buffer);
}

Deno.test("a file is read in UTF-8 and in UTF-16, with its byte order mark", async (t) => {
  const cases: readonly (readonly [string, Uint8Array])[] = [
    ["UTF-8", new TextEncoder().encode(TEXT)],
    ["UTF-8 with a mark", new TextEncoder().encode(`\ufeff${TEXT}`)],
    ["UTF-16, little end first", utf16(`\ufeff${TEXT}`, true)],
    ["UTF-16, big end first", utf16(`\ufeff${TEXT}`, false)],
  ];
  for (const [name, bytes] of cases) {
    await t.step(name, () => assert.equal(textOf(bytes), TEXT));
  }
});

Deno.test("a file in UTF-16 without a mark is refused", () => {
  const says = /^it is not in UTF-8; save it in that$/;

  for (const isLittle of [true, false]) {
    assert.throws(() => textOf(utf16(TEXT, isLittle)), { name: "TypeError", message: says });
  }
});

Deno.test("what is not in UTF-8 is read as far as it is", () => {
  const bytes = new Uint8Array([...new TextEncoder().encode("# "), 0xef, 0xe0, 0x0a, 0x50]);

  assert.equal(textOf(bytes), "# \ufffd\ufffd\nP");
});
