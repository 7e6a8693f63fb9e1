/** The mail server of the simulation: it takes letters, or does not, as the weather is. */

import { type Duration, MINUTE, SECOND } from "../../lib/clock.ts";
import type { Connection, Delivery, Mail, Mailer, Session } from "../../lib/outbox.ts";
import type { Passed } from "./agenda.ts";
import type { Life } from "./life.ts";
import type { Knock, Trial, Weather } from "./mail_trial.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

/** How long the server takes at most for what it does at once. */
const PROMPT: Duration = 2 * SECOND;

/** How long a server may be silent before the mailer gives up. */
const SILENT: Duration = MINUTE;

/** How many tries end in a crash, and how many answers just before one. */
const DEADLY = 0.02;

/** Takes letters. */
export class PostOffice {
  weather: Weather = "fair";
  /** Addresses that are refused now, and since when. */
  readonly refused = new Map<string, Passed>();
  /** Since when nothing has been under way. */
  quietSince: Passed = 0;
  readonly trials: Trial[] = [];
  readonly knocks: Knock[] = [];
  readonly #world: World;
  readonly #random: Random;

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  /** Begins to refuse an address, or ends it. */
  refuse(address: string, isRefused: boolean): void {
    const { passed } = this.#world.time;
    const since = this.refused.get(address);
    if (isRefused) this.refused.set(address, since ?? passed);
    else this.refused.delete(address);
  }

  /** How long an address was refused on end, as far as tries could tell. */
  longestRefusal(address: string): Duration {
    let longest = 0;
    let first: Trial | null = null;
    for (const trial of this.trials) {
      if (trial.mail.to !== address || trial.outcome === null) continue;
      if (trial.outcome !== "refused") first = null;
      else {
        first ??= trial;
        longest = Math.max(longest, (trial.endedAt ?? 0) - (first.endedAt ?? 0));
      }
    }
    return longest;
  }

  /** The way to the server for one process. */
  mailerOf(life: Life): Mailer {
    return { connect: (signal) => this.#connect(life, signal) };
  }

  /** Whether something is under way. */
  get isBusy(): boolean {
    return this.trials.at(-1)?.endedAt === null || this.knocks.at(-1)?.endedAt === null;
  }

  /** The process has died: what was under way may have reached the server. */
  onDeath(life: Life): void {
    for (const trial of this.trials) {
      if (trial.life !== life || trial.endedAt !== null) continue;
      trial.endedAt = this.#world.time.passed;
      trial.isTaken = this.weather === "fair" && !this.refused.has(trial.mail.to) &&
        this.#random.chance(0.5);
    }
    for (const knock of this.knocks) knock.endedAt ??= this.#world.time.passed;
    this.quietSince = this.#world.time.passed;
  }

  #connect(life: Life, signal: AbortSignal): Promise<Connection> {
    life.stir();
    const { time } = this.#world;
    const idleSince = this.isBusy ? time.passed : this.quietSince;
    const knock: Knock = {
      life,
      beganAt: time.passed,
      idleSince,
      endedAt: null,
      isLetIn: false,
    };
    this.knocks.push(knock);
    const isLetIn = this.weather !== "unreachable";
    return this.#later(this.#delay(isLetIn), { life, signal }, (isAborted): Connection => {
      knock.endedAt = time.passed;
      if (isAborted || !isLetIn) {
        return { outcome: "unreachable", reason: "connection refused", hint: null };
      }
      knock.isLetIn = true;
      return { outcome: "ready", session: this.#session(life, signal) };
    });
  }

  #session(life: Life, signal: AbortSignal): Session {
    return { send: (mail) => this.#send(mail, life, signal), close: () => {} };
  }

  #send(mail: Mail, life: Life, signal: AbortSignal): Promise<Delivery> {
    life.stir();
    const { time, agenda, isCalm } = this.#world;
    const beganAt = time.passed;
    const trial: Trial = { mail, life, beganAt, endedAt: null, outcome: null, isTaken: false };
    this.trials.push(trial);
    const isPrompt = this.weather !== "unanswering";
    if (!isCalm && this.#random.chance(DEADLY)) {
      agenda.add(beganAt + this.#random.whole(0, PROMPT), () => life.kill());
    }
    return this.#later(this.#delay(isPrompt), { life, signal }, (isAborted): Delivery => {
      const delivery = this.#answer(mail, isAborted);
      trial.endedAt = time.passed;
      trial.outcome = delivery.outcome;
      trial.isTaken = delivery.outcome === "sent" ||
        (delivery.outcome === "unanswered" && this.#random.chance(0.5));
      if (!isCalm && this.#random.chance(DEADLY)) life.lightFuse(this.#random.whole(1, 6));
      return delivery;
    });
  }

  #answer({ to }: Mail, isAborted: boolean): Delivery {
    // Cut off before the final dot, or after it.
    if (isAborted) {
      const outcome = this.#random.pick(["deferred", "unanswered"]);
      return { outcome, reason: "ended", hint: null };
    }
    if (this.refused.has(to)) return { outcome: "refused", reason: "550 nobody", hint: null };
    switch (this.weather) {
      case "deferring":
        return { outcome: "deferred", reason: "451 later", hint: null };
      case "rejecting":
        return { outcome: "rejected", reason: "554 no", hint: null };
      case "unanswering":
        return { outcome: "unanswered", reason: "no answer", hint: null };
      case "fair":
      case "unreachable":
        return { outcome: "sent", reply: "250 taken" };
    }
  }

  #delay(isPrompt: boolean): Duration {
    return this.#random.whole(0, isPrompt ? PROMPT : SILENT);
  }

  /** Resolves after the delay, or at once when told to end; never for a dead process. */
  #later<T>(
    delay: Duration,
    { life, signal }: { readonly life: Life; readonly signal: AbortSignal },
    answer: (isAborted: boolean) => T,
  ): Promise<T> {
    const { agenda, time, host } = this.#world;
    return new Promise((resolve) => {
      const settle = (isAborted: boolean) => {
        agenda.remove(entry);
        signal.removeEventListener("abort", abort);
        if (life.isDead) return;
        this.quietSince = time.passed;
        resolve(answer(isAborted));
      };
      const abort = () => settle(true);
      const arrive = () => {
        // Who sleeps hears of it when they wake.
        if (host.pausedUntil > time.passed) entry = agenda.add(host.pausedUntil, arrive);
        else settle(false);
      };
      let entry = agenda.add(time.passed + delay, arrive);
      signal.addEventListener("abort", abort, { once: true });
      if (signal.aborted) abort();
    });
  }
}
