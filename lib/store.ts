/**
 * What the program may ask of its storage.
 *
 * Each method is a whole domain operation and its own transaction: it happens
 * altogether or not at all, whenever the process may end.
 *
 * @module
 */

import type { App, Defaults, Status } from "./app.ts";
import type { Occupancy } from "./capacity.ts";
import type { Duration, Instant, Sight, Span } from "./clock.ts";
import type { Doubts } from "./doubt.ts";
import type { Flip, FlipReason, StateKind } from "./flip.ts";
import type { Heartbeat } from "./heartbeat.ts";
import type { HistogramReading } from "./histogram.ts";
import type { Gap, GapCause } from "./gap.ts";
import type { Attention, KnownApp } from "./known_app.ts";
import type { Letter, LetterFacts, LetterKind } from "./letter.ts";
import type { MaintenanceWindow, NewWindow } from "./maintenance.ts";
import type { Delivery, Errand, Mail, Outbox } from "./outbox.ts";
import type { RefusedHeartbeat } from "./refused.ts";
import type { AppSettings } from "./registry.ts";
import type { Session } from "./session.ts";
import type { Beat } from "./silences.ts";
import type { Spared } from "./text_quota.ts";

/** The storage of one service, owned by one process. */
export interface Store {
  /**
   * Stores the heartbeats of one request and what they do to their apps, but
   * for those of apps that are unknown and may not register themselves.
   * Resolves once they are on disk, with what became of each, in order.
   *
   * @param spared whose texts are not to be kept, unless they belong to the
   * first heartbeat in an app's period, or to one that has it change sides.
   * @throws {AppError} `unavailable` if they could not be stored: none of them
   * counts then.
   */
  record(heartbeats: readonly Heartbeat[], spared?: Spared | null): Promise<readonly Recorded[]>;

  /**
   * Remembers, of the apps among these that are known, that a heartbeat was
   * refused. It is written with what is written next, for whoever can send one
   * must not have us write. Returns the first of them; null for none.
   */
  noteRefused(
    appIds: readonly string[],
    refused: Omit<RefusedHeartbeat, "times">,
  ): Promise<string | null>;

  /** Writes the heartbeats that wait for their group now. */
  flush(): Promise<void>;

  /**
   * Begins to listen, after a time in which nobody did: that gap goes into the
   * ledger, and moves the deadlines that it touched. Returns it, or null if we
   * never listened before.
   */
  beginListening(): Promise<Gap | null>;

  /**
   * Looks whether we listened all the while; writes down what we did not hear,
   * and from time to time that we listen. To be called often (`Cadence`).
   */
  listen(): Promise<Listened>;

  /** Notes that we listened up to `at` and no longer. */
  endListening(at: Instant): Promise<void>;

  /** Notes that a client could reach us at `at`. */
  reached(at: Instant): void;

  /**
   * Notes that nobody can reach us, from when somebody last could until
   * {@linkcode reached}: silence that runs through it proves nothing.
   */
  unreached(): void;

  /** The instant by which silence can be judged: now, or since when we are deaf. */
  judgedBy(): Instant;

  /** As of when apps are seen now. */
  sight(): Sight;

  /** Until when we are known to have listened, or null if that was never. */
  heardUntil(): Promise<Instant | null>;

  /**
   * Takes down apps whose deadline has passed by `now`, the longest overdue
   * first, and alarms of those whose snooze or maintenance has ended: up to
   * `limit` of either.
   */
  takeDown(now: Instant, limit: number): Promise<Swept>;

  /** The earliest instant at which a sweep has something to do, or null for none. */
  nextDeadline(): Promise<Instant | null>;

  /** One app, or null if it is unknown. */
  app(id: string): Promise<App | null>;

  /** What one app's explanation hangs on, or null if it is unknown. */
  explained(id: string): Promise<KnownApp | null>;

  /** What an admin said of an app for now, or null if it is unknown. */
  attention(id: string): Promise<Attention | null>;

  /**
   * The apps that match, in order. A page may be short, and yet have a next. While we are deaf they are judged by `now` as {@linkcode judgedBy}
   * has it, and what could not be heard since is unknown.
   */
  apps(query: AppQuery): Promise<AppPage>;

  /**
   * How many apps stand how at `now`. Of very many some are counted as they
   * stand a moment later, for heartbeats are taken meanwhile; and what was
   * counted is good for some seconds.
   */
  tally(now: Instant): Promise<AppTally>;

  /**
   * Sets an app's settings in place of all it had, registering it if need be;
   * `look` is told null of an app that is unknown.
   *
   * @throws {AppError} `too_many` beyond the most apps there may be.
   */
  register(
    id: string,
    settings: AppSettings,
    now: Instant,
    look?: (known: Handed | null) => void,
  ): Promise<Registered>;

  /** Changes some of an app's settings, or those that `settings` makes of it; null if it is unknown. */
  change(
    id: string,
    settings: Partial<AppSettings> | ((app: App) => Partial<AppSettings>),
    now: Instant,
    look?: Look,
  ): Promise<Changed | null>;

  /** Stops judging an app: what is owed of it is suppressed. Null if it is unknown. */
  pause(id: string, now: Instant, look?: Look): Promise<Changed | null>;

  /** Has a paused app judged again, as a new one. Null if it is unknown. */
  resume(id: string, now: Instant, look?: Look): Promise<Changed | null>;

  /** The incident that a fall began; null if there is none, or its app was forgotten. */
  incident(flip: number): Promise<Incident | null>;

  /**
   * Notes that somebody knows of the open incident of app `id`: it is not
   * reminded of any more. With `incident` only if that is the open one. Null
   * if the app is unknown.
   */
  acknowledge(
    id: string,
    now: Instant,
    incident?: number | null,
    look?: Look,
  ): Promise<Changed | null>;

  /**
   * Forgets an app, with what happened to it and is owed of it; returns
   * whether it was known. Its heartbeats are erased by {@linkcode erase}.
   */
  forget(id: string, now: Instant, look?: Look): Promise<boolean>;

  /**
   * Prunes some of what is older than the limits. Returns whether there is more
   * to look at; when there is not, the next call begins anew.
   */
  prune(limits: PruneLimits): Promise<boolean>;

  /** Erases up to `limit` rows of forgotten apps' history; returns whether some are left. */
  erase(limit: number): Promise<boolean>;

  /**
   * Wants no alarm of the app until then; null ends that, and what is then
   * silent alarms. Null if the app is unknown.
   */
  snooze(id: string, until: Instant | null, now: Instant, look?: Look): Promise<Changed | null>;

  /** The maintenance windows that are not over, the oldest first. */
  maintenance(now: Instant): Promise<readonly MaintenanceWindow[]>;

  /**
   * Adds a maintenance window.
   *
   * @throws {AppError} `too_many` beyond the most there may be.
   */
  addMaintenance(window: NewWindow, now: Instant): Promise<MaintenanceWindow>;

  /** Ends a maintenance window and returns whether it was known: what is then silent alarms. */
  removeMaintenance(id: number, now: Instant): Promise<boolean>;

  /** The ledger of gaps, newest first. */
  gaps(query: GapQuery): Promise<GapPage>;

  /** How much was not heard from `since` on, of the newest gaps; of one that began before, only what lies after. */
  deafness(since: Instant): Promise<Deafness>;

  /** An app's heartbeats, newest first; null if it is unknown. */
  heartbeats(id: string, query: HistoryQuery): Promise<HeartbeatPage | null>;

  /** An app's flips, newest first; null if it is unknown. */
  flips(id: string, query: FlipQuery): Promise<FlipPage | null>;

  /**
   * A page of an app's heartbeats in the order they came, but for what they
   * say; null if it is unknown. A page may be empty, and yet have a next.
   */
  beats(id: string, query: BeatQuery): Promise<BeatPage | null>;

  /** The gaps that ended after an instant, in order; the latest, where there are very many. */
  gapsSince(from: Instant): Promise<readonly Gap[]>;

  /** When nobody knew how each of these apps was, of what ended after an instant; by their ids. */
  doubts(ids: readonly string[], from: Instant): Promise<ReadonlyMap<string, Doubts>>;

  /**
   * The same gaps, but of those alone that were before doubts were kept, and
   * moved a deadline: whose that was nobody noted.
   */
  earlierGaps(from: Instant): Promise<readonly Span[]>;

  /**
   * What waits to be mailed.
   *
   * @param beside addresses that are to get a letter beside one that is under
   * way: what is owed to them leaves out apps that have news in that.
   */
  outbox(beside?: ReadonlySet<string>): Promise<Outbox>;

  /** The messages that were begun, newest first. */
  messages(query: MessageQuery): Promise<MessagePage>;

  /** One message with its text, and up to `limit` of the debts that it settles; null if there is none. */
  message(id: number, limit: number): Promise<MessageText | null>;

  /**
   * Begins a try: takes up what is owed, has `write` put it into words, and
   * keeps the text, so that a crash cannot make two texts of one message.
   * A frozen message keeps the text it has. Null if nothing is owed any more.
   */
  beginTry(errand: Errand, begin: Begin): Promise<Try | null>;

  /**
   * Ends a try as it went, at `now`: settles the debts or sets the next try.
   * Returns how many debts have failed by it.
   */
  settle(attempt: Try, delivery: Delivery, now: Instant): Promise<number>;

  /** Notes that the mail server failed before MAIL FROM, at `now`. */
  serverFailed(reason: string, now: Instant): Promise<void>;

  /** Notes that the mail server let us in. */
  serverReady(): Promise<void>;

  /**
   * Takes up the outbox of a process that has ended: a try that was under way
   * may have reached the server, so its text stands; and a start is a reason
   * to try the server at once.
   */
  recover(now: Instant): Promise<void>;

  /** Makes the stored state that of the settings, changed at `now` or before. */
  adopt(settings: Settings, now: Instant): Promise<void>;

  /** What tells whether all is well. */
  health(): Promise<Health>;

  /** Where everything is kept, and how much room that takes. */
  file(): Promise<StorageFile>;

  /** What it has counted. */
  figures(): Promise<Figures>;

  /** Calls `listener`, beside all others, after each commit that may bring the next deadline nearer, or made news. */
  onChange(listener: (change: Change) => void): void;

  /** Keeps the hash of a token. An admin token takes the place of the one before. */
  addToken(token: StoredToken): Promise<void>;

  /** The hash of the admin token that was made, or null. */
  adminHash(): Promise<string | null>;

  /** The session with this hash, or null if there is none at `now`. */
  session(hash: string, now: Instant): Promise<Session | null>;

  /** Keeps a session; those that are over by `now` are forgotten. */
  openSession(session: Session, now: Instant): Promise<void>;

  /** Ends a session at `at`; without effect on one that ends before. */
  endSession(hash: string, at: Instant): Promise<void>;

  /** What the links in letters are signed with: `made`, the first time. */
  acknowledgeKey(made: string): Promise<string>;

  /** The same, as it is now: a command beside us can have made it anew. Throws before there is one. */
  linkKey(): string;

  /** Notes where the owner listens, for the commands that talk to it; null when it stops. */
  rememberOwner(url: string | null): Promise<void>;

  /** What a token with this hash is good for at `now`, or null for nothing. A pass is used up by it. */
  admits(hash: string, now: Instant): Promise<StoredToken["purpose"] | null>;
}

/** What is old. */
export interface PruneLimits {
  readonly heartbeatsBefore: Instant;
  /** Of those from before then only some are kept, where they came very fast. */
  readonly thinnedBefore: Instant;
  /** Also for letters and gaps. */
  readonly flipsBefore: Instant;
  readonly isImportedPruned: boolean;
}

/** What became of a heartbeat. */
export type Recorded = Receipt | NotAdmitted;

/** It was stored. */
export interface Receipt {
  readonly appId: string;
  readonly status: Status;
  /** Its message was not kept, for there was too much of them. */
  readonly isSpared: boolean;
}

/** Its app is unknown, and may not register itself. */
export interface NotAdmitted {
  readonly why: "unknown_app" | "too_many_apps";
  /** What is to be done about it. */
  readonly message: string;
}

/** What one step of a sweep came to. */
export interface Swept {
  /** Apps that were taken down. */
  readonly down: number;
  /** Whether there is more to do. */
  readonly isMore: boolean;
}

/** What a look came to. */
export type Listened =
  /** `isMarked`: it wrote what there was to write. */
  | { readonly outcome: "listening"; readonly isMarked: boolean }
  | { readonly outcome: "failing"; readonly failure: StorageFailure }
  | { readonly outcome: "lost"; readonly loss: FileLoss };

/** What became of the database's file under a running program. */
export interface FileLoss {
  readonly database: string;
  /** Taken over by another process, once its lock had been removed. */
  readonly what: "deleted" | "replaced" | "taken over";
}

/** Why nothing can be stored, and since when. */
export interface StorageFailure {
  readonly since: Instant;
  /** SQLite's words. */
  readonly reason: string;
}

/** Which messages are wanted. */
export interface MessageQuery {
  readonly limit: number;
  readonly state: MessageState | null;
  /** Only those before this one, or null for the newest. */
  readonly before: number | null;
}

/** What became of a message. */
export type MessageState = "waiting" | "trying" | "sent" | "failed" | "suppressed";

/** A message as the outbox shows it. */
export interface StoredMessage {
  readonly id: number;
  readonly messageId: string;
  readonly kind: LetterKind;
  readonly address: string;
  readonly state: MessageState;
  readonly subject: string;
  readonly tries: number;
  /** Null unless it waits. */
  readonly nextTryAt: Instant | null;
  /** When a server took it. */
  readonly takenAt: Instant | null;
  /** What the server said last, or what happened instead. */
  readonly reply: string | null;
  readonly debts: Readonly<Record<DebtState, number>>;
}

/** A message as it was last written. */
export interface MessageText extends StoredMessage {
  /** When its first try began. */
  readonly begunAt: Instant;
  readonly writtenAt: Instant;
  /** A try ended without an answer: the server may have the text, so it stands. */
  readonly isFrozen: boolean;
  readonly text: string;
  readonly html: string;
  /** The news that it settles, in order; none of apps that were forgotten since. */
  readonly news: readonly StoredDebt[];
}

/** News that is owed to the message's address. */
export interface StoredDebt {
  readonly appId: string;
  readonly appName: string | null;
  /** A fall, by why; a recovery; or that nobody knows how the app is. */
  readonly change: "silent" | "failed" | "back" | "unknown";
  readonly at: Instant;
  readonly state: DebtState;
  /** Why it was suppressed or has failed, else null. */
  readonly reason: string | null;
}

/** What became of a debt. */
export type DebtState = "waiting" | "sent" | "suppressed" | "failed";

/** A page of messages, and the news that belongs to none yet, by address. */
export interface MessagePage {
  readonly messages: readonly StoredMessage[];
  readonly owed: readonly { readonly address: string; readonly news: number }[];
  readonly next: number | null;
}

/** Which apps are wanted. */
export interface AppQuery {
  readonly now: Instant;
  readonly status: Status | null;
  /** Compared as text is that a person types (search_text.ts). */
  readonly tag: string | null;
  /** A part of the id or the name, compared in the same way. */
  readonly text: string | null;
  readonly order: AppOrder;
  /** Only what is behind this place: where a page before ended. */
  readonly after: string | null;
  readonly limit: number;
}

/** In which order apps are listed. */
export type AppOrder =
  /** As programs want it: by their ids. */
  | "id"
  /** As people want it: what one of them has set up comes first, then what is known for longest. */
  | "precedence";

/** A page of apps. */
export interface AppPage {
  readonly apps: readonly App[];
  /** The place behind which the next page begins; null if there is none. */
  readonly next: string | null;
}

/** How many apps stand how. */
export interface AppTally {
  /** They are counted by what was heard up to then; of very many that was some seconds ago. */
  readonly at: Instant;
  readonly apps: Readonly<Record<Status, number>>;
  /** Since when the one is down that has been so the longest; null if none is. */
  readonly downSince: Instant | null;
}

/** An app as it stands when an admin's hand comes to it. */
export interface Handed extends Attention {
  readonly app: App;
}

/** Looks at an app before it is changed, in the same transaction: what it throws keeps it as it is. */
export type Look = (known: Handed) => void;

/** An app before and after an admin's hand. */
export interface Changed {
  readonly before: App;
  readonly after: App;
}

/** A fall, and what became of it. */
export interface Incident {
  /** As it is now. */
  readonly app: App;
  readonly since: Instant;
  /** When it ended, or null while it is open. */
  readonly endedAt: Instant | null;
  /** When somebody said that they know of it, or null. */
  readonly acknowledgedAt: Instant | null;
}

/** An app before an admin's hand, if there was one, and after it. */
export interface Registered {
  readonly before: App | null;
  readonly after: App;
}

/** Which heartbeats are wanted. */
export interface HistoryQuery {
  readonly limit: number;
  /** Where the page before ended, or null for the newest. */
  readonly cursor: HeartbeatCursor | null;
}

/**
 * Where a page of heartbeats ended: they come from two sources, those that
 * were sent here and those that were imported.
 */
export interface HeartbeatCursor {
  /** The next one that was sent here, or null for no more. */
  readonly next: number | null;
  /** The last one that was imported and shown, or null for none yet. */
  readonly imported: { readonly at: Instant; readonly id: number } | null;
}

/** A page of heartbeats, newest first. */
export interface HeartbeatPage {
  readonly heartbeats: readonly Omit<Heartbeat, "appId">[];
  readonly next: HeartbeatCursor | null;
}

/** Which beats are wanted. */
export interface BeatQuery {
  /** None from before then. */
  readonly from: Instant;
  /** Where the page before ended, or null for the oldest. */
  readonly cursor: BeatCursor | null;
}

/** Where a page of beats ended. */
export interface BeatCursor {
  /** The next one that was sent here. */
  readonly sent: number;
  /** From when on the ones that were imported have not been read. */
  readonly importedFrom: Instant;
}

/** A page of beats, in the order they came. */
export interface BeatPage {
  readonly beats: readonly Beat[];
  readonly next: BeatCursor | null;
}

/** Which flips are wanted. */
export interface FlipQuery {
  readonly limit: number;
  /** Only those before this one, or null for the newest. */
  readonly before: number | null;
}

/** A page of flips, newest first. */
export interface FlipPage {
  readonly flips: readonly Flip[];
  readonly next: number | null;
}

/** Which gaps are wanted. */
export interface GapQuery {
  readonly limit: number;
  /** Only those before this one, or null for the newest. */
  readonly before: number | null;
}

/** A gap in the ledger. */
export interface StoredGap extends Gap {
  /** How many deadlines it moved. */
  readonly moved: number;
}

/** A page of gaps, newest first. */
export interface GapPage {
  readonly gaps: readonly StoredGap[];
  readonly next: number | null;
}

/** What gaps come to. */
export interface Deafness {
  readonly gaps: number;
  readonly total: Duration;
}

/** Where everything is kept. */
export interface StorageFile {
  readonly path: string;
  /** With all that is kept beside it. */
  readonly bytes: number;
}

/** How a try begins. */
export interface Begin {
  readonly now: Instant;
  /** For a message that has none yet. */
  readonly messageId: string;
  readonly write: (facts: LetterFacts) => Letter;
}

/** A try under way. */
export interface Try {
  readonly id: number;
  readonly mail: Mail;
  /** Tries of this message that began, this one included. */
  readonly tries: number;
  readonly isRetry: boolean;
  /** How many debts it settles. */
  readonly debts: number;
}

/** The settings that stored state depends on. */
export interface Settings {
  readonly defaults: Defaults;
  readonly ignoredApps: ReadonlySet<string>;
  readonly addresses: readonly string[];
  /** Whether mail is set up: somebody to send to, and from whom. */
  readonly hasMail: boolean;
}

/** What a commit did. */
export interface Change {
  /** The earliest deadline it set, or null for none. */
  readonly deadlineAt: Instant | null;
  /** The news that it made, in order. */
  readonly news: readonly Flip[];
  /** Whether somebody may be owed something by it. */
  readonly isOwed: boolean;
}

/** What tells whether all is well. */
export interface Health {
  /** Why the last commit failed, or null if it did not. */
  readonly failure: StorageFailure | null;
  /** What became of the file, or null while it is in its place. */
  readonly loss: FileLoss | null;
  /** Since when nobody can reach us, or null. */
  readonly shutSince: Instant | null;
  readonly nextDeadlineAt: Instant | null;
  /** How many apps there are, and may be. */
  readonly occupancy: Occupancy;
  /** Since when something waits to be mailed, or the mail server lets nobody in. */
  readonly waitingSince: Instant | null;
  /** Addresses that were owed news which could not be mailed, and have taken no letter since. */
  readonly failedAddresses: readonly FailedAddress[];
}

/** An address that was refused for so long that what it was owed has failed. */
export interface FailedAddress {
  readonly address: string;
  /** Since when it was refused. */
  readonly since: Instant;
  /** The mail server's words. */
  readonly reason: string;
}

/** What the storage has counted: since the start, unless said otherwise. */
export interface Figures {
  /** Heartbeats that were stored. */
  readonly heartbeats: number;
  /** No entry for what has not happened. */
  readonly flips: readonly {
    readonly from: StateKind;
    readonly to: StateKind;
    readonly reason: FlipReason;
    readonly count: number;
  }[];
  /** All there ever were, in the state they are in now (rule 7). */
  readonly debts: Readonly<Record<DebtState, number>>;
  /** Gaps that were in the ledger at the start, and since; `deaf` is how long they lasted together. */
  readonly gaps: readonly {
    readonly cause: GapCause;
    readonly count: number;
    readonly deaf: Duration;
  }[];
  /** Since when nothing can be heard, or null. */
  readonly deafSince: Instant | null;
  /** How long each transaction took, until it was on disk. */
  readonly commits: HistogramReading;
  readonly failedCommits: number;
}

/** A token as it is kept. */
export interface StoredToken {
  readonly hash: string;
  /** `admin` opens the registry for good, `pass` once until it expires. */
  readonly purpose: "admin" | "pass";
  readonly expiresAt: Instant | null;
}
