/**
 * The mailer with a memory: what the mail server said last, and what to do
 * about it. In memory alone, for each start is a reason to ask anew.
 *
 * @module
 */

import type { Clock, Instant } from "./clock.ts";
import type { Hint } from "./hint.ts";
import type { Call, Connection, Failure, Greeted, Mail, Mailer, Session } from "./outbox.ts";

/** How many hints are kept: more than an outbox has words to explain. */
const HINTS_LIMIT = 100;

/** A mail server that lets nobody in. */
export interface ServerTrouble extends Failure {
  /** The first time in a row. */
  readonly since: Instant;
}

/** A {@linkcode Mailer} that notes what comes of each try by whoever uses it. */
export class NotedMailer implements Mailer {
  readonly #mailer: Mailer;
  readonly #clock: Clock;
  readonly #hints = new Map<string, Hint>();
  #trouble: ServerTrouble | null = null;

  constructor(mailer: Mailer, clock: Clock) {
    this.#mailer = mailer;
    this.#clock = clock;
  }

  /** Null while the server lets us in, or nobody has asked it yet. */
  get trouble(): ServerTrouble | null {
    return this.#trouble;
  }

  /** What to do about these words of a server, if they are not too long ago. */
  hint(reason: string): Hint | null {
    return this.#hints.get(reason) ?? null;
  }

  async connect(signal: AbortSignal): Promise<Call> {
    const call = await this.#mailer.connect(signal);
    if (call.outcome === "unreachable") {
      this.#noteTrouble(call, signal);
      return call;
    }
    return {
      outcome: "greeted",
      logIn: () => this.#logIn(call, signal),
      close: () => call.close(),
    };
  }

  async #logIn(greeted: Greeted, signal: AbortSignal): Promise<Connection> {
    const connection = await greeted.logIn();
    if (connection.outcome === "unreachable") {
      this.#noteTrouble(connection, signal);
      return connection;
    }
    this.#trouble = null;
    return { outcome: "ready", session: this.#noted(connection.session) };
  }

  #noteTrouble({ reason, hint }: Failure, signal: AbortSignal): void {
    // What we ended ourselves is no fault of the server.
    if (signal.aborted) return;
    this.#note({ reason, hint });
    this.#trouble = { reason, hint, since: this.#trouble?.since ?? this.#clock.now() };
  }

  #noted(session: Session): Session {
    return {
      send: async (mail: Mail) => {
        const delivery = await session.send(mail);
        if (delivery.outcome !== "sent") this.#note(delivery);
        return delivery;
      },
      close: () => session.close(),
    };
  }

  #note({ reason, hint }: Failure): void {
    if (hint === null) return;
    this.#hints.delete(reason);
    this.#hints.set(reason, hint);
    const [oldest] = this.#hints.keys();
    if (oldest !== undefined && this.#hints.size > HINTS_LIMIT) this.#hints.delete(oldest);
  }
}
