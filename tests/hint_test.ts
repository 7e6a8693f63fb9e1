import assert from "node:assert/strict";
import { englishHint, HINT_NAMES, hintText, silenceHint } from "../lib/hint.ts";

Deno.test("what to do about a mail server is said in both languages, with the same settings in it", async (t) => {
  for (const name of HINT_NAMES) {
    await t.step(name, () => {
      const hint = { name, host: "smtp.example.test" };
      const [english, russian] = [hintText(hint, "en"), hintText(hint, "ru")];
      const named = (text: string) =>
        [...new Set(text.match(/[A-Z]+_[A-Z_]+|https:\S+\w|smtp[.]\S+[a-z]/g) ?? [])].toSorted();

      assert.deepEqual(named(russian), named(english));
      assert.match(english, /^[A-Z][^\n]*\.$/);
      assert.match(russian, /^([А-Я]|Microsoft|Amazon)[^\n]*\.$/);
    });
  }
});

Deno.test("a server that does not greet is suspected of a port for TLS where TLS does not come first", () => {
  const host = "smtp.example.test";

  assert.match(englishHint(silenceHint({ host, security: "starttls" })) ?? "", /SMTP_SECURITY=tls/);
  assert.equal(silenceHint({ host, security: "tls" }), null);
});
