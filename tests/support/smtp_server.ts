/**
 * A real mail server that keeps what it takes.
 *
 * @module
 */

import { type ParsedMail, simpleParser } from "mailparser";
import type { Buffer } from "node:buffer";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import { SECOND } from "../../lib/clock.ts";
import type { SmtpConfig } from "../../lib/config.ts";
import { authority, type CertificateName, TlsFront } from "./smtp_tls.ts";

/** A letter that the server took. */
export interface TakenLetter {
  readonly from: string;
  readonly to: readonly string[];
  /** As it was sent, the final dot apart. */
  readonly raw: string;
  readonly parsed: ParsedMail;
}

/** What the server refuses. */
export interface Refusal {
  readonly at: "greeting" | "AUTH" | "MAIL" | "RCPT" | "letter";
  /** Only for this recipient; at RCPT and for the letter. */
  readonly address?: string;
  readonly code: number;
  /** With its enhanced code, if it is to have one. */
  readonly text: string;
}

/** How the server is set up. */
export interface ServerOptions {
  readonly security?: SmtpConfig["security"];
  readonly certificate?: CertificateName;
  /** The one login it lets in; without, it asks for none. */
  readonly login?: { readonly user: string; readonly password: string };
}

/** Starts one on a free port of 127.0.0.1. */
export async function mailServer(options: ServerOptions = {}): Promise<MailServer> {
  const server = new MailServer(options);
  await server.comeUp();
  return server;
}

/** A server; disposed of, it goes down. */
export class MailServer implements AsyncDisposable {
  readonly letters: TakenLetter[] = [];
  /** How often it was shown a password. */
  logins = 0;
  readonly #options: ServerOptions;
  readonly #waiting: { readonly count: number; readonly resolve: (letter: TakenLetter) => void }[] =
    [];
  #refusals: readonly Refusal[] = [];
  #hold: (() => Promise<void>) | null = null;
  #server: SMTPServer | null = null;
  #front: TlsFront | null = null;
  #port = 0;

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  /** The settings that reach it. */
  get config(): SmtpConfig {
    return {
      host: "localhost",
      port: this.#port,
      security: this.#options.security ?? "none",
      login: this.#options.login ?? null,
      authorities: authority(),
      from: "stillalive@example.test",
      name: "stillalive.example.test",
    };
  }

  /** The letter that makes `count` of them, as soon as it is there. */
  letter(count: number): Promise<TakenLetter> {
    const taken = this.letters[count - 1];
    if (taken !== undefined) return Promise.resolve(taken);
    const { promise, resolve } = Promise.withResolvers<TakenLetter>();
    this.#waiting.push({ count, resolve });
    return promise;
  }

  /** Refuses this from now on, and nothing else. */
  refuse(...refusals: readonly Refusal[]): void {
    this.#refusals = refusals;
  }

  /** Takes its time over the next letter: it is kept and answered once it is let go. */
  hold(): { readonly letter: Promise<void>; readonly letGo: () => void } {
    const come = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    this.#hold = () => {
      come.resolve();
      return gone.promise;
    };
    return { letter: come.promise, letGo: gone.resolve };
  }

  /** Listens, on the same port as before it went down. */
  async comeUp(): Promise<void> {
    const { security = "none", certificate = "server" } = this.#options;
    const server = this.#newServer();
    this.#server = server;
    const backend = await listen(server, security === "none" ? this.#port : 0);
    if (security === "none") {
      this.#port = backend;
    } else {
      this.#front = new TlsFront({ security, certificate, port: this.#port, backend });
      this.#port = this.#front.port;
    }
  }

  /** Hangs up on everyone and refuses connections. */
  async goDown(): Promise<void> {
    await this.#front?.[Symbol.asyncDispose]();
    if (this.#server !== null) await close(this.#server);
    this.#front = null;
    this.#server = null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.goDown();
  }

  #newServer(): SMTPServer {
    const { login } = this.#options;
    return new SMTPServer({
      disabledCommands: login === undefined ? ["STARTTLS", "AUTH"] : ["STARTTLS"],
      allowInsecureAuth: true,
      authOptional: login === undefined,
      disableReverseLookup: true,
      // In milliseconds: whoever is still connected when it goes down is not waited for.
      closeTimeout: 1,
      name: "mail.test",
      logger: false,
      onConnect: (_session, callback) => callback(this.#refusal("greeting", [])),
      onAuth: ({ username, password }, _session, callback) => {
        this.logins++;
        const isRight = username === login?.user && password === login?.password;
        const wrong = isRight ? null : refused({ at: "AUTH", code: 535, text: "5.7.8 not you" });
        callback(this.#refusal("AUTH", []) ?? wrong, { user: username });
      },
      onMailFrom: (_address, _session, callback) => callback(this.#refusal("MAIL", [])),
      onRcptTo: ({ address }, _session, callback) => callback(this.#refusal("RCPT", [address])),
      onData: (stream, session, callback) => {
        this.#take(stream, session).then((refusal) => callback(refusal), callback);
      },
    });
  }

  async #take(
    stream: SMTPServerDataStream,
    { envelope }: SMTPServerSession,
  ): Promise<Error | null> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const to = envelope.rcptTo.map(({ address }) => address);
    const hold = this.#hold;
    this.#hold = null;
    await hold?.();
    const refusal = this.#refusal("letter", to);
    if (refusal !== null) return refusal;
    const raw = chunks.map((chunk) => chunk.toString("latin1")).join("");
    const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
    const letter = { from, to, raw, parsed: await simpleParser(raw) };
    this.letters.push(letter);
    for (const { count, resolve } of this.#waiting) {
      if (count === this.letters.length) resolve(letter);
    }
    return null;
  }

  #refusal(at: Refusal["at"], to: readonly string[]): Error | null {
    const refusal = this.#refusals.find((each) =>
      each.at === at && (each.address === undefined || to.includes(each.address))
    );
    return refusal === undefined ? null : refused(refusal);
  }
}

function refused({ code, text }: Refusal): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

function listen(server: SMTPServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    const listener = server.listen(port, "127.0.0.1", () => {
      // From here on an error is a client's, which hung up.
      server.off("error", reject).on("error", () => {});
      resolve((listener.address() as AddressInfo).port);
    });
  });
}

function close(server: SMTPServer): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  // Deno 2.6 miscounts connections, and then only a timer of the server ends this, which
  // alone would not keep the program running.
  const awake = setInterval(() => {}, SECOND);
  server.close(resolve);
  return promise.finally(() => clearInterval(awake));
}
