/**
 * Mail servers that a test makes up.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import type { Call, Connection, Delivery, Mail, Mailer } from "../../lib/outbox.ts";

/** A call that ends in this connection, or in the same refusal. */
export function calling(connection: Connection): Call {
  if (connection.outcome === "unreachable") return connection;
  return { outcome: "greeted", logIn: () => Promise.resolve(connection), close: () => {} };
}

/** A refusal in these words. */
export function refusal(reason: string): Extract<Connection, { readonly outcome: "unreachable" }> {
  return { outcome: "unreachable", reason, hint: null };
}

/** Something that the server was asked, and answers when a test has it do so. */
export interface Asking<Answer> {
  readonly answer: (answer: Answer) => void;
}

/** What a server is asked. */
export type Request = "call" | "login" | "letter";

/** A server that answers nothing by itself. */
export class SilentServer implements Mailer {
  readonly calls: Asking<"greet" | "refuse">[] = [];
  readonly logins: Asking<"let in" | "refuse">[] = [];
  readonly letters: (Asking<Delivery> & { readonly mail: Mail })[] = [];
  /** How many connections were ended. */
  closed = 0;
  #waiting: { readonly isCome: () => boolean; readonly resolve: () => void }[] = [];

  /** Resolves once it has been asked this so many times. */
  asked(request: Request, times: number): Promise<void> {
    const all = { call: this.calls, login: this.logins, letter: this.letters }[request];
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ isCome: () => all.length >= times, resolve });
    this.#look();
    return promise;
  }

  /** Has the last call end in a session that has a letter to send. */
  async letIn(): Promise<void> {
    await quiet();
    this.calls.at(-1)?.answer("greet");
    await quiet();
    const letters = this.letters.length;
    this.logins.at(-1)?.answer("let in");
    await this.asked("letter", letters + 1);
  }

  connect(): Promise<Call> {
    const { promise, resolve } = Promise.withResolvers<Call>();
    const close = () => void this.closed++;
    const greeted = { outcome: "greeted", logIn: () => this.#logIn(), close } as const;
    this.calls.push({
      answer: (answer) => resolve(answer === "greet" ? greeted : refusal("554 not you")),
    });
    this.#look();
    return promise;
  }

  #logIn(): Promise<Connection> {
    const { promise, resolve } = Promise.withResolvers<Connection>();
    const session = { send: (mail: Mail) => this.#send(mail), close: () => void this.closed++ };
    const ready = { outcome: "ready", session } as const;
    this.logins.push({
      answer: (answer) => resolve(answer === "let in" ? ready : refusal("535 wrong")),
    });
    this.#look();
    return promise;
  }

  #send(mail: Mail): Promise<Delivery> {
    const { promise, resolve } = Promise.withResolvers<Delivery>();
    this.letters.push({ mail, answer: resolve });
    this.#look();
    return promise;
  }

  #look(): void {
    const come = this.#waiting.filter(({ isCome }) => isCome());
    this.#waiting = this.#waiting.filter((each) => !come.includes(each));
    for (const { resolve } of come) resolve();
  }
}

/** Lets all happen that can without time passing. */
export async function quiet(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await setImmediate();
}
