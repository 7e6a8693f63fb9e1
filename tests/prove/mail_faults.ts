/**
 * What can be wrong with a mail server, as rows of the fault matrix.
 *
 * @module
 */

import { type Duration, SECOND } from "../../lib/clock.ts";
import { LIMITS } from "../../lib/smtp/limits.ts";
import type { Act, Conduct, PostOffice } from "../support/post_office.ts";
import { DROP, SILENCE } from "../support/smtp_script.ts";
import type { Cue } from "../support/smtp_wire.ts";
import { badCertificate, crowded, type Door, noServer, noStartTls } from "./mail_doors.ts";

/** A fault. */
export interface MailFault {
  readonly name: string;
  readonly conduct: Conduct;
  readonly door: ((post: PostOffice) => Door | Promise<Door>) | null;
  readonly settings: Readonly<Record<string, string>>;
  /** How long a try may take that meets it. */
  readonly tryLimit: Duration;
  /** Whether it takes minutes to find out. */
  readonly isSlow: boolean;
  /** Whether it stands for others in a run that has no time. */
  readonly isExample: boolean;
  /** Whether the next try is to come by itself, and not because it is asked for. */
  readonly isLeftAlone: boolean;
}

const LOGIN = { SMTP_USER: "stillalive@example.test", SMTP_PASSWORD: "an-app-password" };

/** Two of them: one is refused. */
const TWO = { ADMIN_EMAILS: "refused@example.org,admin@example.org" };

/** From a heartbeat to the end of a try that meets no silence. */
const SOON: Duration = 10 * SECOND;

const PHASES: readonly Cue[] = ["greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "letter"];

const REPLIES = ["421 4.3.2 bye", "450 4.2.0 busy", "451 4.3.0 later", "452 4.3.1 no room"];

const GARBAGE = "\u0000\u0001 hm";

/** Silence at each point, and how long it is borne. */
const SILENCES: readonly (readonly [Cue, Duration])[] = [
  ["greeting", LIMITS.greeting],
  ["EHLO", LIMITS.command],
  ["AUTH", LIMITS.command],
  ["MAIL", LIMITS.command],
  ["RCPT", LIMITS.command],
  ["DATA", LIMITS.data],
  ["letter", LIMITS.finalReply],
];

/** Where a reply comes a byte a second, its code, and how long that is borne. */
const TRICKLES: readonly (readonly [Cue, number, Duration])[] = [
  ["greeting", 220, LIMITS.greeting],
  ["EHLO", 250, LIMITS.command],
  ["RCPT", 250, LIMITS.command],
  ["letter", 250, LIMITS.finalReply],
];

/** What takes longer than any limit, a byte a second. */
const ENDLESS = "-".repeat(2 * LIMITS.finalReply / SECOND);

/** All of them, in the order of issue 4's list. */
export const MAIL_FAULTS: readonly MailFault[] = [
  fault("connection refused", { door: noServer, isExample: true }),
  fault("connection refused, left alone", { door: noServer, isLeftAlone: true, isExample: true }),
  fault("no answer to a call", { door: crowded, tryLimit: LIMITS.lastCall, isSlow: true }),
  ...SILENCES.map(([cue, tryLimit]) =>
    fault(`silence at ${cue}`, { conduct: only(cue, SILENCE), tryLimit, isSlow: true })
  ),
  ...PHASES.flatMap((cue) =>
    REPLIES.map((reply) =>
      fault(`${reply.slice(0, 3)} at ${cue}`, {
        // To a client that says HELO then, too: it is no other phase.
        conduct: (at) => at === cue || (cue === "EHLO" && at === "HELO") ? reply : null,
        isExample: reply.startsWith("451") && cue === "letter",
      })
    )
  ),
  fault("451 at RCPT, left alone", { conduct: only("RCPT", "451 later"), isLeftAlone: true }),
  fault("550 for one address of two", {
    settings: TWO,
    conduct: (cue, to) => cue === "RCPT" && to?.startsWith("refused") ? "550 5.1.1 unknown" : null,
    isExample: true,
  }),
  fault("535: a wrong password", { conduct: only("AUTH", "535 5.7.8 not you"), isExample: true }),
  fault("certificate for another host", { door: (post) => badCertificate(post, "elsewhere") }),
  fault("expired certificate", {
    door: (post) => badCertificate(post, "expired"),
    isExample: true,
  }),
  fault("certificate of a foreign authority", { door: (post) => badCertificate(post, "foreign") }),
  fault("STARTTLS not offered", { door: noStartTls, isExample: true }),
  fault("dropped at the greeting", { conduct: only("greeting", DROP) }),
  fault("dropped at DATA", { conduct: only("DATA", DROP) }),
  fault("dropped after the final dot", { conduct: only("letter", DROP), isExample: true }),
  fault("dropped after the final dot, left alone", {
    conduct: only("letter", DROP),
    isLeftAlone: true,
  }),
  ...TRICKLES.map(([cue, code, tryLimit]) =>
    fault(`a byte a second at ${cue}`, {
      conduct: only(cue, { trickle: `${code} ${ENDLESS}` }),
      tryLimit,
      isSlow: true,
    })
  ),
  ...PHASES.map((cue) =>
    fault(`garbage at ${cue}`, {
      conduct: (at) => at === cue || (cue === "EHLO" && at === "HELO") ? GARBAGE : null,
    })
  ),
];

function fault(name: string, more: Partial<MailFault>): MailFault {
  const { tryLimit = 0, ...rest } = more;
  return {
    name,
    conduct: () => null,
    door: null,
    settings: LOGIN,
    isSlow: false,
    isExample: false,
    isLeftAlone: false,
    ...rest,
    tryLimit: tryLimit + SOON,
  };
}

function only(cue: Cue, act: Act): Conduct {
  return (at) => at === cue ? act : null;
}
