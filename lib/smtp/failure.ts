/**
 * Failures: what cut a step short, told to the admin.
 *
 * @module
 */

import type { NodemailerError } from "nodemailer/lib/errors";
import { SECOND } from "../clock.ts";
import type { SmtpConfig } from "../config.ts";
import type { HintName } from "../hint.ts";
import type { Failure } from "../outbox.ts";
import { wordsHint } from "./provider_words.ts";
import { reason } from "./reasons.ts";
import { type Asked, errorHint, type Reply, replyHint } from "./replies.ts";
import type { Break } from "./step.ts";

/** How far a try had come. */
export type Stage = "connect" | "greet" | "log in" | "letter" | "final reply";

/** Says what cut a step short: in the server's own words, if there are any. */
export function failure(broken: Break, stage: Stage, config: SmtpConfig): Failure {
  const said = (words: string, name: HintName | null): Failure => {
    const hint = name === null ? null : { name, host: config.host };
    return { reason: reason(words, config.login), hint };
  };
  const told = (state: string, name: HintName | null): Failure =>
    said(`${undone(stage, config)}: ${state}`, name);
  switch (broken.kind) {
    case "abort":
      return told("we were stopped", null);
    case "timeout": {
      const { state, limit, hint } = broken.wait;
      return told(`${state} within ${limit / SECOND} s`, hint);
    }
    case "error": {
      const { error } = broken;
      const reply = replyOf(error);
      // After a 421 nodemailer no longer says what it answered; the words are the server's all the same.
      if (error.response !== undefined && (reply !== null || error.responseCode === 421)) {
        const hint = reply === null ? wordsHint(wordsOf(error.response)) : replyHint(reply, config);
        return said(error.response, hint);
      }
      const code = codeOf(error);
      const { message } = error;
      const state = code === null || message.includes(code) ? message : `${message} (${code})`;
      return told(state, code === null ? null : errorHint(code));
    }
  }
}

/** The complete reply that an error of nodemailer stands for, or null if there was none. */
export function replyOf({ command, response, code }: NodemailerError): Reply | null {
  const asked = ASKED.find(([start]) => command?.startsWith(start))?.[1];
  const text = response ?? "";
  const codes = codesOf(text);
  if (asked === undefined || codes === null) return null;
  // What stood on the line when the connection closed may be half a reply.
  if (asked === "greeting" && code === "ECONNECTION") return null;
  return { asked, ...codes, words: wordsOf(text) };
}

/** The text of a reply without its codes, on one line: providers break theirs anywhere. */
function wordsOf(response: string): string {
  return response.split("\n").map((line) => line.replace(REPLY, "").trim()).join(" ");
}

/** The codes of a reply, or null if its lines do not agree on one. */
export function codesOf(response: string): Pick<Reply, "code" | "enhanced"> | null {
  const lines = response.split("\n").map((line) => REPLY.exec(line));
  const [code, enhanced] = lines[0]?.slice(1) ?? [];
  if (code === undefined || lines.some((line) => line?.[1] !== code)) return null;
  return { code: Number(code), enhanced: enhanced ?? null };
}

const REPLY = /^([2-5]\d\d)(?:[ -](?:(\d\.\d{1,3}\.\d{1,3})(?!\S))?|$)/;

/** Nodemailer's names for what was asked. */
const ASKED: readonly (readonly [string, Asked])[] = [
  ["CONN", "greeting"],
  ["EHLO", "EHLO"],
  ["HELO", "EHLO"],
  ["STARTTLS", "STARTTLS"],
  ["AUTH", "AUTH"],
  ["MAIL", "MAIL"],
  ["RCPT", "RCPT"],
  ["DATA", "DATA"],
];

/**
 * What Deno before 2.9 says about TLS has no codes; these names are its TLS
 * library's own.
 */
const TLS_CODES: readonly (readonly [RegExp, string])[] = [
  [/\bUnknownIssuer\b/, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"],
  [/\bCaUsedAsEndEntity\b/, "DEPTH_ZERO_SELF_SIGNED_CERT"],
  [/\bcertificate expired\b/, "CERT_HAS_EXPIRED"],
  [/\bcertificate not valid for name\b/, "ERR_TLS_CERT_ALTNAME_INVALID"],
  [/\bInvalidContentType\b/, "ERR_SSL_WRONG_VERSION_NUMBER"],
];

function codeOf(error: NodemailerError): string | null {
  const code = error.originalCode ?? error.code ?? null;
  if (error.name !== "InvalidData") return code;
  return TLS_CODES.find(([name]) => name.test(error.message))?.[1] ?? code;
}

/** What we could not do. */
function undone(stage: Stage, { host, port, login }: SmtpConfig): string {
  const server = `"${host}:${port}"`;
  switch (stage) {
    case "connect":
      return `Cannot connect to ${server}`;
    case "greet":
      return `Cannot start a session with ${server}`;
    case "log in":
      return `Cannot log in to ${server} as "${login?.user ?? ""}"`;
    case "letter":
      return `Cannot hand the letter to ${server}`;
    case "final reply":
      return `Cannot learn whether ${server} took the letter`;
  }
}
