/**
 * What the outbox and its letters say, in any language. Spans, instants and
 * numbers in words come in written out.
 *
 * @module
 */

import type { Language } from "../language.ts";
import type { LetterKind } from "../letter.ts";
import type { DebtState, MessageState } from "../store.ts";
import type { Tested } from "../test_letter.ts";
import { ENGLISH } from "./outbox_english.ts";
import { RUSSIAN } from "./outbox_russian.ts";

/** One language's words. */
export interface OutboxWords {
  readonly title: string;
  readonly state: Readonly<Record<MessageState, string>>;
  readonly kind: Readonly<Record<LetterKind, string>>;
  readonly debt: Readonly<Record<DebtState, string>>;
  /** Why a debt was suppressed, by the reasons that are kept; the mail server's words are not among them. */
  readonly reasons: Readonly<Record<string, string>>;

  readonly lettersTitle: string;
  readonly stateFilter: string;
  readonly anyState: string;
  readonly empty: string;
  readonly nothingFound: string;
  readonly more: string;
  readonly newest: string;

  readonly owedTitle: string;
  news(count: number): string;
  /** When its letter is first tried. */
  goesOut(span: string): string;
  readonly goesOutNow: string;
  readonly needsMail: string;

  readonly retry: string;
  readonly test: string;
  /** What came of a retry: letters that were taken, and that were not. */
  retried(sent: number, waiting: number): string;
  readonly nothingDue: string;
  readonly stillTrying: string;

  tries(count: number): string;
  /** Behind which span it is tried again. */
  again(span: string): string;
  readonly againNow: string;
  readonly noReply: string;

  readonly letter: {
    readonly to: string;
    readonly kind: string;
    readonly state: string;
    readonly begun: string;
    readonly written: string;
    readonly taken: string;
    readonly nextTry: string;
    readonly tries: string;
    readonly reply: string;
    readonly advice: string;
    readonly messageId: string;
    readonly news: string;
    readonly noNews: string;
    unlisted(count: number): string;
    readonly silent: string;
    readonly failed: string;
    readonly back: string;
    readonly unknown: string;
    readonly text: string;
    readonly html: string;
    /** What the text below is, by what became of the letter. */
    readonly isSent: string;
    readonly isFrozen: string;
    readonly isRewritten: string;
    readonly isUnderWay: string;
    readonly isClosed: string;
    /** For readers. */
    readonly masked: string;
    readonly toOutbox: string;
  };

  readonly tested: {
    readonly title: string;
    readonly none: string;
    /** When it was tried. */
    at(instant: string): string;
    outcome(outcome: Tested["result"]["outcome"], address: string): string;
    /** Since when it is tried. */
    underWay(instant: string): string;
    readonly again: string;
  };
}

/** The words of each language. */
export const OUTBOX_WORDS: Readonly<Record<Language, OutboxWords>> = {
  en: ENGLISH,
  ru: RUSSIAN,
};
