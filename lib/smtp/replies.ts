/**
 * Hints: what the admin should do about what a mail server, or the way to
 * it, said.
 *
 * @module
 */

import type { SmtpConfig } from "../config.ts";
import type { HintName } from "../hint.ts";
import { enhancedHint } from "./enhanced_codes.ts";
import { wordsHint } from "./provider_words.ts";

/** What a reply answered. */
export type Asked = "greeting" | "EHLO" | "STARTTLS" | "AUTH" | "MAIL" | "RCPT" | "DATA";

/** A reply, and what it answered. */
export interface Reply {
  readonly asked: Asked;
  readonly code: number;
  /** RFC 3463, like `5.7.1`. */
  readonly enhanced: string | null;
  /** The text of its lines, without their codes, as one. */
  readonly words: string;
}

/**
 * Whether a refusal at RCPT is the address's own. Some servers tell there what
 * they think of the sender: that it is to log in (530), out of turn (503), or
 * that policy is against it (5.7.z), which no other address would change.
 */
export function isOfAddress({ code, enhanced }: Reply): boolean {
  if (code === 530 || code === 503) return false;
  return enhanced === null || !/^5\.(?:7\.\d+|1\.[78]|1\.90)$/.test(enhanced);
}

/**
 * What to do about a refusal; null where nothing tells. By its enhanced code
 * first, which is the most exact, then by the words of providers we know, then
 * by its code.
 */
export function replyHint(reply: Reply, config: SmtpConfig): HintName | null {
  const { asked, enhanced, words } = reply;
  const isLogin = asked === "AUTH";
  return enhancedHint({ isLogin, enhanced }) ?? wordsHint(words) ?? codeHint(reply, config);
}

function codeHint({ asked, code, enhanced }: Reply, config: SmtpConfig): HintName | null {
  // 4yz means: later. We do come again, and there is nothing to mend.
  if (code < 500) return null;
  switch (asked) {
    case "greeting":
    case "EHLO":
      return "no relay";
    case "STARTTLS":
      return "no STARTTLS";
    case "AUTH":
      return loginHint(code, config);
    case "MAIL":
    case "RCPT":
      if (code === 530) return "login needed";
      return asked === "MAIL" ? senderHint(code, enhanced) : addressHint(code, enhanced, config);
    case "DATA":
      if (code === 552) return "letter too large";
      if (code === 554 || enhanced?.startsWith("5.7.")) return "spam";
      return null;
  }
}

/** What to do about an error that is not a reply, by its code, or null where that does not tell. */
export function errorHint(code: string): HintName | null {
  switch (code) {
    case "ECONNREFUSED":
      return "nothing listens";
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_NONAME":
    case "EAI_NODATA":
      return "unknown host";
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ETIMEDOUT":
      return "unreachable";
    case "ERR_SSL_WRONG_VERSION_NUMBER":
      return "no TLS here";
    case "CERT_HAS_EXPIRED":
      return "certificate expired";
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return "certificate of another";
    // Deno 2.9 also says so of a certificate that has expired.
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
      return "certificate not trusted";
    // All that Deno before 2.9 says when STARTTLS fails.
    case "UNKNOWN":
      return "not secured";
    default:
      return null;
  }
}

/** What to do about a server that cannot check a password on such a connection, or at all. */
export function noAuthHint({ security }: SmtpConfig): HintName {
  return security === "none" ? "login over TLS, or none" : "no login here";
}

/** Providers that want another password than the one that people know, by the names of their servers. */
const OWN_PASSWORDS: readonly (readonly [RegExp, HintName])[] = [
  [/(?:^|\.)(?:yandex\.[a-z]{2,3}(?:\.[a-z]{2})?|ya\.ru)$/i, "app password of Yandex"],
  [/(?:^|\.)(?:gmail|googlemail|google)\.com$/i, "app password of Google"],
  [/(?:^|\.)mail\.ru$/i, "app password of Mail.ru"],
  [/(?:^|\.)amazonaws\.com$/i, "credentials of Amazon"],
  [/(?:^|\.)(?:office365|outlook|hotmail)\.com$/i, "login at Microsoft"],
];

function loginHint(code: number, { host }: SmtpConfig): HintName {
  if (code === 538 || code === 530) return "login over TLS";
  if (code === 504) return "no way to log in";
  return OWN_PASSWORDS.find(([name]) => name.test(host))?.[1] ?? "wrong password";
}

function senderHint(code: number, enhanced: string | null): HintName | null {
  const isNotOwned = code === 553 || ((code === 550 || code === 501) && enhanced === "5.7.1");
  return isNotOwned ? "sender not owned" : null;
}

function addressHint(
  code: number,
  enhanced: string | null,
  { login }: SmtpConfig,
): HintName | null {
  if (code === 552) return "mailbox full";
  if (enhanced !== "5.7.1") return null;
  return login === null ? "login needed" : "not allowed there";
}
