/**
 * The world around the service: time, a machine, a disk, a mail server, apps,
 * and everything that goes wrong.
 *
 *  apps ── heartbeats ──┐            ┌── letters ── post office
 *                       ├── service ─┤
 *  trouble ── faults ───┘            └── rows ── witness ── oracle
 */

import { type Duration, HOUR, MINUTE, SECOND } from "../../lib/clock.ts";
import type { Config } from "../../lib/config.ts";
import { Agenda, type Passed } from "./agenda.ts";
import { Clients } from "./clients.ts";
import type { DiskFault, Driver } from "./driver.ts";
import { requestRead, settled } from "./event_loop.ts";
import { Host } from "./host.ts";
import { LogReader } from "./log_reader.ts";
import { MachineTime } from "./machine_time.ts";
import type { Why } from "./chronicle.ts";
import type { Observer } from "./observer.ts";
import { PostOffice } from "./post_office.ts";
import { Random } from "./random.ts";
import { Schedule } from "./schedule.ts";
import { character, ScriptedApp } from "./scripted_app.ts";
import { CONFIG } from "./setup.ts";
import { unleash } from "./trouble.ts";

/** How long the service may rest after a fault of the disk before it tries again. */
const FAULT_REST: Duration = 20 * SECOND;

/** How long trouble with the disk is still told of when it is over, at most. */
const TROUBLE_LASTS: Duration = 15 * MINUTE;

/** How often the real service looks whether it listens. */
const CLOSE_LOOKS: Duration = SECOND / 4;

/** At the end nothing goes wrong for so long, so that what is owed can be told. */
export const CALM: Duration = 3 * HOUR;

/** One run. */
export class World {
  readonly time = new MachineTime();
  readonly agenda = new Agenda();
  readonly driver: Driver;
  readonly post: PostOffice;
  readonly host: Host;
  readonly random: Random;
  readonly config: Config;
  readonly cadence = { lookEvery: MINUTE, markEvery: 5 * MINUTE };
  /** The same, as the service has it: it looks more often while a short stall is to be noticed. */
  readonly looks = { ...this.cadence };
  readonly apps: readonly ScriptedApp[];
  readonly log: LogReader;
  readonly clients = new Clients(this);
  readonly #schedule: Schedule;
  /** From here on nothing new goes wrong. */
  isCalm = false;
  /** What has just been sent is to be read, and no more. */
  isHurried = false;
  observer: Observer | null = null;
  #isRunning = true;
  #calmAt: Passed = Infinity;
  #mendedAt: Passed = -TROUBLE_LASTS;
  /** Until when nobody can listen: another program has the port, or the address is away. */
  #portTakenUntil: Passed = 0;

  constructor(driver: Driver, options: { readonly seed: number; readonly database: string }) {
    const random = new Random(options.seed);
    this.driver = driver;
    this.#schedule = new Schedule([this.agenda, this.time.alarms], random.fork());
    this.random = random.fork();
    this.post = new PostOffice(this, random.fork());
    this.config = {
      ...CONFIG,
      database: options.database,
      adminEmails: ["a@example.org", "b@example.org", "c@example.org"].slice(0, random.whole(1, 3)),
      defaults: { period: 5 * MINUTE, grace: 2 * MINUTE },
    };
    this.host = new Host(this);
    this.apps = Array.from(
      { length: random.whole(3, 10) },
      (_, index) => {
        const its = character(`app-${index}`, random, this.config.defaults);
        return new ScriptedApp(its, this, random.fork());
      },
    );
    this.agenda.add(0, () => this.host.start());
    this.agenda.add(SECOND, () => this.clients.register());
    for (const app of this.apps) {
      this.agenda.add(random.whole(2 * SECOND, 6 * HOUR), () => app.begin());
    }
    const chance = random.fork();
    this.agenda.add(MINUTE, () => unleash(this, chance));
    this.log = new LogReader(this, random.fork());
  }

  /** Whether nothing but the mail server can keep the service from its work. */
  get isAble(): boolean {
    return this.host.isListening && this.driver.fault === null;
  }

  /** Whether the service may still rest from a fault of the disk, and settles nothing meanwhile. */
  get isResting(): boolean {
    return this.time.passed < this.#mendedAt + FAULT_REST;
  }

  /** Whether something could not be written of late, so that people may be told of that. */
  get isTroubled(): boolean {
    return this.driver.fault !== null || this.time.passed < this.#mendedAt + TROUBLE_LASTS;
  }

  /** Lets so much time pass, the last of it in calm. */
  async run(span: Duration): Promise<void> {
    this.#calmAt = span - CALM;
    this.agenda.add(this.#calmAt, () => this.#calm());
    this.agenda.add(span, () => {
      this.#isRunning = false;
    });
    while (this.#isRunning) {
      const entry = this.#schedule.take(this.time.passed);
      this.time.moveTo(entry.at);
      entry.happen();
      if (this.isHurried) await requestRead();
      // What comes at the next moment finds the request waiting.
      if (this.isHurried && this.#schedule.nextAt <= this.time.passed + 1) continue;
      this.isHurried = false;
      await settled(this);
      this.observer?.look();
    }
  }

  /** The machine sleeps, or the loop stands still. */
  pause(span: Duration, why: "asleep" | "stalled"): void {
    const { host, time } = this;
    if (time.passed + span > this.#calmAt) return;
    if (span >= SECOND) this.observer?.deaf(why, span);
    if (why === "asleep") time.sleep(span);
    else time.stall(span);
    host.pausedUntil = time.passed + span;
    // A letter that was under way goes on when the machine wakes.
    if (this.isTroubled) this.#mendedAt = Math.max(this.#mendedAt, host.pausedUntil);
    // Who wakes does not know yet that they slept.
    host.keepFrom(host.pausedUntil + (why === "asleep" ? this.cadence.lookEvery : 0));
    const { life } = host;
    this.agenda.add(host.pausedUntil, () => {
      if (life === host.life && host.state === "on") this.onListening();
    });
  }

  /** The loop stands still for less than apps wait for an answer, and the service notices. */
  stallBriefly(span: Duration): void {
    const { host, looks, cadence, agenda, time } = this;
    // In the calm nothing stands still, and looks that are not close would be taken for that.
    if (time.passed + span > this.#calmAt) return;
    if (!host.isListening || host.look() === null) return;
    looks.lookEvery = CLOSE_LOOKS;
    this.pause(span, "stalled");
    agenda.add(time.passed + span, () => void host.look());
    agenda.add(time.passed + span + SECOND, () => {
      looks.lookEvery = cadence.lookEvery;
    });
  }

  /** Somebody sets the clock on the wall. */
  setClock(by: Duration): void {
    // Between two looks at the clocks nobody could tell one change from another.
    const isBetween = this.time.passed < Math.max(this.time.setAt, this.time.jumpedAt) +
        this.cadence.lookEvery;
    if (this.host.state === "on" && (!this.host.isListening || isBetween)) return;
    this.observer?.clockSet(by);
    this.time.setWall(by, { isNoticed: this.host.state === "on" });
    this.host.keepFrom(this.time.passed + this.cadence.lookEvery);
    this.observer?.clockWasSet(by);
  }

  /** The disk can't be written for a while. */
  spoilDisk(fault: DiskFault, span: Duration): void {
    this.driver.fault = fault;
    this.observer?.diskSpoilt();
    this.agenda.add(this.time.passed + span, () => {
      if (!this.isCalm) this.#mendDisk();
    });
  }

  /** Whether nobody can listen now. */
  get isPortTaken(): boolean {
    return this.time.passed < this.#portTakenUntil;
  }

  /** The door shuts by itself, and cannot be opened for so long. */
  shutDoor(span: Duration): void {
    const { host, time } = this;
    if (host.doorway === null || host.doorway.isShut || time.passed + span > this.#calmAt) return;
    host.doorway.shut();
    host.isDoorUnnoted = true;
    this.#portTakenUntil = time.passed + span;
    this.observer?.doorShut();
  }

  /** The service has opened its door again. */
  onDoorOpen(): void {
    // What its gap puts off is to be told from now on.
    this.host.keepFrom(this.time.passed);
    this.observer?.doorOpen();
  }

  /** From now on nobody hears. */
  onDeaf(why: Why): void {
    this.observer?.deaf(why, null);
  }

  /** From now on the service says that it hears. */
  onListening(): void {
    this.observer?.listening();
  }

  #calm(): void {
    const { driver, post, host, config } = this;
    this.isCalm = true;
    this.log.mood = "reading";
    if (driver.fault !== null) this.#mendDisk();
    post.weather = "fair";
    for (const address of config.adminEmails) post.refuse(address, false);
    host.keepFrom(this.time.passed);
    host.start();
  }

  #mendDisk(): void {
    this.driver.fault = null;
    // Whoever sleeps meanwhile learns of it when awake.
    this.#mendedAt = Math.max(this.time.passed, this.host.pausedUntil);
    this.host.keepFrom(this.time.passed + FAULT_REST);
    this.observer?.diskMended();
  }
}
