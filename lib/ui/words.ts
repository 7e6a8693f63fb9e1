/**
 * What the pages say, in any language. Spans, instants and numbers come in
 * written out; what stands in a sentence is a function.
 *
 * @module
 */

import type { Status } from "../app.ts";
import type { GapCause } from "../gap.ts";
import type { Language } from "../language.ts";
import type { Standing } from "../timeline.ts";
import type { AppWords } from "./app_words.ts";
import { ENGLISH } from "./words_english.ts";
import { RUSSIAN } from "./words_russian.ts";

/** One language's words. */
export interface Words {
  readonly status: Readonly<Record<Status, string>>;
  readonly standing: Readonly<Record<Standing, string>>;
  readonly gapCause: Readonly<Record<GapCause, string>>;

  readonly frame: {
    readonly overview: string;
    readonly outbox: string;
    readonly gaps: string;
    readonly maintenance: string;
    readonly settings: string;
    readonly logOut: string;
    /** What the way to the other pages is called, for those who do not see it. */
    readonly pages: string;
    /** For those who jump over what is the same on every page. */
    readonly skip: string;
    /** Which clock the times are read from. */
    zone(name: string): string;
  };

  readonly login: {
    readonly title: string;
    readonly token: string;
    readonly hint: string;
    readonly button: string;
    readonly codeHint: string;
    readonly refused: string;
    wait(span: string): string;
  };

  readonly overview: {
    /** No app at all. */
    readonly empty: string;
    readonly welcome: string;
    /** Under the first heartbeat to be sent. */
    readonly waiting: string;
    /** All apps there are. */
    allWell(apps: number): string;
    /** Of those that are judged, where others are not. */
    watchedWell(apps: number): string;
    /** All are well, as said, and some of them late. */
    late(well: string, apps: { readonly late: number; readonly well: number }): string;
    down(apps: number, span: string): string;
    /** Behind the sentence that some are down. */
    unknownToo(apps: number): string;
    /** None is known to be down. */
    unknown(apps: number, well: number): string;
    /** There are apps, and none of them is judged. */
    readonly unwatched: string;
    readonly nothingFound: string;
    readonly search: string;
    readonly searchHint: string;
    readonly anyStatus: string;
    readonly statusFilter: string;
    readonly tagFilter: string;
    readonly find: string;
    readonly clear: string;
    readonly app: string;
    readonly lastHeartbeat: string;
    readonly lastDay: string;
    readonly uptime: string;
    /** Of which time the shares are. */
    readonly shares: string;
    readonly never: string;
    /** What keeps an app's alarm, or its reminders, back for now. */
    readonly marks: {
      snoozed(until: string): string;
      maintenance(until: string): string;
      readonly acknowledged: string;
    };
    readonly more: string;
    readonly first: string;
    ago(span: string): string;
    strip(parts: readonly string[]): string;
  };

  readonly app: AppWords;

  readonly statusPage: {
    readonly none: string;
    readonly well: string;
    /** Of those that are judged, where others are not. */
    readonly watchedWell: string;
    /** Of those that are shown, where there are more. */
    readonly shownWell: string;
    down(apps: number): string;
    /** How many of a tag are shown, where it has more. */
    cut(apps: number): string;
  };

  readonly fault: {
    readonly notFound: FaultWords;
    readonly forbidden: FaultWords;
    /** A form of another host's page: a proxy may stand between that changes the host. */
    otherHost(page: string, asked: string): FaultWords;
    readonly unavailable: FaultWords;
    readonly refused: FaultWords;
    readonly internal: FaultWords;
    readonly back: string;
  };
}

/** What went wrong, and what to do about it. */
export interface FaultWords {
  readonly title: string;
  readonly advice: string;
}

/** The words of each language. */
export const WORDS: Readonly<Record<Language, Words>> = { en: ENGLISH, ru: RUSSIAN };
