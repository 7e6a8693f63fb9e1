/**
 * One connection to the mail server, step by step.
 *
 * @module
 */

import type net from "node:net";
import { Readable } from "node:stream";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import { DAY, type Duration, SECOND } from "../clock.ts";
import type { SmtpConfig } from "../config.ts";
import { Conversation } from "./conversation.ts";
import type { Limits } from "./limits.ts";
import type { Parcel } from "./mime.ts";
import { reach } from "./reach.ts";
import type { Asked } from "./replies.ts";
import { type Break, type Progress, step } from "./step.ts";
import { trust } from "./trust.ts";

/** How the handing over of a letter went. */
export interface Handover {
  readonly broken: Break | null;
  /** The reply to a letter that was taken, else empty. */
  readonly reply: string;
  /** Whether the final dot may have been sent, so that the server may have the letter. */
  readonly isDotSent: boolean;
}

/** How long the server may take to answer QUIT. */
const QUIT_LIMIT: Duration = 1 * SECOND;

/** Nodemailer's limits: ours come first. */
const NEVER: Duration = DAY;

/** How much of a letter is handed on at a time, in bytes: little enough that the network holds the rest back. */
const CHUNK_SIZE = 16 * 1024;

/** An open connection. Its steps are taken once each, in this order. */
export class Line {
  readonly #signal: AbortSignal;
  readonly #socket: net.Socket;
  readonly #smtp: SMTPConnection;
  readonly #conversation: Conversation;

  private constructor(config: SmtpConfig, limits: Limits, signal: AbortSignal, socket: net.Socket) {
    this.#signal = signal;
    this.#socket = socket;
    this.#conversation = new Conversation(config, limits);
    this.#smtp = new SMTPConnection({
      connection: socket,
      host: config.host,
      name: config.name,
      secure: config.security === "tls",
      secured: config.security === "tls",
      requireTLS: config.security === "starttls",
      ignoreTLS: config.security === "none",
      tls: trust(config.authorities),
      logger: this.#conversation.logger,
      transactionLog: true,
      greetingTimeout: NEVER,
      connectionTimeout: NEVER,
      socketTimeout: NEVER,
      // Nodemailer's close() hangs up at once; leave() is the polite way.
      socketCloseTimeout: 0,
    });
    // Who is concerned listens during a step; between steps an error must not bring us down,
    // and the next step finds the connection closed.
    this.#smtp.on("error", () => {});
  }

  /** Connects, with TLS where it comes first. */
  static async open(
    config: SmtpConfig,
    limits: Limits,
    signal: AbortSignal,
  ): Promise<Line | Break> {
    const reached = await reach({ config, limits, signal });
    if (reached.kind !== "reached") return reached;
    const { socket } = reached;
    // nodemailer asks for it a turn later, when the socket may be closed: Deno 2.6 then throws
    // where nobody can catch it. A letter is written in one piece, so nothing is lost by it.
    socket.setNoDelay = () => socket;
    return new Line(config, limits, signal, socket);
  }

  /** Hears the greeting and says EHLO, with STARTTLS where the settings want it. */
  greet(): Promise<Break | null> {
    return this.#step("greeting", ({ done }) => this.#smtp.connect(done));
  }

  /** Whether the server takes passwords, or will not say. */
  get hasAuth(): boolean {
    return this.#smtp.allowsAuth;
  }

  /** AUTH. */
  logIn({ user, password }: NonNullable<SmtpConfig["login"]>): Promise<Break | null> {
    return this.#step("AUTH", ({ done }) => this.#smtp.login({ user, pass: password }, done));
  }

  /** One SMTP transaction. */
  async hand({ envelope, bytes }: Parcel): Promise<Handover> {
    const conversation = this.#conversation;
    const letter = reader(bytes, () => conversation.blockBegun());
    let reply = "";
    let isDotSent = false;
    const broken = await this.#step("MAIL", ({ done }) => {
      // Nodemailer writes the dot when it has heard of the end itself, after us.
      letter.once("end", () => {
        isDotSent = true;
        conversation.dotSent();
      });
      this.#smtp.send({ ...envelope }, letter, (error, info) => {
        if (!error) reply = info.response;
        done(error);
      });
    });
    // No dot may follow once we have said that there was none.
    if (letter.readableDidRead && !isDotSent) this.#hangUp();
    else if (broken !== null) this.leave(broken);
    return { broken, reply, isDotSent };
  }

  /** Ends the connection: with QUIT if the server still talks to us, without if not. */
  leave(broken: Break | null): void {
    if (this.#smtp.destroyed) return;
    if (broken !== null && broken.kind !== "error") return this.#hangUp();
    // Nothing depends on the answer.
    const timer = setTimeout(() => this.#hangUp(), QUIT_LIMIT);
    this.#smtp.once("end", () => clearTimeout(timer));
    this.#smtp.quit();
  }

  /** A step of the conversation, which begins by asking this. */
  #step(asked: Asked, begin: (progress: Progress) => void): Promise<Break | null> {
    return step(this.#conversation.answerTo(asked), this.#signal, (progress) => {
      progress.watch(this.#smtp, "end");
      this.#conversation.follow(progress);
      begin(progress);
    });
  }

  #hangUp(): void {
    this.#smtp.close();
    this.#socket.destroy();
  }
}

/** Reads a letter as fast as it is asked for, so that its end means that it has left. */
function reader(bytes: Uint8Array, onBlock: () => void): Readable {
  let at = 0;
  return new Readable({
    highWaterMark: CHUNK_SIZE,
    read() {
      onBlock();
      const chunk = bytes.subarray(at, at + CHUNK_SIZE);
      at += chunk.length;
      this.push(chunk.length === 0 ? null : chunk);
    },
  });
}
