/** Holds what the mail server saw against rules 6 and 9. */

import { type Duration, HOUR } from "../../lib/clock.ts";
import { Failure } from "./failure.ts";
import { DoorOracle } from "./door_oracle.ts";
import { PUNCTUALITY, waitAfter } from "./mail_rules.ts";
import type { Observer } from "./observer.ts";
import { OccasionOracle } from "./occasion_oracle.ts";
import type { Trial } from "./mail_trial.ts";
import type { MessageRow, OutboxWitness } from "./outbox_witness.ts";
import { PunctualityOracle } from "./punctuality_oracle.ts";
import type { News } from "./witness.ts";
import type { World } from "./world.ts";

/** All tries of one message. */
interface Message {
  readonly to: string;
  readonly trials: Trial[];
  /** By the hand of time that only goes ahead, see {@linkcode MachineTime.most}. */
  endedAtMost: Duration;
  /** The server has it, and a service that could write has written that down. */
  isSettled: boolean;
  /** Its text stands. */
  isFrozen: boolean;
}

/** Judges letters. */
export class MailOracle {
  readonly messages = new Map<string, Message>();
  readonly #world: World;
  readonly #observer: Observer;
  readonly #occasions: OccasionOracle;
  readonly #door: DoorOracle;
  readonly #punctuality: PunctualityOracle;
  /** The server took them, and they do not count as sent yet. */
  readonly #unsettled = new Set<Trial>();
  readonly #open = new Set<Trial>();
  /** The message of each debt. */
  readonly #messageOf = new Map<string, string>();
  readonly #distress = new Map<string, Trial>();
  /** Letters of processes that ended because nobody could connect. */
  readonly #farewells = new Set<Trial>();
  #trials = 0;

  constructor(world: World, observer: Observer) {
    this.#world = world;
    this.#observer = observer;
    this.#occasions = new OccasionOracle(world);
    this.#door = new DoorOracle(world, observer);
    this.#punctuality = new PunctualityOracle(world, this.#door);
  }

  /** Whether all that is owed was told, at the end of a run. */
  close(): void {
    this.#occasions.close();
  }

  /** Judges what has happened since the last look. */
  look(news: News, witness: OutboxWitness): void {
    const { post } = this.#world;
    this.#occasions.take(news);
    this.#door.look();
    for (const trial of this.#open) if (trial.endedAt !== null) this.#end(trial);
    for (const trial of post.trials.slice(this.#trials)) this.#begin(trial, witness);
    this.#trials = post.trials.length;
    this.#findSettled(witness);
    this.#findLate(witness);
  }

  #begin(trial: Trial, witness: OutboxWitness): void {
    const { mail } = trial;
    const message = this.messages.get(mail.messageId);
    this.#observer.remark(null, `try ${mail.messageId.slice(1, 9)} to ${mail.to}: ${mail.subject}`);
    if (message === undefined) this.#beginFirst(trial, witness);
    else this.#beginAgain(message, trial, witness);
    if (trial.endedAt === null) this.#open.add(trial);
    else this.#end(trial);
  }

  #beginFirst(trial: Trial, witness: OutboxWitness): void {
    const { mail } = trial;
    const message = {
      to: mail.to,
      trials: [trial],
      endedAtMost: 0,
      isSettled: false,
      isFrozen: false,
    };
    this.messages.set(mail.messageId, message);
    const row = witness.message(mail.messageId);
    if (row === null) {
      this.#beginDistress(trial);
      return;
    }
    this.#occasions.compose(trial, row);
    // What was put into words before a crash stands, though it was not tried.
    const isOld = mail.date !== this.#world.time.wall;
    message.isFrozen = isOld;
    if (!isOld) this.#occasions.begin(trial, row);
    if (row.kind !== "news" || isOld) return;
    this.#findSecond(mail.messageId, row);
    const left = witness.owed(mail.to, this.#world.time.wall);
    if (left > 0) this.#fail("late", `a letter to ${mail.to} leaves ${left} debts behind`);
    this.#punctuality.begin(trial, row);
  }

  /** Whether one piece of news is told in a second message. */
  #findSecond(messageId: string, { debts }: MessageRow): void {
    for (const debt of debts?.split(",") ?? []) {
      const first = this.#messageOf.get(debt);
      if (first !== undefined && first !== messageId) {
        this.#fail("doubled", `a debt of message ${first} is in ${messageId} as well`);
      }
      this.#messageOf.set(debt, messageId);
    }
  }

  /** A letter from memory: about trouble that cannot be written down, once an hour. */
  #beginDistress(trial: Trial): void {
    const { mail: { to, subject }, life } = trial;
    const { time, host, isTroubled } = this.#world;
    // That it ends, for its door cannot be opened, it tells whatever it told before.
    if (host.doorway?.isShut === true && subject.startsWith("Nobody can connect")) {
      this.#farewells.add(trial);
      return;
    }
    if (!isTroubled) this.#fail("broken", `a letter to ${to} is in no outbox`);
    const last = this.#distress.get(to);
    if (last?.life === life && last.outcome === "sent" && time.passed - last.beganAt < HOUR) {
      this.#fail("late", `${to} is told of trouble twice within an hour`);
    }
    this.#distress.set(to, trial);
  }

  #beginAgain(message: Message, trial: Trial, witness: OutboxWitness): void {
    const { mail: { messageId, to, text, subject, html } } = trial;
    const { time, host } = this.#world;
    const last = message.trials.at(-1);
    if (last === undefined) return;
    const name = `message ${messageId} to ${to}`;
    if (message.isSettled) this.#fail("doubled", `${name} was taken, and comes again`);
    const isSame = last.mail.text === text && last.mail.subject === subject &&
      last.mail.html === html;
    if (message.isFrozen && !isSame) {
      this.#fail("doubled", `${name} may be there with another text`);
    }
    const isForced = host.forcedAt >= (last.endedAt ?? 0);
    if (last.life === trial.life && last.outcome !== null && !isForced) {
      const wait = time.most - message.endedAtMost;
      const due = waitAfter(last.outcome, message.trials.length);
      if (wait < due) this.#fail("late", `${name} is tried again after ${wait} of ${due} ms`);
    }
    message.trials.push(trial);
    const row = witness.message(messageId);
    if (row === null) return;
    if (!isSame) this.#occasions.compose(trial, row);
    this.#findSecond(messageId, row);
  }

  #end(trial: Trial): void {
    const { mail: { messageId, to }, outcome } = trial;
    this.#open.delete(trial);
    const message = this.messages.get(messageId);
    if (message === undefined) return;
    message.endedAtMost = this.#world.time.most;
    if (outcome === null || outcome === "unanswered") message.isFrozen = true;
    const text = `${messageId.slice(1, 9)} to ${to}: ${outcome ?? "the process died"}`;
    this.#observer.remark(null, `${text}${trial.isTaken ? " (taken)" : ""}`);
    const isFromMemory = this.#distress.get(to) === trial || this.#farewells.has(trial);
    if (outcome === "sent" && !isFromMemory) this.#unsettled.add(trial);
  }

  /**
   * What the server took is written down at once by a service that can, and
   * does not rest from a fault; and nothing before.
   */
  #findSettled(witness: OutboxWitness): void {
    const { isAble, isResting } = this.#world;
    for (const trial of this.#open) {
      const row = witness.message(trial.mail.messageId);
      if (row?.state === "sent") {
        this.#fail("lost", `${trial.mail.messageId} counts as sent before it is taken`);
      }
    }
    for (const trial of this.#unsettled) {
      const row = witness.message(trial.mail.messageId);
      if (row?.state === "sent") this.#settle(trial, row);
      else if (!trial.life.isDead && (!isAble || isResting)) continue;
      else if (!trial.life.isDead) {
        this.#fail("broken", `${trial.mail.messageId} was taken, and does not count as sent`);
      }
      this.#unsettled.delete(trial);
    }
  }

  /** A message counts as sent. */
  #settle(trial: Trial, row: MessageRow): void {
    const message = this.messages.get(trial.mail.messageId);
    if (message === undefined) return;
    message.isSettled = true;
    this.#occasions.taken(trial, row);
    if (row.kind !== "news" || message.trials.length > 1) return;
    this.#punctuality.taken(message, trial.mail.text);
  }

  /** Whether something should have been tried by now. */
  #findLate(witness: OutboxWitness): void {
    const { time, host, isAble, post, cadence } = this.#world;
    if (!isAble || post.isBusy || this.#open.size > 0) return;
    const from = Math.max(this.#door.opensAt, host.ableSince, post.quietSince) + PUNCTUALITY;
    if (time.passed <= from) return;
    this.#occasions.findLate(from);
    for (const owed of witness.owedAll()) this.#punctuality.findLate(owed);
    for (const [messageId, message] of this.messages) {
      const last = message.trials.at(-1);
      if (message.isSettled || last === undefined || last.outcome === "sent") continue;
      const wait = last.outcome === null ? 0 : waitAfter(last.outcome, message.trials.length);
      const endedAt = last.endedAt ?? 0;
      const isSetUnnoticed = time.setUnnoticedAt > endedAt;
      const lag = (time.jumpedAt > endedAt ? cadence.lookEvery : 0) +
        (isSetUnnoticed ? cadence.markEvery : 0);
      // After a time of which nobody knows how long it was, what is left of the wait is waited.
      const earliest = from + (isSetUnnoticed ? wait : 0);
      const due = lag + Math.max(endedAt + wait + PUNCTUALITY, earliest, time.setAt + wait);
      if (time.passed <= due || witness.message(messageId)?.state !== "waiting") continue;
      this.#fail("late", `message ${messageId} to ${message.to} is not tried again`);
    }
  }

  #fail(kind: Failure["kind"], text: string): never {
    throw new Failure(kind, null, text);
  }
}
