/**
 * What the big providers say where their codes do not tell, in their words and
 * with the source of each.
 *
 * Only hints hang on these. What becomes of a letter is decided by codes.
 *
 * @module
 */

import type { HintName } from "../hint.ts";

/** Words of a provider. */
interface Known {
  readonly words: RegExp;
  readonly hint: HintName;
  /** Where the provider says so, or else who met it and what the provider says is to be done. */
  readonly source: string;
}

/** What to do about these words of a server; null where they are of nobody we know. */
export function wordsHint(words: string): HintName | null {
  return KNOWN.find((each) => each.words.test(words))?.hint ?? null;
}

const YANDEX: readonly Known[] = [
  {
    words: /user does not have access rights to this service/i,
    hint: "app password of Yandex",
    source: "535 5.7.8 of smtp.yandex.ru; https://id.yandex.ru/security/app-passwords",
  },
  {
    words: /rejected under suspicion of spam/i,
    hint: "spam",
    source: "https://yandex.com/support/mail/bounces/yandex.html",
  },
  {
    words: /client host \S+ blocked using|blocked by spam statistics/i,
    hint: "blocked",
    source: "https://yandex.com/support/mail/bounces/yandex.html",
  },
];

const GOOGLE: readonly Known[] = [
  {
    words: /application-specific password required|username and password not accepted/i,
    hint: "app password of Google",
    source: "https://support.google.com/a/answer/3726730",
  },
  {
    words: /log in (with|via) your web browser/i,
    hint: "log in by browser",
    source: "https://support.google.com/a/answer/3726730",
  },
  {
    words:
      /daily (user|smtp relay) sending (limit|quota) exceeded|daily smtp relay limit exceeded/i,
    hint: "sending limit",
    source: "https://support.google.com/a/answer/3726730",
  },
  {
    words: /unusual rate of unsolicited mail/i,
    hint: "blocked",
    source: "https://support.google.com/a/answer/3726730",
  },
  {
    words: /this message is likely unsolicited mail/i,
    hint: "spam",
    source: "https://support.google.com/a/answer/3726730",
  },
];

const MICROSOFT: readonly Known[] = [
  {
    words: /basic authentication is (not supported|disabled)/i,
    hint: "SMTP login off at Microsoft",
    source:
      "https://techcommunity.microsoft.com/blog/exchange/exchange-online-to-retire-basic-auth-for-client-submission-smtp-auth/4114750",
  },
  {
    words: /smtpclientauthentication is disabled/i,
    hint: "SMTP login off at Microsoft",
    source:
      "https://learn.microsoft.com/en-us/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission",
  },
  {
    words: /SendAsDenied|not have permissions? to send as this sender/i,
    hint: "sender not owned",
    source: "554 5.2.0 and 550 5.7.60 of smtp.office365.com; " +
      "https://learn.microsoft.com/en-us/previous-versions/office/developer/exchange-server-2007/aa494038(v=exchg.80)",
  },
  {
    words: /SubmissionQuotaExceeded/i,
    hint: "sending limit",
    source: "554 5.2.0 of smtp.office365.com; " +
      "https://learn.microsoft.com/en-us/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits",
  },
  {
    words: /OutboundSpamException/i,
    hint: "blocked",
    source: "554 5.2.0 of smtp.office365.com; " +
      "https://learn.microsoft.com/en-us/defender-office-365/outbound-spam-restore-restricted-users",
  },
];

const MAIL_RU: readonly Known[] = [
  {
    words: /parol prilozheniya|application password is required/i,
    hint: "app password of Mail.ru",
    source: "535 5.7.0 of smtp.mail.ru; https://help.mail.ru/mail/security/protection/external/",
  },
  {
    words: /spam message (rejected|discarded)/i,
    hint: "spam",
    source: "550 of smtp.mail.ru; https://help.mail.ru/engmail-help/spam/faq",
  },
  {
    words: /message sending for this account is disabled/i,
    hint: "account off",
    source: "550 of smtp.mail.ru; https://mailout.ru/2015/09",
  },
];

const AMAZON: readonly Known[] = [
  {
    words: /email address is not verified/i,
    hint: "unverified at Amazon",
    source: "https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html",
  },
  {
    words: /maximum sending rate exceeded|daily message quota exceeded/i,
    hint: "sending limit",
    source: "https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html",
  },
];

/** Said by many, of a connection in plain text. */
const ANYBODY: readonly Known[] = [
  {
    words: /must issue a starttls command first/i,
    hint: "TLS needed",
    source: "RFC 3207, 4",
  },
];

const KNOWN = [...YANDEX, ...GOOGLE, ...MICROSOFT, ...MAIL_RU, ...AMAZON, ...ANYBODY];
