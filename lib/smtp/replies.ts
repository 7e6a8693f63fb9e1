/**
 * Hints: what the admin should do about what a mail server, or the way to
 * it, said.
 *
 * @module
 */

import type { SmtpConfig } from "../config.ts";

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
export function replyHint({ asked, code, enhanced }: Reply, config: SmtpConfig): string | null {
  // 4yz means: later. We do come again, and there is nothing to mend.
  if (code < 500) return null;
  switch (asked) {
    case "greeting":
    case "EHLO":
      return "The server takes no mail from this machine: use the one of your mail provider.";
    case "STARTTLS":
      return "The server does not offer STARTTLS: set SMTP_SECURITY=tls with its port for TLS, mostly SMTP_PORT=465.";
    case "AUTH":
      return loginHint(code, config);
    case "MAIL":
    case "RCPT":
      if (code === 530) return NEEDS_LOGIN;
      return asked === "MAIL" ? senderHint(code, enhanced) : addressHint(code, enhanced, config);
    case "DATA":
      if (code === 552) return "The letter is too large for the server, or the mailbox is full.";
      if (code === 554 || enhanced?.startsWith("5.7.")) return SUSPECTED_SPAM;
      return null;
  }
}

/** What to do about an error that is not a reply, by its code, or null where that does not tell. */
export function errorHint(code: string, config: SmtpConfig): string | null {
  switch (code) {
    case "ECONNREFUSED":
      return "Nothing listens there: check SMTP_HOST and SMTP_PORT, and whether the server runs.";
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_NONAME":
    case "EAI_NODATA":
      return `No address is known for "${config.host}": check SMTP_HOST, and the name server of this machine.`;
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ETIMEDOUT":
      return timeoutHint("connect", config);
    case "ERR_SSL_WRONG_VERSION_NUMBER":
      return "The server does not speak TLS on this port: set SMTP_SECURITY=starttls, mostly with SMTP_PORT=587.";
    case "CERT_HAS_EXPIRED":
      return "The server's certificate has expired: renew it there, and check the date of this machine.";
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return `The server's certificate is not for "${config.host}": set SMTP_HOST to the name that it is for.`;
    // Deno 2.9 also says so of a certificate that has expired.
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
      return "The server's certificate is of no trusted authority, or has expired: name a file with its authority in SMTP_CA_FILE, or have it renewed.";
    // All that Deno before 2.9 says when STARTTLS fails.
    case "UNKNOWN":
      return "The connection broke off while it was being secured: perhaps the certificate has expired, is not for the name in SMTP_HOST, or wants its authority in SMTP_CA_FILE.";
    default:
      return null;
  }
}

/** What to do about a server that is silent where it should speak. */
export function timeoutHint(when: "connect" | "greeting", config: SmtpConfig): string | null {
  if (when === "connect") {
    return "The server cannot be reached: check SMTP_HOST and SMTP_PORT, and whether a firewall or your provider blocks that port.";
  }
  // Who expects TLS waits for the client to begin it.
  return config.security === "tls"
    ? null
    : "Perhaps the server expects TLS from the start: try SMTP_SECURITY=tls, mostly with SMTP_PORT=465.";
}

/** What to do about a server that cannot check a password on such a connection, or at all. */
export function noAuthHint({ security }: SmtpConfig): string {
  return security === "none"
    ? "Many servers take a password only over TLS: set SMTP_SECURITY=starttls or tls, or unset SMTP_USER and SMTP_PASSWORD."
    : "The server takes no password on this port: try SMTP_PORT=587 or 465, or unset SMTP_USER and SMTP_PASSWORD.";
}

const NEEDS_LOGIN =
  "The server wants to know who sends: set SMTP_USER and SMTP_PASSWORD, and SMTP_SECURITY to starttls or tls.";

const SUSPECTED_SPAM =
  "The server suspects spam: set MAIL_FROM to your own address there, and look whether the provider has blocked the mailbox.";

const YANDEX = /(?:^|\.)(?:yandex\.[a-z]{2,3}(?:\.[a-z]{2})?|ya\.ru)$/i;

const GMAIL = /(?:^|\.)(?:gmail|googlemail|google)\.com$/i;

function loginHint(code: number, { host }: SmtpConfig): string {
  if (code === 538 || code === 530) {
    return "The server takes a password only over TLS: set SMTP_SECURITY=starttls or tls.";
  }
  if (code === 504) {
    return "The server knows no way to log in that we know (PLAIN, LOGIN, CRAM-MD5).";
  }
  if (YANDEX.test(host)) {
    return "An app password is needed: make one for mail at https://id.yandex.ru/security/app-passwords, set SMTP_PASSWORD to it, and allow mail programs in the mailbox's settings.";
  }
  if (GMAIL.test(host)) {
    return "An app password is needed: make one at https://myaccount.google.com/apppasswords and set SMTP_PASSWORD to it.";
  }
  return "User name or password refused: check SMTP_USER and SMTP_PASSWORD; many providers want an app password.";
}

function senderHint(code: number, enhanced: string | null): string | null {
  const isNotOwned = code === 553 || ((code === 550 || code === 501) && enhanced === "5.7.1");
  return isNotOwned
    ? "The sender is not owned by the user: set MAIL_FROM to the address of the account in SMTP_USER."
    : null;
}

function addressHint(code: number, enhanced: string | null, { login }: SmtpConfig): string | null {
  if (code === 552 || enhanced === "5.2.2") return "The mailbox is full.";
  if (enhanced === "5.1.1") return "There is no such mailbox: check the address.";
  if (enhanced !== "5.7.1") return null;
  return login === null
    ? NEEDS_LOGIN
    : "The server does not let this user send there: check MAIL_FROM and the address.";
}
