/**
 * Hints: what the admin should do about what a mail server, or the way to
 * it, said.
 *
 * @module
 */

import type { SmtpConfig } from "../config.ts";
import type { HintName } from "../hint.ts";

/** What a reply answered. */
export type Asked = "greeting" | "EHLO" | "STARTTLS" | "AUTH" | "MAIL" | "RCPT" | "DATA";

/** A reply's codes, and what it answered. */
export interface Reply {
  readonly asked: Asked;
  readonly code: number;
  /** RFC 3463, like `5.7.1`. */
  readonly enhanced: string | null;
}

/** What to do about a refusal, or null where its codes do not tell. */
export function replyHint({ asked, code, enhanced }: Reply, config: SmtpConfig): HintName | null {
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

/** What to do about a server that does not greet. Who expects TLS waits for the client to begin it. */
export function silenceHint({ security }: Pick<SmtpConfig, "security">): HintName | null {
  return security === "tls" ? null : "TLS at once";
}

/** What to do about a server that cannot check a password on such a connection, or at all. */
export function noAuthHint({ security }: SmtpConfig): HintName {
  return security === "none" ? "login over TLS, or none" : "no login here";
}

const YANDEX = /(?:^|\.)(?:yandex\.[a-z]{2,3}(?:\.[a-z]{2})?|ya\.ru)$/i;

const GMAIL = /(?:^|\.)(?:gmail|googlemail|google)\.com$/i;

function loginHint(code: number, { host }: SmtpConfig): HintName {
  if (code === 538 || code === 530) {
    return "login over TLS";
  }
  if (code === 504) {
    return "no way to log in";
  }
  if (YANDEX.test(host)) {
    return "app password of Yandex";
  }
  if (GMAIL.test(host)) {
    return "app password of Google";
  }
  return "wrong password";
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
  if (code === 552 || enhanced === "5.2.2") return "mailbox full";
  if (enhanced === "5.1.1") return "no such mailbox";
  if (enhanced !== "5.7.1") return null;
  return login === null ? "login needed" : "not allowed there";
}
