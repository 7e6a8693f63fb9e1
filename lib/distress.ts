/**
 * Distress: what cannot be stored is told straight from memory, outside the
 * outbox, for that is in the same database.
 *
 * @module
 */

import { type Clock, type Duration, HOUR, type Instant, SECOND } from "./clock.ts";
import { englishHint } from "./hint.ts";
import type { Letter, Trouble } from "./letter.ts";
import type { Log } from "./log.ts";
import { MailDoor } from "./mail_door.ts";
import { type Mail, type Mailer, retryAfter } from "./outbox.ts";

/** How long storing must fail before people are told: a backup may lock the file for a moment. */
const PATIENCE: Duration = 10 * SECOND;

/** The shortest time between two letters that an address took. */
const LETTER_EVERY: Duration = HOUR;

/** What it tells with. */
export interface DistressParts {
  /** Null while mail is not set up. */
  readonly mailer: Mailer | null;
  readonly addresses: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  /** Puts trouble into words, at `now`. */
  readonly write: (trouble: Trouble, now: Instant) => Letter;
  /** A new `Message-ID`. */
  readonly messageId: () => string;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
}

/** Tells of trouble, once an hour. */
export class Distress {
  readonly #parts: DistressParts;
  readonly #door: MailDoor | null;
  /** By the steady clock. */
  #failingSince: Duration | null = null;
  #nextAt: Duration = 0;
  #failures = 0;
  #isTelling = false;

  constructor(parts: DistressParts) {
    this.#parts = parts;
    this.#door = parts.mailer === null ? null : new MailDoor(parts.mailer, parts.clock);
  }

  /** To be called at each look: tells of trouble that has lasted, when it is time. */
  async look(trouble: Trouble | null): Promise<void> {
    const now = this.#parts.clock.elapsed();
    if (trouble === null) {
      this.#failingSince = null;
      return;
    }
    this.#failingSince ??= now;
    const isLasting = now - this.#failingSince >= PATIENCE;
    if (!isLasting || now < this.#nextAt || this.#isTelling) return;
    this.#isTelling = true;
    try {
      const isTold = await this.tell(trouble);
      this.#failures = isTold ? 0 : this.#failures + 1;
      const wait = isTold ? LETTER_EVERY : retryAfter(this.#failures);
      this.#nextAt = this.#parts.clock.elapsed() + wait;
    } finally {
      this.#isTelling = false;
    }
  }

  /** Tells every address now; returns whether any server took it. */
  async tell(trouble: Trouble): Promise<boolean> {
    const { addresses } = this.#parts;
    const door = this.#door;
    if (door === null) return false;
    // All at once: a slow server must not keep one from being told behind another.
    const told = await Promise.all(addresses.map((each) => this.#send(door, each, trouble)));
    return told.includes(true);
  }

  async #send(door: MailDoor, to: string, trouble: Trouble): Promise<boolean> {
    const { clock, log, write, messageId, signal } = this.#parts;
    const connection = await door.enter(signal);
    if (connection === null) return false;
    if (connection.outcome !== "ready") {
      const { reason, hint } = connection;
      log.warn("mail server failed", { reason, hint: englishHint(hint) });
      return false;
    }
    const { session } = connection;
    try {
      const date = clock.now();
      const letter = write(trouble, date);
      const mail: Mail = { ...letter, to, date, messageId: messageId(), answers: [] };
      const delivery = await session.send(mail);
      if (delivery.outcome === "sent") {
        log.info("trouble told", { to, subject: mail.subject, reply: delivery.reply });
      } else {
        const { outcome, reason, hint } = delivery;
        log.warn("trouble not told", { to, outcome, reason, hint: englishHint(hint) });
      }
      return delivery.outcome === "sent";
    } finally {
      session.close();
    }
  }
}
