/**
 * The Mailer on nodemailer, by its lower parts, so that it is certain how far
 * each try came.
 *
 *  connect · greeting · EHLO · STARTTLS · AUTH | MAIL · RCPT · DATA · letter | final dot · reply
 *                  unreachable                 |          deferred           |    unanswered
 *
 * That is what becomes of a try that breaks off there; a complete reply
 * decides by its code.
 *
 * @module
 */

import type { SmtpConfig } from "../config.ts";
import type { Call, Connection, Delivery, Mail, Mailer } from "../outbox.ts";
import { codesOf, failure, replyOf, type Stage } from "./failure.ts";
import { LIMITS, type Limits } from "./limits.ts";
import { type Handover, Line } from "./line.ts";
import { isAddress, pack, type Parcel } from "./mime.ts";
import { reason } from "./reasons.ts";
import { isOfAddress, noAuthHint } from "./replies.ts";
import type { Break } from "./step.ts";

/**
 * A mailer for the server of the settings.
 *
 * With `security: "none"` a password goes in plain text: whoever sets that
 * has said so.
 */
export function smtpMailer(config: SmtpConfig, limits: Limits = LIMITS): Mailer {
  return { connect: (signal) => connect(config, limits, signal) };
}

async function connect(config: SmtpConfig, limits: Limits, signal: AbortSignal): Promise<Call> {
  const line = await Line.open(config, limits, signal);
  if (!(line instanceof Line)) return unreachable(line, "connect", config);
  const ungreeted = await line.greet();
  if (ungreeted !== null) {
    line.leave(ungreeted);
    return unreachable(ungreeted, "greet", config);
  }
  return {
    outcome: "greeted",
    logIn: () => logIn(line, config),
    close: () => line.leave(null),
  };
}

async function logIn(line: Line, config: SmtpConfig): Promise<Connection> {
  const { login, host, port } = config;
  if (login !== null && !line.hasAuth) {
    line.leave(null);
    const state = `Cannot log in to "${host}:${port}": it does not offer AUTH`;
    const hint = { name: noAuthHint(config), host };
    return { outcome: "unreachable", reason: reason(state, login), hint };
  }
  const denied = login === null ? null : await line.logIn(login);
  if (denied !== null) {
    line.leave(denied);
    return unreachable(denied, "log in", config);
  }
  const session = { send: (mail: Mail) => send(line, mail, config), close: () => line.leave(null) };
  return { outcome: "ready", session };
}

function unreachable(
  broken: Break,
  stage: Stage,
  config: SmtpConfig,
): Extract<Call, { readonly outcome: "unreachable" }> {
  return { outcome: "unreachable", ...failure(broken, stage, config) };
}

async function send(line: Line, mail: Mail, config: SmtpConfig): Promise<Delivery> {
  if (!isAddress(mail.to)) {
    const state = `Cannot mail to "${mail.to}": it is not an address`;
    const hint = { name: "check address", host: config.host } as const;
    return { outcome: "refused", reason: reason(state, config.login), hint };
  }
  let parcel: Parcel;
  try {
    parcel = await pack(mail, config.from);
  } catch (cause) {
    const state = `Cannot write the letter "${mail.messageId}": ${cause}`;
    return { outcome: "deferred", reason: reason(state, config.login), hint: null };
  }
  return delivery(await line.hand(parcel), config);
}

/** What became of a letter. When in doubt, the server may have it. */
function delivery({ broken, reply, isDotSent }: Handover, config: SmtpConfig): Delivery {
  if (broken === null && isDotSent && codesOf(reply) !== null) {
    return { outcome: "sent", reply: reason(reply, config.login) };
  }
  const stage = isDotSent ? "final reply" : "letter";
  const told = failure(broken ?? nonsense(reply), stage, config);
  const answer = broken?.kind === "error" ? replyOf(broken.error) : null;
  const isToLetter = answer?.asked === "MAIL" || answer?.asked === "RCPT" ||
    answer?.asked === "DATA";
  if (answer !== null && isToLetter && answer.code >= 400) {
    if (answer.code < 500) return { outcome: "deferred", ...told };
    const isRefused = answer.asked === "RCPT" && isOfAddress(answer);
    return { outcome: isRefused ? "refused" : "rejected", ...told };
  }
  return { outcome: isDotSent ? "unanswered" : "deferred", ...told };
}

/** A yes that cannot be one: to a letter that was not sent whole, or of lines that are not all a yes. */
function nonsense(reply: string): Break {
  return { kind: "error", error: new Error(`the answer makes no sense: "${reply}"`) };
}
