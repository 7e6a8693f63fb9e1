/**
 * The doorkeeper: looks at the door as clients see it, makes room before it is
 * full, and opens it again when it was shut; which then is a gap.
 *
 * @module
 */

import { type Clock, type Duration, type Instant, MINUTE, SECOND, within } from "./clock.ts";
import { Door, marksOf, type Measure, type Opening, type Sight, type Thrift } from "./door.ts";
import { type Log, type LogFields, sparingly } from "./log.ts";
import type { Store } from "./store.ts";

/** How often it looks while all is well: what clients send between two looks may be lost. */
const LOOK_EVERY: Duration = SECOND;

/** How often the log tells that the door is shut, or open again, or that connections were let go. */
const TELL_EVERY: Duration = MINUTE;

/**
 * Fewer descriptors than this are too few, for each app that keeps its connection
 * takes one: the usual limit of 1,024 is full with a thousand of them.
 */
const FEW_DESCRIPTORS = 1_100;

/** What a letter takes: a connection, and files by which its server's name is looked up. */
const DESCRIPTORS_OF_A_LETTER = 8;

/** How long a stop waits to know whether the door was open till then. */
const LAST_LOOK_PATIENCE: Duration = SECOND / 2;

/** What became of connections that were to be let go. */
export type Parting =
  | "nobody left"
  | "all left"
  /** And with them some who were sending: what they sent is lost. */
  | "some cut off";

/** What can be done to the door. */
export interface Hinges {
  /** Comes in as a client does, and tries how many more descriptors there are, up to `room`. */
  look(room: number): Promise<Sight>;
  /** How many more descriptors there are, up to `most`. */
  measure(most: number): number;
  /** Keeps that short from now on. */
  spare(thrift: Thrift): void;
  /**
   * Lets go of all connections on which nobody is being answered, at a moment
   * in which that is nobody; if it is urgent, even if there is none.
   */
  letGo(isUrgent: boolean): Promise<Parting>;
  /** Lets in who comes from now on, if it can. */
  open(how: Opening["kind"]): Promise<void>;
}

/** A door that could not be opened again. */
export interface DoorLoss {
  readonly since: Instant;
  readonly reason: string;
}

/** What the doorkeeper works with. */
export interface DoorkeeperParts {
  readonly hinges: Hinges;
  readonly store: Pick<Store, "reached" | "unreached" | "health" | "listen">;
  readonly clock: Clock;
  readonly log: Log;
  /** Told once that the door stays shut. */
  readonly onLost: (loss: DoorLoss) => void;
}

/** Keeps the door until it is closed. */
export class Doorkeeper {
  readonly #parts: DoorkeeperParts;
  readonly #door = new Door();
  readonly #tellShut: (fields: LogFields) => void;
  readonly #tellOpen: (fields: LogFields) => void;
  readonly #tellLetGo: (fields: LogFields) => void;
  /** A look under way, and one that waits for it to end. */
  #looking: Promise<void> | null = null;
  #waiting: Promise<void> | null = null;
  /** By the steady clock. */
  #tendedAt: Duration;
  #isMeasured = false;
  /** Whether the last look found too few descriptors for a letter. */
  #isShort = false;
  #hasWritten = false;
  #isLost = false;
  #isClosed = false;

  constructor(parts: DoorkeeperParts) {
    const { clock, log } = parts;
    this.#parts = parts;
    this.#tendedAt = clock.elapsed();
    const sparing = (tell: (fields: LogFields) => void) =>
      sparingly(tell, { every: TELL_EVERY, clock });
    this.#tellShut = sparing((fields) => log.error("door shut", fields));
    this.#tellOpen = sparing((fields) => log.warn("door open again", fields));
    this.#tellLetGo = sparing((fields) => log.warn("connections let go", fields));
  }

  /**
   * Looks when it is time: to be called several times a second. Returns whether
   * something was written since the last call: deadlines may be others by that.
   */
  async tend(): Promise<boolean> {
    const { clock } = this.#parts;
    const now = clock.elapsed();
    if (now - this.#tendedAt < LOOK_EVERY && !this.#door.isTroubled(now)) return false;
    this.#tendedAt = now;
    // Not at the start: it takes some 30 ms.
    if (!this.#isMeasured) this.#measure();
    await this.look();
    const hasWritten = this.#hasWritten;
    this.#hasWritten = false;
    return hasWritten;
  }

  /** Looks now; resolves when a look has ended that began after this call. */
  look(): Promise<void> {
    if (this.#looking === null) {
      this.#looking = this.#lookOnce().finally(() => {
        this.#looking = null;
      });
      return this.#looking;
    }
    this.#waiting ??= this.#looking.then(() => {
      this.#waiting = null;
      return this.look();
    });
    return this.#waiting;
  }

  /**
   * Looks now; returns whether silence can be judged: not while it is in doubt
   * whether anybody could be heard. A door found shut is a gap by then.
   */
  async isSure(): Promise<boolean> {
    await this.look();
    return !this.#door.isDoubtful;
  }

  /**
   * Makes room if there is none for a letter to be sent; returns whether there
   * was none, so that what has failed may have failed for that.
   */
  async makeRoom(): Promise<boolean> {
    await this.look();
    return this.#isShort;
  }

  /** Ends with a last look, so that it is known until when the door was open. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await within(this.#parts.clock, LAST_LOOK_PATIENCE, this.look());
  }

  async #lookOnce(): Promise<void> {
    try {
      const measure = await this.#see();
      if (this.#door.isShut) this.#parts.store.unreached();
      if (!this.#isClosed) await this.#take(measure);
    } catch (error) {
      this.#parts.log.error("look at the door failed", { error });
    }
  }

  async #take(measure: Measure): Promise<void> {
    switch (measure.kind) {
      case "none":
        return;
      case "let go":
        return await this.#letGo(measure.isUrgent);
      case "reopen":
      case "renew":
      case "clear":
        return await this.#open(measure);
      case "give up":
        return await this.#giveUp(measure.reason);
    }
  }

  async #letGo(isUrgent: boolean): Promise<void> {
    const { hinges, store, clock } = this.#parts;
    const parting = await hinges.letGo(isUrgent);
    if (parting === "nobody left") return this.#door.letNobodyGo(clock.elapsed());
    if (isUrgent) this.#tellLetGo({ why: "few descriptors were left" });
    if (parting === "all left") return;
    // For them it was as if the door had been shut.
    store.unreached();
    await this.#see();
    await this.#write();
  }

  async #see(): Promise<Measure> {
    const { hinges, store, clock, log } = this.#parts;
    // Before it looks: what was open then is not known to be so later.
    const at = clock.now();
    const wasUnseen = this.#door.isUnseen;
    const { scarce } = this.#door.marks;
    const sight = await hinges.look(scarce);
    this.#isShort = sight.room < Math.min(DESCRIPTORS_OF_A_LETTER, scarce);
    const measure = this.#door.see(sight, clock.elapsed());
    if (sight.passage.kind === "open") {
      store.reached(at);
    } else if (this.#door.isUnseen && !wasUnseen) {
      log.warn("door cannot be looked at", { reason: sight.passage.reason });
    }
    hinges.spare(this.#door.thrift(clock.elapsed()));
    return measure;
  }

  async #open({ kind, reason }: Opening): Promise<void> {
    const { hinges } = this.#parts;
    const since = new Date(await this.#since()).toISOString();
    this.#tellShut({ since, reason });
    await hinges.open(kind);
    await this.#see();
    // At once: whoever is killed now must not have lost it.
    await this.#write();
    if (!this.#door.isShut) this.#tellOpen({ since });
  }

  async #write(): Promise<void> {
    const listened = await this.#parts.store.listen();
    if (listened.outcome === "listening" && listened.isMarked) this.#hasWritten = true;
  }

  async #giveUp(reason: string): Promise<void> {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#parts.onLost({ since: await this.#since(), reason });
  }

  async #since(): Promise<Instant> {
    return (await this.#parts.store.health()).shutSince ?? this.#parts.clock.now();
  }

  #measure(): void {
    this.#isMeasured = true;
    const room = this.#parts.hinges.measure(FEW_DESCRIPTORS);
    this.#door.marks = marksOf(room);
    if (room >= FEW_DESCRIPTORS) return;
    this.#parts.log.warn("few descriptors", {
      connections: room,
      advice: "each connection takes one; give more by LimitNOFILE=65536 (systemd), " +
        "--ulimit nofile=65536:65536 (Docker) or ulimit -n 65536 (a shell)",
    });
  }
}
