/**
 * A mail server that says what a test wrote for it, at whatever point, and
 * remembers every line it heard.
 *
 * @module
 */

import { type Cue, cueOf, lines, reply } from "./smtp_wire.ts";
import { close, write } from "./wire.ts";

/** What it does at a point. */
export type Act =
  /** Replies; several lines are joined by `\n`. */
  | string
  /** Says nothing and goes on listening. */
  | typeof SILENCE
  /** Closes the connection. */
  | typeof DROP
  /** Says this, without a line's end, and closes the connection. */
  | { readonly fragment: string }
  /** Replies, and closes the connection. */
  | { readonly last: string }
  /** Replies, and does not even read what comes. */
  | { readonly deaf: string }
  /** Replies, and reads what comes only so fast: so many bytes, then a rest in milliseconds. */
  | { readonly drowsy: string; readonly bytes: number; readonly rest: number }
  /** Takes its time, in milliseconds, and replies. */
  | { readonly late: string; readonly after: number }
  /** Replies, and replies again without being asked as soon as more comes in. */
  | { readonly first: string; readonly unasked: string };

/** See {@linkcode Act}. */
export const SILENCE = Symbol("silence");
/** See {@linkcode Act}. */
export const DROP = Symbol("drop");

/** Where it does not do the usual. */
export type Script = Readonly<Partial<Record<Cue, Act>>>;

const USUAL: Readonly<Record<Cue, Act>> = {
  greeting: "220 script.test ESMTP",
  EHLO: "250-script.test\n250-AUTH PLAIN LOGIN\n250 8BITMIME",
  HELO: "250 script.test",
  STARTTLS: "502 5.5.1 not here",
  AUTH: "235 2.7.0 welcome",
  MAIL: "250 2.1.0 ok",
  RCPT: "250 2.1.5 ok",
  DATA: "354 go ahead",
  letter: "250 2.0.0 taken as 1",
  QUIT: "221 bye",
};

/** Starts one on a free port of 127.0.0.1. */
export function scriptedServer(script: Script = {}): ScriptedServer {
  return new ScriptedServer({ ...USUAL, ...script });
}

/** A running server; disposed of, it drops who is connected. */
export class ScriptedServer implements AsyncDisposable {
  readonly #script: Readonly<Record<Cue, Act>>;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connections = new Set<Deno.Conn>();
  readonly #heard: Cue[] = [];
  readonly #waiting: { readonly cue: Cue; readonly resolve: () => void }[] = [];
  readonly #served: Promise<void>;
  readonly #lines: string[] = [];
  readonly #disposed = Promise.withResolvers<void>();

  constructor(script: Readonly<Record<Cue, Act>>) {
    this.#script = script;
    this.#served = this.#serve();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** Every line it heard, the letter's included. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Resolves when it has come to this point, at once if it has already. */
  reached(cue: Cue): Promise<void> {
    if (this.#heard.includes(cue)) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ cue, resolve });
    return promise;
  }

  /** Says this, as it is, to everyone connected. */
  async say(text: string): Promise<void> {
    for (const connection of this.#connections) await write(connection, text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.#disposed.resolve();
    for (const connection of this.#connections) close(connection);
    await this.#served;
  }

  async #serve(): Promise<void> {
    const conversations: Promise<void>[] = [];
    for await (const connection of this.#listener) {
      this.#connections.add(connection);
      conversations.push(this.#converse(connection));
    }
    await Promise.all(conversations);
  }

  async #converse(connection: Deno.Conn): Promise<void> {
    let isLetter = false;
    let read = 0;
    let unasked = await this.#act(connection, "greeting");
    for await (const line of lines(connection)) {
      this.#lines.push(line);
      if (unasked !== null) {
        await write(connection, reply(unasked));
        unasked = null;
      }
      read += line.length;
      if (isLetter) read = await this.#rested(read);
      const cue: Cue | null = isLetter ? (line === "." ? "letter" : null) : cueOf(line);
      if (cue === null) continue;
      unasked = await this.#act(connection, cue);
      isLetter = cue === "DATA" && takesLetter(this.#script.DATA);
    }
    close(connection);
    this.#connections.delete(connection);
  }

  /** Rests if it has read enough for now; how much it has read since. */
  async #rested(read: number): Promise<number> {
    const { DATA: act } = this.#script;
    if (typeof act !== "object" || !("drowsy" in act) || read < act.bytes) return read;
    await passed(act.rest);
    return 0;
  }

  /** Does what is written for this point; what it will say unasked, if so. */
  async #act(connection: Deno.Conn, cue: Cue): Promise<string | null> {
    const act = this.#script[cue];
    if (typeof act === "string") await write(connection, reply(act));
    else if (act === DROP) close(connection);
    else if (typeof act === "symbol") await Promise.resolve();
    else if ("unasked" in act) await write(connection, reply(act.first));
    else if ("deaf" in act) await write(connection, reply(act.deaf));
    else if ("drowsy" in act) await write(connection, reply(act.drowsy));
    else if ("late" in act) {
      await passed(act.after);
      await write(connection, reply(act.late));
    } else {
      await write(connection, "fragment" in act ? act.fragment : reply(act.last));
      close(connection);
    }
    this.#heard.push(cue);
    for (const each of this.#waiting) if (each.cue === cue) each.resolve();
    if (typeof act === "object" && "deaf" in act) await this.#disposed.promise;
    return typeof act === "object" && "unasked" in act ? act.unasked : null;
  }
}

/** Time itself is what a slow server is made of. */
function passed(span: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, span));
}

function takesLetter(act: Act): boolean {
  const text = typeof act === "object" ? replyOf(act) : act;
  return typeof text === "string" && /^[23]/.test(text);
}

/** What it says at once to be answered by more; null where it hangs up or does not read on. */
function replyOf(act: Exclude<Act, string | symbol>): string | null {
  if ("unasked" in act) return act.first;
  if ("drowsy" in act) return act.drowsy;
  return "late" in act ? act.late : null;
}
