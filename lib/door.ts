/**
 * The door: whether clients can reach us, and how many more the system has room
 * for. Each connection takes a file descriptor; once there is none left, nobody
 * is let in any more, and Deno stops listening for good.
 *
 *  room   ample        scarce             dire              none
 *     |-----------|----------------|---------------|-------------------|
 *         open      answers end       idle ones      shut: opened anew,
 *                  connections       are let go      beside who is here
 *
 * Whom an answer told that its connection ends, opens another one next time. A
 * connection that is let go may be one on which a client sends at that very
 * moment, so answers come first, for as long as there is room.
 *
 * @module
 */

import { DAY, type Duration, MINUTE, SECOND } from "./clock.ts";

/** What came of a connection of our own. */
export type Passage =
  | { readonly kind: "open" }
  /** Nobody listens, or no descriptor is left to be let in by. */
  | { readonly kind: "shut"; readonly reason: string }
  /** It was not taken in time. The machine may only be busy. */
  | { readonly kind: "unanswered"; readonly reason: string };

/** What a look at the door found. */
export interface Sight {
  readonly passage: Passage;
  /** How many more descriptors the system gives, of as many as were asked for. */
  readonly room: number;
}

/** What is to be done about it. */
export type Measure =
  | { readonly kind: "none" }
  /** Let connections go on which nobody is being answered; unless it is urgent, at a quiet moment. */
  | { readonly kind: "let go"; readonly isUrgent: boolean }
  | Opening
  /** It could not be opened for too long: another process may be luckier. */
  | { readonly kind: "give up"; readonly reason: string };

/** Ways to listen anew, from the gentlest on. */
export interface Opening {
  readonly kind: /** Beside all connections that there are. */
    | "reopen"
    /** Beside those from before it was opened last; who came since is cut off. */
    | "renew"
    /** All are cut off. */
    | "clear";
  /** Why it is shut. */
  readonly reason: string;
}

/** What is kept short, so that others have room. */
export type Thrift =
  | "nothing"
  /** Answers end their connections. */
  | "answers"
  /** And no stream is begun, which would hold one for long. */
  | "streams";

/** Below how much room something is done. */
export interface Marks {
  readonly scarce: number;
  readonly dire: number;
}

/**
 * The most room that is looked for, in descriptors: 256 are opened and closed
 * in 1.4 ms. Fewer, and a crowd that comes between two looks finds the door
 * ample and leaves it shut.
 */
const ROOM_SOUGHT = 256;

/** The share of the room at the start below which it is scarce, and below which it is dire. */
const SCARCE_SHARE = 0.4;
const DIRE_SHARE = 0.05;

/** And the most that is dire: enough for us to come in, and for a letter to go out. */
const MOST_DIRE = 16;

/** How long the door may be shut, or opened in vain: an address may be away for some seconds. */
const GIVE_UP_AFTER: Duration = 15 * SECOND;

/** How long it may leave us unanswered before it counts as shut. */
const UNANSWERED_PATIENCE: Duration = 5 * SECOND;

/**
 * For how long answers go on to end their connections once room was scarce: a
 * thousand clients would else be together again in seconds.
 */
const THRIFTY_FOR: Duration = 10 * MINUTE;

/** How long answers alone are to make room: who has said nothing by then does not come to beat. */
const ANSWERS_PATIENCE: Duration = 5 * MINUTE;

/** How soon connections are let go again: who comes back at once takes the same room. */
const LET_GO_EVERY: Duration = 5 * SECOND;

/**
 * How long a connection may hang about without a word, or after a 408, however
 * ample the room is: each takes memory.
 */
const LET_GO_ANYWAY: Duration = DAY;

/** How soon that is tried again if somebody was being answered all the while. */
const TRIED_AGAIN_AFTER: Duration = 10 * MINUTE;

/** For how long it is opened beside who was there before: a crowd comes in some seconds. */
const CROWD_PATIENCE: Duration = 3 * SECOND;

/** For how long answers alone are to make room after it was opened anew. */
const REOPENED_LATELY: Duration = 10 * SECOND;

/** For how long it is looked at more often after something was done. */
const TROUBLED_FOR: Duration = 10 * SECOND;

/** How often it is looked at in vain at first, before we know that we cannot see it from here. */
const FIRST_LOOKS = 3;

/** The marks of a system that gives so many descriptors when nobody is here yet. */
export function marksOf(room: number): Marks {
  return {
    scarce: Math.min(ROOM_SOUGHT, Math.floor(room * SCARCE_SHARE)),
    dire: Math.min(MOST_DIRE, Math.floor(room * DIRE_SHARE)),
  };
}

/** Judges what looks found; times are by the steady clock. */
export class Door {
  marks: Marks = { scarce: 0, dire: 0 };
  #wasOpen = false;
  #looksInVain = 0;
  #scarceSince: Duration | null = null;
  #lastScarceAt: Duration = -Infinity;
  #unansweredSince: Duration | null = null;
  #shutSince: Duration | null = null;
  /** When connections were let go last; at first, when the first look was. */
  #letGoAt: Duration | null = null;
  #reopenedAt: Duration = -Infinity;
  #troubledAt: Duration = -Infinity;

  /** Whether nobody can come in. */
  get isShut(): boolean {
    return this.#shutSince !== null;
  }

  /** Whether it may be shut: whoever is silent must not be judged before that is known. */
  get isDoubtful(): boolean {
    return this.#unansweredSince !== null && !this.isShut;
  }

  /** What is to be kept short now. */
  thrift(now: Duration): Thrift {
    if (this.#scarceSince !== null) return "streams";
    // A client that beats often comes anew by then, and sends on no connection that is let go.
    const isSoonLetGo = now - (this.#letGoAt ?? now) >= LET_GO_ANYWAY - ANSWERS_PATIENCE;
    return isSoonLetGo || now - this.#lastScarceAt < THRIFTY_FOR ? "answers" : "nothing";
  }

  /** Whether it cannot be looked at from here: what keeps us out may let others in. */
  get isUnseen(): boolean {
    return !this.#wasOpen && this.#looksInVain >= FIRST_LOOKS;
  }

  /** Whether it is to be looked at more often. */
  isTroubled(now: Duration): boolean {
    return now - this.#troubledAt < TROUBLED_FOR;
  }

  /** Takes in what a look found at `now`. */
  see({ passage, room }: Sight, now: Duration): Measure {
    this.#scarceSince = room < this.marks.scarce ? this.#scarceSince ?? now : null;
    if (this.#scarceSince !== null) this.#lastScarceAt = now;
    if (this.#scarceSince !== null || passage.kind !== "open") this.#troubledAt = now;
    if (passage.kind === "open") return this.#seeOpen(room, now);
    if (!this.#wasOpen) {
      this.#looksInVain++;
      return { kind: "none" };
    }
    if (passage.kind === "unanswered" && !this.isShut) {
      this.#unansweredSince ??= now;
      if (now - this.#unansweredSince < UNANSWERED_PATIENCE) return { kind: "none" };
    }
    return this.#seeShut(passage.reason, now);
  }

  /** Nobody was let go at `now`, for there was no quiet moment. */
  letNobodyGo(now: Duration): void {
    this.#letGoAt = now - LET_GO_ANYWAY + TRIED_AGAIN_AFTER;
  }

  #seeOpen(room: number, now: Duration): Measure {
    this.#wasOpen = true;
    this.#unansweredSince = null;
    this.#shutSince = null;
    // Who is here was left here on purpose.
    if (now - this.#reopenedAt < REOPENED_LATELY) return { kind: "none" };
    const isDire = room < this.marks.dire;
    this.#letGoAt ??= now;
    const rested = now - this.#letGoAt;
    const scarceFor = now - Math.max(this.#scarceSince ?? now, this.#letGoAt);
    const isUrgent = isDire ? rested >= LET_GO_EVERY : scarceFor >= ANSWERS_PATIENCE;
    if (!isUrgent && rested < LET_GO_ANYWAY) return { kind: "none" };
    this.#letGoAt = now;
    return { kind: "let go", isUrgent };
  }

  #seeShut(reason: string, now: Duration): Measure {
    this.#shutSince ??= now;
    if (now - this.#shutSince >= GIVE_UP_AFTER) return { kind: "give up", reason };
    const reopenedFor = now - this.#reopenedAt;
    if (reopenedFor < CROWD_PATIENCE) return { kind: "renew", reason };
    if (reopenedFor < REOPENED_LATELY) return { kind: "clear", reason };
    this.#reopenedAt = now;
    return { kind: "reopen", reason };
  }
}
