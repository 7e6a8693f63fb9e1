import assert from "node:assert/strict";
import type { HintName } from "../../lib/hint.ts";
import { wordsHint } from "../../lib/smtp/provider_words.ts";
import { scriptedServer } from "../support/smtp_script.ts";
import type { Cue } from "../support/smtp_wire.ts";
import { plainConfig, type Result, tryToSend } from "../support/smtp_try.ts";

const LOGIN = { user: "stillalive", password: "correct horse" };

type Outcome = Result["outcome"];

/** What a provider says where, as it goes over the wire; what becomes of the try, and what is to be done. */
type Row = readonly [string, Cue, string, Outcome, HintName | null];

const YANDEX: readonly Row[] = [
  [
    "an app password, and mail programs that are not allowed",
    "AUTH",
    "535 5.7.8 Error: authentication failed: This user does not have access rights to this service",
    "unreachable",
    "app password of Yandex",
  ],
  [
    "spam",
    "letter",
    "554 5.7.1 Message rejected under suspicion of SPAM; https://ya.cc/1IrBc 1665519620-lIqkcXR7PM",
    "rejected",
    "spam",
  ],
  [
    "a sender that is not the user's",
    "MAIL",
    "553 5.7.1 Sender address rejected: not owned by auth user.",
    "rejected",
    "sender not owned",
  ],
];

const GOOGLE: readonly Row[] = [
  [
    "an app password",
    "AUTH",
    "534-5.7.9 Application-specific password required. For more information, go to\n" +
    "534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor - gsmtp",
    "unreachable",
    "app password of Google",
  ],
  [
    "a password that is not taken",
    "AUTH",
    "535-5.7.8 Username and Password not accepted. For more information, go to\n" +
    "535 5.7.8  https://support.google.com/mail/?p=BadCredentials - gsmtp",
    "unreachable",
    "app password of Google",
  ],
  [
    "a login that it blocks",
    "AUTH",
    "534-5.7.14 <https://accounts.google.com/signin/continue?sarp=1> Please log in via\n" +
    "534-5.7.14 your web browser and then try again.\n" +
    "534 5.7.14  https://support.google.com/mail/answer/78754 - gsmtp",
    "unreachable",
    "log in by browser",
  ],
  [
    "the day's limit",
    "MAIL",
    "550-5.4.5 Daily user sending limit exceeded. For more information on Gmail\n" +
    "550 5.4.5 sending limits go to https://support.google.com/a/answer/166852 - gsmtp",
    "rejected",
    "sending limit",
  ],
  [
    "a machine that it takes for a spammer's",
    "letter",
    "421-4.7.0 Our system has detected an unusual rate of unsolicited mail\n" +
    "421 4.7.0 originating from your IP address. - gsmtp",
    "deferred",
    "blocked",
  ],
  ["a passing fault", "letter", "421 4.7.0 Try again later, closing connection", "deferred", null],
];

const MICROSOFT: readonly Row[] = [
  [
    "SMTP login that is off for all",
    "AUTH",
    "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the " +
    "Tenant. Visit https://aka.ms/smtp_auth_disabled for more information. [FR3P281CA0001]",
    "unreachable",
    "SMTP login off at Microsoft",
  ],
  [
    "SMTP login that is off for good",
    "MAIL",
    "550 5.7.30 Basic authentication is not supported for Client Submission.",
    "rejected",
    "SMTP login off at Microsoft",
  ],
  [
    "a login that is missing",
    "MAIL",
    "530 5.7.57 Client not authenticated to send mail. [BN1P110CA0052]",
    "rejected",
    "login needed",
  ],
  [
    "a sender that is not the user's",
    "letter",
    "554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; " +
    "Failed to process message due to a permanent exception with message Cannot submit message.",
    "rejected",
    "sender not owned",
  ],
  [
    "the same in newer words",
    "letter",
    "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
    "rejected",
    "sender not owned",
  ],
  [
    "an account that it takes for a spammer's",
    "letter",
    "554 5.2.0 STOREDRV.Submission.Exception:OutboundSpamException; WASCL UserAction verdict",
    "rejected",
    "blocked",
  ],
  [
    "the day's limit",
    "letter",
    "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException",
    "rejected",
    "sending limit",
  ],
  [
    "a network that it takes nothing from, which is not the address's fault",
    "RCPT",
    "550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP.",
    "rejected",
    "blocked",
  ],
];

const MAIL_RU: readonly Row[] = [
  [
    "an app password",
    "AUTH",
    "535 5.7.0 NEOBHODIM parol prilozheniya https://help.mail.ru/mail/security/protection/external/ " +
    "/ Application password is REQUIRED",
    "unreachable",
    "app password of Mail.ru",
  ],
  [
    "spam",
    "letter",
    "550 spam message rejected. Please visit http://help.mail.ru/notspam-support/id?c=37o1",
    "rejected",
    "spam",
  ],
  [
    "an account that may not send",
    "MAIL",
    "550 Message sending for this account is disabled.",
    "rejected",
    "account off",
  ],
];

const AMAZON: readonly Row[] = [
  [
    "an address that is not verified",
    "letter",
    "554 Message rejected: Email address is not verified. The following identities failed the " +
    "check in region EU-WEST-1: stillalive@example.test",
    "rejected",
    "unverified at Amazon",
  ],
  [
    "its limit, which passes",
    "letter",
    "454 Throttling failure: Maximum sending rate exceeded.",
    "deferred",
    "sending limit",
  ],
];

const PROVIDERS = {
  Yandex: YANDEX,
  Google: GOOGLE,
  Microsoft: MICROSOFT,
  "Mail.ru": MAIL_RU,
  Amazon: AMAZON,
};

for (const [provider, rows] of Object.entries(PROVIDERS)) {
  Deno.test(`the words of ${provider} tell what to do, and decide nothing`, async (t) => {
    for (const [name, cue, reply, outcome, hint] of rows) {
      await t.step(name, async () => {
        await using server = scriptedServer({ [cue]: reply });

        const result = await tryToSend(plainConfig(server.port, { login: LOGIN }));

        assert.equal(result.outcome, outcome);
        assert.equal("hint" in result ? result.hint?.name ?? null : undefined, hint);
      });
    }
  });
}

Deno.test("words that are nobody's tell nothing", () => {
  assert.equal(wordsHint("no such user here"), null);
});
