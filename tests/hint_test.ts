import assert from "node:assert/strict";
import { type HintName, hintText } from "../lib/hint.ts";
import { errorHint, noAuthHint, replyHint, silenceHint } from "../lib/smtp/replies.ts";

const CONFIG = {
  host: "smtp.yandex.ru",
  port: 465,
  security: "starttls",
  login: { user: "me", password: "x" },
  authorities: null,
  from: "me@example.org",
  name: "example.org",
} as const;

Deno.test("what to do about a mail server is said in both languages, with the same settings in it", () => {
  const names = [
    replyHint({ asked: "AUTH", code: 535, enhanced: null }, CONFIG),
    replyHint({ asked: "STARTTLS", code: 502, enhanced: null }, CONFIG),
    errorHint("CERT_HAS_EXPIRED"),
    errorHint("ENOTFOUND"),
    errorHint("UNKNOWN"),
    silenceHint(CONFIG),
    noAuthHint(CONFIG),
  ].filter((each): each is HintName => each !== null);

  assert.equal(names.length, 7);
  for (const name of names) {
    const hint = { name, host: CONFIG.host };
    const named = (text: string) =>
      (text.match(/[A-Z]+_[A-Z_]+(=\w+)?|https:\S+|smtp[.]\S+[a-z]/g) ?? []).toSorted();
    assert.deepEqual(named(hintText(hint, "ru")), named(hintText(hint, "en")), name);
    assert.match(hintText(hint, "ru"), /^[А-Я].*\.$/);
  }
});
