/**
 * A mail server in plain text that does as it is told at each point, and keeps
 * every letter that it heard to the end, with what it made of it.
 *
 * @module
 */

import { type Duration, type Instant, SECOND } from "../../lib/clock.ts";
import { DROP, SILENCE } from "./smtp_script.ts";
import { type Cue, cueOf, lines, reply } from "./smtp_wire.ts";
import { close, write } from "./wire.ts";

/** A letter that was heard up to its final dot. */
export interface KeptLetter {
  readonly at: Instant;
  readonly to: string;
  /** As it was sent, a byte a character, without the final dot. */
  readonly raw: string;
  readonly messageId: string;
  /**
   * `taken` was answered by a yes, `unanswered` by nothing that its sender
   * could read: the server has it all the same. `refused` it has not.
   */
  readonly fate: "taken" | "unanswered" | "refused";
}

/** What the server does at a point: replies, at once or late, says nothing, hangs up, or replies a byte a second. */
export type Act =
  | string
  | { readonly late: string; readonly after: Duration }
  | typeof SILENCE
  | typeof DROP
  | { readonly trickle: string };

/** What it does at each point, or null for the usual; the address is known from RCPT on. */
export type Conduct = (cue: Cue, to: string | null) => Act | null;

/** Between two bytes of a reply that trickles. */
const TRICKLE_EVERY: Duration = SECOND;

const USUAL: Readonly<Record<Cue, string>> = {
  greeting: "220 post.test ESMTP",
  EHLO: "250-post.test\n250-AUTH PLAIN LOGIN\n250 8BITMIME",
  HELO: "250 post.test",
  STARTTLS: "502 5.5.1 not here",
  AUTH: "235 2.7.0 welcome",
  MAIL: "250 2.1.0 ok",
  RCPT: "250 2.1.5 ok",
  DATA: "354 go ahead",
  letter: "250 2.0.0 taken",
  QUIT: "221 bye",
};

/** A server that does the usual until it is told otherwise. Disposed of, it hangs up on everyone. */
export class PostOffice implements AsyncDisposable {
  /** Every letter that was heard whole, in order. */
  readonly letters: KeptLetter[] = [];
  /** How often it was called. */
  calls = 0;
  #conduct: Conduct = () => null;
  #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  #served: Promise<void>;
  readonly #connections = new Set<Deno.Conn>();
  readonly port = this.#listener.addr.port;

  constructor() {
    this.#served = this.#serve();
  }

  /** The settings that have the program mail by it to these addresses. */
  settings(...addresses: readonly string[]): Readonly<Record<string, string>> {
    return {
      ADMIN_EMAILS: addresses.join(","),
      SMTP_HOST: "127.0.0.1",
      SMTP_PORT: String(this.port),
      SMTP_SECURITY: "none",
      MAIL_FROM: "stillalive@example.test",
    };
  }

  /** The letters that the server has, whether its sender knows or not. */
  get delivered(): readonly KeptLetter[] {
    return this.letters.filter(({ fate }) => fate !== "refused");
  }

  /** Has it do this from now on. */
  behave(conduct: Conduct): void {
    this.#conduct = conduct;
  }

  /** Has it do the usual again. */
  recover(): void {
    this.#conduct = () => null;
  }

  /** Refuses connections, and hangs up on everyone. */
  async goDown(): Promise<void> {
    this.#listener.close();
    for (const connection of this.#connections) close(connection);
    await this.#served;
  }

  /** Listens again, on the same port. */
  comeUp(): void {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: this.port });
    this.#served = this.#serve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.goDown();
  }

  async #serve(): Promise<void> {
    const conversations = new Set<Promise<void>>();
    for await (const connection of this.#listener) {
      this.calls++;
      this.#connections.add(connection);
      const conversation = this.#converse(connection);
      conversations.add(conversation);
      conversation.finally(() => conversations.delete(conversation));
    }
    await Promise.all(conversations);
  }

  async #converse(connection: Deno.Conn): Promise<void> {
    const letter: string[] = [];
    let isLetter = false;
    let to: string | null = null;
    await act(connection, this.#conduct("greeting", to) ?? USUAL.greeting);
    for await (const line of lines(connection)) {
      if (isLetter && line !== ".") {
        letter.push(line);
        continue;
      }
      const cue: Cue | null = isLetter ? "letter" : cueOf(line);
      if (cue === null) continue;
      if (cue === "RCPT") to = line.slice(line.indexOf("<") + 1, line.lastIndexOf(">"));
      const told: Act = this.#conduct(cue, to) ?? USUAL[cue];
      // Kept before it is answered: whoever hears the answer finds it here.
      if (cue === "letter") this.#keep(letter.splice(0).join("\r\n"), to ?? "", told);
      await act(connection, told);
      isLetter = cue === "DATA" && typeof told === "string" && told.startsWith("3");
    }
    close(connection);
    this.#connections.delete(connection);
  }

  #keep(raw: string, to: string, told: Act): void {
    const messageId = /^message-id: *(<[^>]*>)/im.exec(raw)?.[1] ?? "";
    this.letters.push({ at: Date.now(), to, raw, messageId, fate: fateBy(told) });
  }
}

async function act(connection: Deno.Conn, told: Act): Promise<void> {
  if (told === DROP) close(connection);
  else if (typeof told === "string") await write(connection, reply(told));
  else if (typeof told !== "object") return;
  else if ("late" in told) setTimeout(() => write(connection, reply(told.late)), told.after);
  else trickle(connection, reply(told.trickle));
}

/** Goes on by itself, for as long as anyone is there. */
function trickle(connection: Deno.Conn, text: string): void {
  const bytes = [...text];
  const timer = setInterval(() => {
    const byte = bytes.shift();
    if (byte === undefined) clearInterval(timer);
    else write(connection, byte).catch(() => clearInterval(timer));
  }, TRICKLE_EVERY);
}

function fateBy(act: Act): KeptLetter["fate"] {
  const reply = typeof act === "object" && "late" in act ? act.late : act;
  if (typeof reply !== "string") return "unanswered";
  return reply.startsWith("2") ? "taken" : /^[45]\d\d /.test(reply) ? "refused" : "unanswered";
}
