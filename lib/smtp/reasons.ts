/**
 * Reasons: what a server, or the way to it, said, on one line and without
 * secrets.
 *
 * @module
 */

import type { SmtpConfig } from "../config.ts";
import { excerpt } from "../printable.ts";

/** The most of a reply that is kept, in code points: room for the longest that explain themselves. */
const REASON_LENGTH = 500;

const MASK = "***";

/** A reply's lines as one, or any other text, without the password that a server may repeat. */
export function reason(text: string, login: SmtpConfig["login"]): string {
  const line = text.split(/\r?\n/)
    .map((each, index) =>
      index === 0 ? each.replace(/^(\d{3})-/, "$1 ") : each.replace(/^\d{3}[ -]/, "")
    )
    .join(" ");
  const masked = secrets(login).reduce((rest, secret) => rest.replaceAll(secret, MASK), line);
  return excerpt(masked.trim(), REASON_LENGTH);
}

/** The password in each form that goes over the wire, the longest first. */
function secrets(login: SmtpConfig["login"]): readonly string[] {
  if (login === null) return [];
  const { user, password } = login;
  const plain = `\0${user}\0${password}`;
  return [base64(plain), base64(password), password, latin1(password)].filter((each) =>
    each !== ""
  );
}

/** Without padding, so that it is found with and without. */
function base64(text: string): string {
  return new TextEncoder().encode(text).toBase64({ omitPadding: true });
}

/** As nodemailer shows it in a reply that is not UTF-8. */
function latin1(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}
