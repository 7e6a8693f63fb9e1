import assert from "node:assert/strict";
import { type Hint, hintText } from "../lib/hint.ts";
import { errorHint, noAuthHint, replyHint, timeoutHint } from "../lib/smtp/replies.ts";

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
  const hints = [
    replyHint({ asked: "AUTH", code: 535, enhanced: null }, CONFIG),
    replyHint({ asked: "STARTTLS", code: 502, enhanced: null }, CONFIG),
    errorHint("CERT_HAS_EXPIRED", CONFIG),
    errorHint("UNKNOWN", CONFIG),
    timeoutHint("connect", CONFIG),
    noAuthHint(CONFIG),
  ].filter((each): each is Hint => each !== null);

  assert.equal(hints.length, 6);
  for (const hint of hints) {
    const named = (text: string) =>
      (text.match(/[A-Z]+_[A-Z_]+(=\w+)?|https:\S+/g) ?? []).toSorted();
    assert.deepEqual(named(hintText(hint, "ru")), named(hintText(hint, "en")), hint);
    assert.match(hintText(hint, "ru"), /^[А-Я].*\.$/);
  }
});
