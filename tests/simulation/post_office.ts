/** The mail server of the simulation: it takes letters, or does not, as the weather is. */

import { type Duration, MINUTE, SECOND } from "../../lib/clock.ts";
import type { Call, Connection, Delivery, Mail, Mailer, Session } from "../../lib/outbox.ts";
import type { Passed } from "./agenda.ts";
import type { Life } from "./life.ts";
import type { DoorEvent, Knock, Trial, Weather } from "./mail_trial.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

/** How long the server takes at most for what it does at once. */
const PROMPT: Duration = 2 * SECOND;

/** How long a slow server may take before the mailer gives up, at each point (RFC 5321, 4.5.3.2). */
const GREETING: Duration = 5 * MINUTE;
const PASSWORD: Duration = 5 * MINUTE;
const FINAL_REPLY: Duration = 10 * MINUTE;

/** How long a server puts off the refusal of a password on purpose, at most. */
const DENIAL: Duration = 17 * SECOND;

/** How many tries end in a crash, and how many answers just before one. */
const DEADLY = 0.02;

/** Whose connection it is. */
interface Caller {
  readonly life: Life;
  readonly signal: AbortSignal;
  readonly knock: Knock;
}

/** Takes letters. */
export class PostOffice {
  weather: Weather = "fair";
  /** Addresses that are refused now, and since when. */
  readonly refused = new Map<string, Passed>();
  readonly trials: Trial[] = [];
  readonly knocks: Knock[] = [];
  readonly events: DoorEvent[] = [];
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

  /** The process has died: what was under way may have reached the server. */
  onDeath(life: Life): void {
    for (const trial of this.trials) {
      if (trial.life !== life || trial.endedAt !== null) continue;
      trial.endedAt = this.#world.time.passed;
      const isTaking = this.weather === "fair" || this.weather === "slow";
      trial.isTaken = isTaking && !this.refused.has(trial.mail.to) && this.#random.chance(0.5);
    }
    for (const knock of this.knocks) knock.isOver = true;
  }

  #connect(life: Life, signal: AbortSignal): Promise<Call> {
    life.stir();
    const knock = { life, beganAt: this.#world.time.passed, isOver: false, hasLetter: false };
    this.knocks.push(knock);
    const caller = { life, signal, knock };
    this.#note(knock, "called");
    const isRefused = this.weather === "unreachable";
    const isSlow = (isRefused || this.weather === "slow") && this.#random.chance(0.5);
    return this.#later(this.#delay(isSlow ? GREETING : PROMPT), caller, (isAborted): Call => {
      if (isAborted || isRefused) return this.#shut(caller, isAborted ? "left" : "refused");
      this.#note(knock, "greeted");
      return {
        outcome: "greeted",
        logIn: () => this.#logIn(caller),
        close: () => this.#leave(caller),
      };
    });
  }

  #logIn(caller: Caller): Promise<Connection> {
    caller.life.stir();
    this.#note(caller.knock, "shown the password");
    const isDenied = this.weather === "denying";
    const isSlow = this.weather === "slow" && this.#random.chance(0.3);
    const delay = this.#delay(isDenied ? DENIAL : isSlow ? PASSWORD : PROMPT);
    return this.#later(delay, caller, (isAborted): Connection => {
      if (isAborted || isDenied) return this.#shut(caller, isAborted ? "left" : "denied");
      this.#note(caller.knock, "let in");
      return { outcome: "ready", session: this.#session(caller) };
    });
  }

  #shut(
    { knock }: Caller,
    what: "left" | "refused" | "denied",
  ): Extract<Call, { readonly outcome: "unreachable" }> {
    knock.isOver = true;
    this.#note(knock, what);
    return { outcome: "unreachable", reason: `${what} by the server`, hint: null };
  }

  #leave({ knock }: Caller): void {
    if (knock.isOver) return;
    knock.isOver = true;
    this.#note(knock, "left");
  }

  #note(knock: Knock, what: DoorEvent["what"]): void {
    this.events.push({ knock, what });
  }

  #session(caller: Caller): Session {
    return { send: (mail) => this.#send(mail, caller), close: () => this.#leave(caller) };
  }

  #send(mail: Mail, caller: Caller): Promise<Delivery> {
    const { life, knock } = caller;
    life.stir();
    knock.hasLetter = true;
    const { time, agenda, isCalm } = this.#world;
    const beganAt = time.passed;
    const rest = { endedAt: null, outcome: null, isTaken: false };
    const trial: Trial = { mail, life, knock, beganAt, ...rest };
    this.trials.push(trial);
    if (!isCalm && this.#random.chance(DEADLY)) {
      agenda.add(beganAt + this.#random.whole(0, PROMPT), () => life.kill());
    }
    const { weather } = this;
    const isSlow = weather === "unanswering" || (weather === "slow" && this.#random.chance(0.5));
    return this.#later(this.#delay(isSlow ? FINAL_REPLY : PROMPT), caller, (isAborted) => {
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
      case "slow":
      case "denying":
      case "unreachable":
        return { outcome: "sent", reply: "250 taken" };
    }
  }

  #delay(atMost: Duration): Duration {
    return this.#random.whole(0, atMost);
  }

  /** Resolves after the delay, or at once when told to end; never for a dead process. */
  #later<T>(
    delay: Duration,
    { life, signal }: Caller,
    answer: (isAborted: boolean) => T,
  ): Promise<T> {
    const { agenda, time, host } = this.#world;
    return new Promise((resolve) => {
      const settle = (isAborted: boolean) => {
        agenda.remove(entry);
        signal.removeEventListener("abort", abort);
        if (life.isDead) return;
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
