/**
 * What an enhanced code tells, where it tells one thing.
 *
 * Registered ones as in https://www.iana.org/assignments/smtp-enhanced-status-codes,
 * those of Exchange Online as in Microsoft's list of non-delivery reports
 * (https://learn.microsoft.com/en-us/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online).
 * A code that providers use for all kinds of things, as 5.7.0, 5.7.1, 5.7.8 or
 * 5.2.0, is not here: their words tell, or the code of three digits.
 *
 * @module
 */

import type { HintName } from "../hint.ts";

/** What to do about a refusal, by its enhanced code; null where that does not tell. */
export function enhancedHint(
  { isLogin, enhanced }: {
    /** Whether it was the login that was refused. */
    readonly isLogin: boolean;
    readonly enhanced: string | null;
  },
): HintName | null {
  if (enhanced === null) return null;
  if (isLogin) return OF_LOGIN[enhanced] ?? null;
  return OF_MAIL[enhanced] ?? (BLOCKED.test(enhanced) ? "blocked" : null);
}

const OF_LOGIN: Readonly<Record<string, HintName>> = {
  "5.7.10": "login over TLS",
  "5.7.11": "login over TLS",
  "5.7.13": "account off",
  // Microsoft's.
  "5.7.139": "SMTP login off at Microsoft",
};

const OF_MAIL: Readonly<Record<string, HintName>> = {
  "5.1.1": "no such mailbox",
  "5.1.2": "check address",
  "5.1.3": "check address",
  "5.1.6": "no such mailbox",
  "5.1.7": "check sender",
  "5.1.8": "check sender",
  "5.1.10": "no such mailbox",
  "5.2.1": "mailbox off",
  // An admin can mend that before it becomes a refusal for good.
  "4.2.2": "mailbox full",
  "5.2.2": "mailbox full",
  "5.2.3": "letter too large",
  "5.3.4": "letter too large",
  "5.7.10": "TLS needed",
  "5.7.20": "domain not proven",
  "5.7.21": "domain not proven",
  "5.7.22": "domain not proven",
  "5.7.23": "domain not proven",
  "5.7.24": "domain not proven",
  "5.7.25": "domain not proven",
  "5.7.26": "domain not proven",
  "5.7.27": "check sender",
  "5.7.28": "sending limit",
  // Microsoft's.
  "5.1.90": "sending limit",
  "5.7.57": "login needed",
  "5.7.60": "sender not owned",
};

/** Microsoft's for an address of the network, or an account, from which it takes nothing. */
const BLOCKED = /^5\.7\.(50[1-3]|511|6\d\d|705|708|750)$/;
