import assert from "node:assert/strict";
import { englishHint, type HintName } from "../../lib/hint.ts";
import {
  type Asked,
  errorHint,
  isOfAddress,
  noAuthHint,
  replyHint,
} from "../../lib/smtp/replies.ts";
import { plainConfig } from "../support/smtp_try.ts";

const LOGIN = { user: "stillalive", password: "correct horse" };
const CONFIG = plainConfig(25, { host: "mail.example.test", login: LOGIN });

const REPLIES: readonly (readonly [string, Asked, number, string | null, RegExp | null])[] = [
  ["any 4yz", "AUTH", 454, "4.7.0", null],
  ["greylisting", "RCPT", 450, "4.2.0", null],
  ["a greeting of 554", "greeting", 554, null, /from this machine/],
  ["STARTTLS not offered", "STARTTLS", 502, "5.5.1", /SMTP_SECURITY=tls/],
  ["a wrong password", "AUTH", 535, "5.7.8", /^User name or password refused/],
  ["a wrong password, told by 534", "AUTH", 534, "5.7.9", /^User name or password refused/],
  ["a password in plain text", "AUTH", 538, "5.7.11", /only over TLS/],
  ["an unknown way to log in", "AUTH", 504, "5.5.4", /no way to log in/],
  ["a sender not owned", "MAIL", 553, "5.7.1", /^The sender is not owned .* MAIL_FROM/],
  ["a sender not owned, by 550", "MAIL", 550, "5.7.1", /^The sender is not owned .* MAIL_FROM/],
  ["a sender not owned, by 501", "MAIL", 501, "5.7.1", /^The sender is not owned .* MAIL_FROM/],
  ["a sender that does not exist", "MAIL", 550, "5.1.8", /check MAIL_FROM/],
  ["mail without a login", "MAIL", 530, "5.7.0", /SMTP_USER/],
  ["mail without TLS", "MAIL", 523, "5.7.10", /wants TLS/],
  ["a domain whose SPF fails", "MAIL", 550, "5.7.23", /SPF/],
  ["a machine that is blocked", "MAIL", 550, "5.7.606", /ask the provider/],
  ["an unknown mailbox", "RCPT", 550, "5.1.1", /no such mailbox/],
  ["a full mailbox", "RCPT", 552, "5.2.2", /mailbox is full/],
  ["a full mailbox that may have room later", "RCPT", 452, "4.2.2", /mailbox is full/],
  ["a mailbox that is switched off", "RCPT", 550, "5.2.1", /switched off/],
  ["an address that is none", "RCPT", 501, "5.1.3", /Check the address/],
  ["a forbidden address", "RCPT", 550, "5.7.1", /MAIL_FROM/],
  ["any other address", "RCPT", 550, null, null],
  ["suspected spam", "DATA", 554, "5.7.1", /suspects spam/],
  ["suspected spam, by 550", "DATA", 550, "5.7.1", /suspects spam/],
  ["a letter too large", "DATA", 552, "5.3.4", /too large/],
  ["any other letter", "DATA", 550, null, null],
];

Deno.test("replyHint() says what to do about", async (t) => {
  for (const [name, asked, code, enhanced, hint] of REPLIES) {
    await t.step(
      name,
      () => expectHint(replyHint({ asked, code, enhanced, words: "" }, CONFIG), hint),
    );
  }
});

const PROVIDERS: readonly (readonly [string, RegExp])[] = [
  ["smtp.yandex.ru", /^An app password is needed: .*id\.yandex\.ru/],
  ["smtp.yandex.com", /^An app password is needed: .*id\.yandex\.ru/],
  ["smtp.yandex.com.tr", /^An app password is needed: .*id\.yandex\.ru/],
  ["SMTP.YANDEX.NET", /^An app password is needed: .*id\.yandex\.ru/],
  ["smtp.gmail.com", /^An app password is needed: .*myaccount\.google\.com/],
  ["smtp-relay.gmail.com", /^An app password is needed: .*myaccount\.google\.com/],
  ["smtp.mail.ru", /^An app password is needed: .*account\.mail\.ru/],
  ["email-smtp.eu-west-1.amazonaws.com", /SMTP credentials of its own/],
  ["smtp.office365.com", /Authenticated SMTP/],
  ["smtp-mail.outlook.com", /Authenticated SMTP/],
  ["notmail.ru", /^User name or password refused/],
  ["notyandex.ru", /^User name or password refused/],
  ["yandex.ru.example.test", /^User name or password refused/],
];

Deno.test("replyHint() knows who wants another password than people know", async (t) => {
  for (const [host, hint] of PROVIDERS) {
    await t.step(host, () => {
      const reply = { asked: "AUTH", code: 535, enhanced: "5.7.8", words: "" } as const;
      expectHint(replyHint(reply, { ...CONFIG, host }), hint);
    });
  }
});

Deno.test("replyHint() asks for a login where there is none", () => {
  const reply = { asked: "RCPT", code: 554, enhanced: "5.7.1", words: "" } as const;
  expectHint(replyHint(reply, { ...CONFIG, login: null }), /SMTP_USER/);
});

const ERRORS: readonly (readonly [string, RegExp | null])[] = [
  ["ECONNREFUSED", /SMTP_PORT/],
  ["ENOTFOUND", /"mail\.example\.test": check SMTP_HOST/],
  ["EAI_AGAIN", /"mail\.example\.test": check SMTP_HOST/],
  ["EHOSTUNREACH", /firewall/],
  ["ETIMEDOUT", /firewall/],
  ["CERT_HAS_EXPIRED", /has expired/],
  ["SELF_SIGNED_CERT_IN_CHAIN", /SMTP_CA_FILE/],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", /SMTP_CA_FILE/],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", /SMTP_CA_FILE/],
  ["ERR_TLS_CERT_ALTNAME_INVALID", /not for "mail\.example\.test"/],
  ["ERR_SSL_WRONG_VERSION_NUMBER", /SMTP_SECURITY=starttls/],
  ["ECONNRESET", null],
];

Deno.test("errorHint() says what to do about", async (t) => {
  for (const [code, hint] of ERRORS) {
    await t.step(code, () => expectHint(errorHint(code), hint));
  }
});

Deno.test("noAuthHint() suspects that TLS is missing", () => {
  expectHint(noAuthHint(CONFIG), /SMTP_SECURITY=starttls or tls/);
  expectHint(noAuthHint({ ...CONFIG, security: "tls" }), /SMTP_PORT/);
});

const OF_ADDRESS: readonly (readonly [string, number, string | null, boolean])[] = [
  ["an unknown mailbox", 550, "5.1.1", true],
  ["a full mailbox", 552, "5.2.2", true],
  ["no enhanced code", 550, null, true],
  ["a domain that takes no mail", 556, "5.1.10", true],
  ["a login that is missing", 530, "5.7.0", false],
  ["a login that is missing, without an enhanced code", 530, null, false],
  ["a sender before this", 503, "5.5.1", false],
  ["the sender's syntax", 550, "5.1.7", false],
  ["the sender's domain", 550, "5.1.8", false],
  ["policy", 550, "5.7.1", false],
  ["a login that is missing at Microsoft", 550, "5.7.57", false],
  ["a network that is blocked", 550, "5.7.606", false],
  ["the sender's limit", 550, "5.1.90", false],
];

Deno.test("isOfAddress() tells whether a refusal at RCPT is about the address, by codes", async (t) => {
  for (const [name, code, enhanced, expected] of OF_ADDRESS) {
    await t.step(name, () => {
      assert.equal(isOfAddress({ asked: "RCPT", code, enhanced, words: "" }), expected);
    });
  }
});

/** One sentence that says what to do, or none at all. */
function expectHint(name: HintName | null, expected: RegExp | null): void {
  const text = englishHint(name === null ? null : { name, host: CONFIG.host });
  if (expected === null) return assert.equal(text, null);
  assert.match(text ?? "", expected);
  assert.match(text ?? "", /^[A-Z"].*\.$/);
}
