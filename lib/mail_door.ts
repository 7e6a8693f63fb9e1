/**
 * The door of the mail server: who waits for whom before it.
 *
 *  first    call ───────▶ greeted, password ───────────────▶ let in
 *  second   ··· 2 s ··· call ───────▶ greeted ··· 20 s ··· password ───▶ let in
 *
 * A server that refuses is asked once: whoever waits behind one that it refuses
 * does not ask, and a wrong password is not shown twice. A slow server holds
 * nobody up for longer than a refusal takes as a rule. Nobody is counted twice
 * either: of those who ask at once and are refused, only the first is told.
 *
 * @module
 */

import { type Clock, type Duration, SECOND, within } from "./clock.ts";
import type { Call, Connection, Mailer } from "./outbox.ts";

/**
 * How long one waits until the one before has been greeted. That nobody
 * listens, or that we are not wanted, is said within a second or two. To call
 * a slow server once more does no harm.
 */
const BEFORE_CALL: Duration = 2 * SECOND;

/**
 * How long one waits until the one before was let in. Servers put the refusal
 * of a password off on purpose: Exchange by 5 s, Dovecot by up to 17 s. To try
 * it twice may lock the account.
 */
const BEFORE_PASSWORD: Duration = 20 * SECOND;

/** Connections at once: more would look like spam to a server. */
const PLACES = 8;

/** How long a connection keeps its place: one that takes longer waits for the server, and nobody for it. */
const PLACE_KEPT_FOR: Duration = 10 * SECOND;

/** Where all of a process's mail goes out. */
export class MailDoor {
  readonly #mailer: Mailer;
  readonly #places: Places;
  readonly #calls: Turns;
  readonly #passwords: Turns;

  constructor(mailer: Mailer, clock: Clock) {
    this.#mailer = mailer;
    this.#places = new Places(clock);
    this.#calls = new Turns(clock, BEFORE_CALL);
    this.#passwords = new Turns(clock, BEFORE_PASSWORD);
  }

  /**
   * A session, or why there is none; null where another has been told that
   * since we came, or we were stopped. Never throws.
   */
  async enter(signal: AbortSignal): Promise<Connection | null> {
    const leave = await this.#places.take();
    const connection = await this.#ask(signal);
    if (connection?.outcome !== "ready") {
      leave();
      return connection;
    }
    const { session } = connection;
    const close = () => {
      leave();
      session.close();
    };
    return { outcome: "ready", session: { send: (mail) => session.send(mail), close } };
  }

  async #ask(signal: AbortSignal): Promise<Connection | null> {
    const [calls, passwords] = [this.#calls, this.#passwords];
    const seen = { calls: calls.refusals, passwords: passwords.refusals };
    const isDenied = () => signal.aborted || passwords.refusals !== seen.passwords;
    const isRefused = () => isDenied() || calls.refusals !== seen.calls;
    const call = await calls.take(isRefused, () => this.#mailer.connect(signal));
    if (call === null || call.outcome === "unreachable") return call;
    const connection = await passwords.take(isDenied, () => call.logIn());
    if (connection === null) call.close();
    return connection;
  }
}

/** So many at once, as long as each is quick. */
class Places {
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #free = PLACES;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits for a place; what is returned gives it up. */
  async take(): Promise<() => void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    let isKept = true;
    const leave = () => {
      if (!isKept) return;
      isKept = false;
      alarm.cancel();
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    };
    const alarm = this.#clock.wakeAt(this.#clock.now() + PLACE_KEPT_FOR, leave);
    return leave;
  }
}

/** One after the other, as long as each is quick. */
class Turns {
  readonly #clock: Clock;
  readonly #patience: Duration;
  #last: Promise<void> = Promise.resolve();
  #refusals = 0;

  constructor(clock: Clock, patience: Duration) {
    this.#clock = clock;
    this.#patience = patience;
  }

  /** How often whoever asked was refused. */
  get refusals(): number {
    return this.#refusals;
  }

  /** Asks when it is time; null where what would be said `isKnown` by then. */
  async take<Answer extends Call | Connection>(
    isKnown: () => boolean,
    ask: () => Promise<Answer>,
  ): Promise<Answer | null> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#last;
    this.#last = promise;
    try {
      await within(this.#clock, this.#patience, before);
      if (isKnown()) return null;
      const answer = await ask();
      if (answer.outcome !== "unreachable") return answer;
      if (isKnown()) return null;
      this.#refusals++;
      return answer;
    } finally {
      resolve();
    }
  }
}
