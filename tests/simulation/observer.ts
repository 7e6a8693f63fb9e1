/** Sees what the world does and what the service writes, and tells the oracle. */

import type { Duration, Instant } from "../../lib/clock.ts";
import { openBeside } from "../../lib/sqlite/database.ts";
import { verify } from "../../lib/sqlite/verify.ts";
import type { Passed } from "./agenda.ts";
import { clock, emptyTally, type Remark, type Sent, type Tally, type Why } from "./chronicle.ts";
import { closeAccount } from "./closing.ts";
import { FlipOracle } from "./flip_oracle.ts";
import { Failure } from "./failure.ts";
import { GapOracle } from "./gap_oracle.ts";
import { MailOracle } from "./mail_oracle.ts";
import type { Rejections } from "./rejections.ts";
import { kept } from "./speech.ts";
import { type News, Witness } from "./witness.ts";
import type { World } from "./world.ts";

/** Looks at a shut door until the service has opened it, or ends: it waits for some seconds only. */
const SHUT_LOOKS = 3;

/** Watches one world. */
export class Observer implements Disposable {
  readonly tally: Tally = emptyTally();
  readonly remarks: Remark[] = [];
  readonly sent: Sent[] = [];
  readonly #world: World;
  readonly #rejections: Rejections;
  /** When each app sent the last success that is on disk. */
  readonly lastStored = new Map<string, Passed>();
  readonly #oracle: FlipOracle;
  readonly #gaps: GapOracle;
  #isOff = false;
  #crashes = 0;
  /** How many crashes there had been when the database was verified last. */
  #verifiedAfter = 0;
  /** Until when the service is known to have listened. */
  #heardUntil: Instant | null = null;
  /** The listening mark as it was written last. */
  #mark: Instant | null = null;
  readonly #mail: MailOracle;
  #witness: Witness | null = null;
  /** Heartbeats that were answered and are not seen on disk yet. */
  readonly #promised = new Set<number>();
  readonly #stored = new Set<number>();

  constructor(world: World, rejections: Rejections) {
    this.#world = world;
    this.#rejections = rejections;
    this.#oracle = new FlipOracle(world, this);
    this.#gaps = new GapOracle(world);
    this.#mail = new MailOracle(world, this);
  }

  sending({ appId, kind, manner }: Pick<Sent, "appId" | "kind" | "manner">): Sent {
    const number = this.sent.length;
    const sentAt = this.#world.time.passed;
    const sent: Sent = { number, appId, kind, manner, sentAt, outcome: "pending" };
    this.sent.push(sent);
    this.tally.heartbeats++;
    return sent;
  }

  answered(sent: Sent, status: number | null): void {
    sent.outcome = status === 200 ? "answered" : status === null ? "lost" : "unavailable";
    this.remark(sent.appId, `sent ${sent.kind} #${sent.number}: ${status ?? "no answer"}`);
    if (status === 200) {
      this.tally.answered++;
      this.#promised.add(sent.number);
    } else if (status === 503) {
      this.#gaps.deafAt(this.#world.time.wall, "a heartbeat was answered 503", sent.appId);
    } else if (status !== 503 && status !== null) {
      throw new Failure("broken", sent.appId, `a heartbeat was answered ${status}`);
    }
  }

  /** Nobody was there to hear it. */
  missed(sent: Sent): void {
    sent.outcome = "lost";
    this.#gaps.deafAt(this.#world.time.wall, "a heartbeat was lost", sent.appId);
  }

  /** Nobody hears from now on, for a span if that is known. */
  deaf(why: Why, span: Duration | null): void {
    const { wall } = this.#world.time;
    this.remark(null, `deaf: ${why}`);
    this.#gaps.begin("deaf");
    this.#gaps.deafAt(wall, why);
    if (span !== null) {
      this.#gaps.deafAt(wall + span - 1, why);
      return;
    }
    this.#isOff = true;
    this.#gaps.ended(wall, why === "stopped");
  }

  /** The process died while it stopped: its last mark may be an older one. */
  stopCutOff(): void {
    this.#gaps.cutOff();
  }

  listening(): void {
    this.remark(null, "listening");
    this.#gaps.end("deaf");
    if (this.#crashes !== this.#verifiedAfter) this.#verify();
    this.#verifiedAfter = this.#crashes;
    // The last moment of it.
    if (this.#isOff) this.#gaps.deafAt(this.#world.time.wall - 1, "off until then");
    this.#isOff = false;
  }

  doorShut(): void {
    const { host, time } = this.#world;
    this.tally.shutDoors++;
    this.remark(null, "the door is shut");
    this.#gaps.begin("door");
    this.#gaps.doorShut(host.doorway?.seenOpenAt ?? null);
    this.#gaps.deafAt(time.wall, "the door was shut");
  }

  doorOpen(): void {
    this.remark(null, "the door is open again");
    this.#gaps.end("door");
  }

  diskSpoilt(): void {
    this.tally.diskFaults++;
    this.remark(null, `the disk is ${this.#world.driver.fault}`);
    this.#gaps.begin("disk");
  }

  diskMended(): void {
    this.remark(null, "the disk is well");
    this.#gaps.end("disk");
  }

  clockSet(by: Duration): void {
    this.tally.clockSteps++;
    this.remark(null, `the clock is set by ${by} ms`);
    if (by > 0 && this.#world.host.state === "on") {
      this.#gaps.begin("set");
      this.#gaps.deafAt(this.#world.time.wall, "the clock was set");
    }
  }

  clockWasSet(by: Duration): void {
    const { host, time } = this.#world;
    this.#gaps.end("set");
    if (host.state !== "on") this.#gaps.setUnnoticed();
    if (by > 0 && host.state === "on") this.#gaps.deafAt(time.wall - 1, "the clock was set");
    if (by < 0 && host.state === "on") {
      this.#oracle.setBack(-by);
      this.#gaps.setBack(-by);
      if (this.#heardUntil !== null) this.#heardUntil += by;
    }
  }

  /** The deadline that comes next, by the rules. */
  nextDeadline(): { readonly appId: string; readonly at: Instant } | undefined {
    return this.#oracle.nextDeadline();
  }

  remark(appId: string | null, text: string): void {
    const { passed, wall } = this.#world.time;
    this.remarks.push({ passed, wall, appId, text });
  }

  /** Looks at what has been written, and whether it is as it must be. */
  look(): void {
    this.#findUnhandled();
    this.#world.log.look();
    this.#readLog();
    this.#findShut();
    const witness = this.#open();
    if (witness === null) return;
    const news = witness.look();
    for (const { appId, message, kind } of news.heartbeats) {
      const sent = this.sent[numberOf(message)];
      const isSame = sent?.appId === appId && sent.kind === kind;
      if (!isSame || kept(sent.number, sent.manner) !== message) {
        throw new Failure(
          "broken",
          appId,
          `nobody sent a ${kind} that says ${JSON.stringify(message)}`,
        );
      }
      this.#stored.add(sent.number);
    }
    for (const number of this.#promised) {
      this.#promised.delete(number);
      if (!this.#stored.has(number)) {
        const appId = this.sent[number]?.appId ?? null;
        throw new Failure("lost", appId, `heartbeat #${number} was answered 200 and is not stored`);
      }
    }
    for (const gap of news.gaps) {
      if (gap.cause === "unreachable") this.#world.host.isDoorUnnoted = false;
      if (!gap.isPiece) this.tally.gaps++;
      this.remark(null, `gap (${gap.cause}) ${clock(gap.from)} to ${clock(gap.to)}`);
    }
    for (const { appId, at } of news.putOffs) {
      this.tally.putOffs++;
      this.remark(appId, `nobody knows, told at ${clock(at)}`);
    }
    for (const { appId, at, to, reason } of news.flips) {
      this.tally.flips++;
      this.remark(appId, `flip ${to} (${reason}) at ${clock(at)}`);
    }
    this.#gaps.look(news.gaps, { heardUntil: this.#heardUntil });
    this.#oracle.look(news, this.#heardUntil);
    this.#hear(witness.mark(), news);
    for (const { message, appId, kind } of news.heartbeats) {
      if (kind !== "success") continue;
      this.lastStored.set(appId, this.sent[numberOf(message)]?.sentAt ?? 0);
    }
    this.#mail.look(news, witness.outbox);
  }

  /** A door that is shut is opened again, or the process ends for it, within some looks. */
  #findShut(): void {
    const { host, time, cadence } = this.#world;
    const shutAt = host.doorway?.shutAt ?? null;
    if (shutAt === null || !host.isListening) return;
    const shutFor = time.passed - Math.max(shutAt, host.ableSince);
    if (shutFor > SHUT_LOOKS * cadence.lookEvery) {
      throw new Failure("late", null, "the door stays shut");
    }
  }

  /** Looks at it all for the last time. */
  close(): void {
    if (this.#witness === null) throw new Error("The service never listened");
    const witness = this.#witness;
    this.#mail.close();
    this.#world.log.close();
    this.#readLog();
    this.#verify();
    this.#world.driver.aside(() => closeAccount(this.#world, witness));
  }

  /** Has the service's own look at its database find nothing wrong. */
  #verify(): void {
    const { driver, config } = this.#world;
    driver.aside(() => {
      using beside = openBeside(config.database);
      for (const { rule, faults } of verify(beside).findings) {
        if (faults.length > 0) throw new Failure("broken", null, `${rule}: ${faults.join("; ")}`);
      }
    });
  }

  [Symbol.dispose](): void {
    this.#witness?.[Symbol.dispose]();
  }

  #readLog(): void {
    const { fault } = this.#world.log;
    if (fault !== null) throw new Failure("broken", null, fault);
  }

  /** A process that was killed may leave anything behind; one that lives, nothing. */
  #findUnhandled(): void {
    const reasons = this.#rejections.take();
    const { crashes } = this.#world.host;
    if (reasons.length > 0 && crashes === this.#crashes) {
      throw new Failure("broken", null, `nobody handles a rejection: ${reasons[0]}`);
    }
    this.#crashes = crashes;
  }

  #hear(mark: Instant | null, { heartbeats, gaps }: News): void {
    // After a start by a clock that was set back, what lies in time to come was not heard.
    if (gaps.some(({ from, to, cause }) => from === to && cause === "off")) this.#heardUntil = null;
    const at = heartbeats.at(-1)?.at ?? null;
    const heard = [at, mark === this.#mark ? null : mark].filter((each) => each !== null);
    this.#mark = mark;
    if (heard.length > 0) this.#heardUntil = Math.max(...heard, this.#heardUntil ?? 0);
  }

  #open(): Witness | null {
    const { host, driver, config } = this.#world;
    if (this.#witness === null && host.state === "on") {
      this.#witness = driver.aside(() => new Witness(config.database));
    }
    return this.#witness;
  }
}

/** Which heartbeat a message says it is of. */
function numberOf(message: string | null): number {
  return parseInt(message ?? "", 10);
}
