/** Holds what the mail server saw against rules 6 and 9. */

import { HOUR } from "../../lib/clock.ts";
import type { Passed } from "./agenda.ts";
import { Failure } from "./failure.ts";
import { orderIn, unknownIn } from "./letter_reader.ts";
import { DoorOracle } from "./door_oracle.ts";
import { LatenessOracle, type Message } from "./lateness_oracle.ts";
import { HOLDS_UP, TURN, waitAfter } from "./mail_rules.ts";
import type { Observer } from "./observer.ts";
import { OccasionOracle } from "./occasion_oracle.ts";
import type { Trial } from "./mail_trial.ts";
import type { MessageRow, OutboxWitness } from "./outbox_witness.ts";
import { PunctualityOracle } from "./punctuality_oracle.ts";
import type { News } from "./witness.ts";
import type { World } from "./world.ts";

/** Judges letters. */
export class MailOracle {
  readonly messages = new Map<string, Message>();
  readonly #world: World;
  readonly #observer: Observer;
  readonly #occasions: OccasionOracle;
  readonly #door: DoorOracle;
  readonly #punctuality: PunctualityOracle;
  readonly #lateness: LatenessOracle;
  /** The server took them, and they do not count as sent yet. */
  readonly #unsettled = new Set<Trial>();
  readonly #open = new Set<Trial>();
  /** The message of each debt. */
  readonly #messageOf = new Map<string, string>();
  readonly #distress = new Map<string, Trial>();
  readonly #endedAt = new Map<string, Passed>();
  /** Letters that are in no outbox. */
  readonly #fromMemory = new Set<Trial>();
  #trials = 0;

  constructor(world: World, observer: Observer) {
    this.#world = world;
    this.#observer = observer;
    this.#occasions = new OccasionOracle(world);
    this.#door = new DoorOracle(world, observer);
    this.#punctuality = new PunctualityOracle(world, this.#door);
    const parts = { door: this.#door, occasions: this.#occasions, punctuality: this.#punctuality };
    this.#lateness = new LatenessOracle(world, parts);
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
    const { messages } = this;
    this.#lateness.look({ messages, open: this.#letters(), endedAt: this.#endedAt, witness });
  }

  /** The letters of the outbox that are under way. */
  #letters(): readonly Trial[] {
    return [...this.#open].filter((trial) => !this.#fromMemory.has(trial));
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
      apps: new Set<string>(),
    };
    this.messages.set(mail.messageId, message);
    const row = witness.message(mail.messageId);
    if (row === null) {
      this.#beginDistress(trial);
      return;
    }
    this.#findCrowded(trial, row, witness);
    this.#occasions.compose(trial, row);
    this.#findDisorder(trial);
    this.#findKnown(trial, row, witness);
    // What was put into words before a crash stands, though it was not tried.
    const isOld = mail.date !== this.#world.time.wall;
    message.isFrozen = isOld;
    if (!isOld) this.#occasions.begin(trial, row);
    if (row.kind !== "news" || isOld) return;
    this.#findSecond(mail.messageId, row);
    const left = witness.owed(mail.to, this.#world.time.wall);
    if (left > 0) this.#fail("late", `a letter to ${mail.to} leaves ${left} debts behind`);
    this.#punctuality.begin(trial, row, this.#crossedAt(message));
  }

  /** When another letter that told of one of its apps had last ended: until then it had to wait for that. */
  #crossedAt({ to, apps }: Message): Passed {
    const others = [...this.messages.values()].filter((each) =>
      each.to === to && each.apps !== apps && !each.apps.isDisjointFrom(apps)
    );
    return Math.max(0, ...others.map(({ trials }) => trials.at(-1)?.endedAt ?? 0));
  }

  /** Whether a letter may go beside another to its address. */
  #findCrowded(trial: Trial, row: MessageRow, witness: OutboxWitness): void {
    const { to, messageId } = trial.mail;
    const message = this.messages.get(messageId);
    message?.apps.clear();
    for (const app of row.apps?.split(",") ?? []) message?.apps.add(app);
    const [other, ...more] = this.#letters().filter((each) => each.mail.to === to);
    if (other === undefined) return;
    if (more.length > 0) this.#fail("broken", `three letters to ${to} are under way`);
    const apart = Math.abs(trial.knock.beganAt - other.knock.beganAt);
    if (apart < HOLDS_UP - TURN) {
      this.#fail("broken", `two letters to ${to} were begun within ${apart} ms`);
    }
    const otherId = other.mail.messageId;
    const its = witness.message(otherId);
    if (row.kind !== "news" && its?.kind !== "news") {
      this.#fail("broken", `two letters to ${to} are under way, and neither is news`);
    }
    const areFrozen = row.isFrozen === 1 || its?.isFrozen === 1;
    const apps = this.messages.get(otherId)?.apps;
    if (!areFrozen && apps !== undefined && message?.apps.isDisjointFrom(apps) === false) {
      this.#fail("broken", `two letters to ${to} that are under way tell of one app`);
    }
  }

  /** Whether what a person has set up comes first. */
  #findDisorder({ mail: { to, text } }: Trial): void {
    const own = new Set(
      this.#world.apps.filter(({ character }) => character.isSetUp).map(({ character: { id } }) =>
        id
      ),
    );
    for (const appIds of orderIn(text)) {
      const firstOther = appIds.findIndex((id) => !own.has(id));
      const late = firstOther < 0 ? undefined : appIds.slice(firstOther).find((id) => own.has(id));
      if (late !== undefined) {
        this.#fail("broken", `a letter to ${to} names ${appIds[firstOther]} before ${late}`);
      }
    }
  }

  /** Whether people are told that nobody knows of an app, when it was heard before that was written. */
  #findKnown({ mail: { to, text, date } }: Trial, row: MessageRow, witness: OutboxWitness): void {
    if (row.kind !== "news" || date !== this.#world.time.wall) return;
    for (const appId of unknownIn(text)) {
      if (witness.isUnknown(appId)) continue;
      throw new Failure("false", appId, `is called unknown to ${to}, but is known`);
    }
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
    this.#fromMemory.add(trial);
    // That it ends, for its door cannot be opened, it tells whatever it told before.
    if (host.doorway?.isShut === true && subject.startsWith("Nobody can connect")) return;
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
    if (last.endedAt === null) this.#fail("doubled", `${name} is tried twice at once`);
    message.trials.push(trial);
    const row = witness.message(messageId);
    if (row === null) return;
    this.#findCrowded(trial, row, witness);
    if (!isSame) {
      this.#occasions.compose(trial, row);
      this.#findKnown(trial, row, witness);
    }
    this.#findSecond(messageId, row);
  }

  #end(trial: Trial): void {
    const { mail: { messageId, to }, outcome } = trial;
    this.#open.delete(trial);
    const message = this.messages.get(messageId);
    if (message === undefined) return;
    message.endedAtMost = this.#world.time.most;
    this.#endedAt.set(to, trial.endedAt ?? 0);
    if (outcome === null || outcome === "unanswered") message.isFrozen = true;
    const text = `${messageId.slice(1, 9)} to ${to}: ${outcome ?? "the process died"}`;
    this.#observer.remark(null, `${text}${trial.isTaken ? " (taken)" : ""}`);
    if (outcome === "sent" && !this.#fromMemory.has(trial)) this.#unsettled.add(trial);
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
    this.#punctuality.taken(message, trial);
  }

  #fail(kind: Failure["kind"], text: string): never {
    throw new Failure(kind, null, text);
  }
}
