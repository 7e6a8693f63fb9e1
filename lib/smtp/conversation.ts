/**
 * The conversation with a mail server: which reply is awaited, and how long.
 *
 *  send()  MAIL ──▶ RCPT ──▶ DATA ──▶ block … block ──▶ final dot ──▶
 *
 * Nodemailer says several things in one call, and only its transaction log, a
 * public option of it, tells each command and each whole reply as it passes.
 * Commands that were sent together are answered one after the other.
 *
 * @module
 */

import type { ExternalLogger } from "nodemailer/lib/shared";
import type { SmtpConfig } from "../config.ts";
import { type HintName, silenceHint } from "../hint.ts";
import type { Limits } from "./limits.ts";
import type { Asked } from "./replies.ts";
import type { Progress, Wait } from "./step.ts";

/** Hears what is said. */
export class Conversation {
  readonly #limits: Limits;
  readonly #ifSilent: HintName | null;
  /** What was asked and not answered, in order. */
  readonly #asked: Asked[] = ["greeting"];
  #waitFor: Progress["waitFor"] = () => {};

  constructor(config: SmtpConfig, limits: Limits) {
    this.#limits = limits;
    this.#ifSilent = silenceHint(config)?.name ?? null;
  }

  /** Where nodemailer writes its transaction log. Nothing is kept of it: a reply may repeat the password. */
  get logger(): ExternalLogger {
    return { debug: ({ tnx }: { readonly tnx?: string }, text: string) => this.#hear(tnx, text) };
  }

  /** Tells this step from now on what is waited for. */
  follow({ waitFor }: Progress): void {
    this.#waitFor = waitFor;
  }

  /** What is waited for once this was asked. */
  answerTo(asked: Asked): Wait {
    const { greeting, command, data } = this.#limits;
    if (asked === "greeting") {
      return { state: "no greeting", limit: greeting, hint: this.#ifSilent };
    }
    const limit = asked === "DATA" ? data : command;
    return { state: `no answer to ${asked}`, limit, hint: null };
  }

  /** A block of the letter is on its way. */
  blockBegun(): void {
    this.#waitFor({
      state: "the letter was read no further",
      limit: this.#limits.block,
      hint: null,
    });
  }

  /** The final dot is. */
  dotSent(): void {
    this.#waitFor({ state: "no answer", limit: this.#limits.finalReply, hint: null });
  }

  #hear(whose: string | undefined, text: string): void {
    if (whose === "client") {
      this.#asked.push(askedBy(text));
      if (this.#asked.length > 1) return;
    } else if (whose === "server") {
      const answered = this.#asked.shift();
      if (answered === "STARTTLS") {
        this.#waitFor({ state: "no TLS", limit: this.#limits.command, hint: null });
      }
    } else return;
    const [next] = this.#asked;
    if (next !== undefined) this.#waitFor(this.answerTo(next));
  }
}

const COMMANDS: readonly Asked[] = ["EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA"];

/** What a line asks. What begins with no command of ours is part of a login, but for what stands for EHLO. */
function askedBy(line: string): Asked {
  if (line.startsWith("HELO ")) return "EHLO";
  return COMMANDS.find((each) => line === each || line.startsWith(`${each} `)) ?? "AUTH";
}
