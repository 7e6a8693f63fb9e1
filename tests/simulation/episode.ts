/** One run from an empty database to a calm end, judged. */

import { DAY, type Duration } from "../../lib/clock.ts";
import { Driver } from "./driver.ts";
import { Failure, type FailureKind } from "./failure.ts";
import { clock, type Tally } from "./chronicle.ts";
import { Observer } from "./observer.ts";
import { Rejections } from "./rejections.ts";
import { Timers } from "./timers.ts";
import { World } from "./world.ts";

/** What a run is of. */
export interface Plan {
  readonly seed: number;
  readonly span: Duration;
  /** Where its database is made. */
  readonly folder: string;
}

/** What a run came to. */
export type Result =
  | { readonly isKept: true; readonly account: Account }
  | { readonly isKept: false; readonly broken: Broken };

/** What happened in a run that broke no promise. */
export interface Account extends Tally {
  readonly days: number;
  readonly crashes: number;
  readonly restarts: number;
  readonly mailFaults: number;
  readonly letters: number;
  /** Letters that came more than once, as rule 6 allows. */
  readonly doubles: number;
}

/** A promise that was broken, with all that it takes to find out why. */
export interface Broken {
  readonly plan: Plan;
  readonly day: number;
  readonly kind: FailureKind;
  readonly appId: string | null;
  readonly message: string;
  /** What the world and the database saw of that app, oldest first. */
  readonly history: readonly string[];
  /** What the service logged last. */
  readonly log: readonly string[];
}

/** How much of the history and of the log is shown. */
const SHOWN = 50;

/** Runs one. */
export async function episode(plan: Plan): Promise<Result> {
  using _timers = new Timers();
  using driver = new Driver();
  using rejections = new Rejections();
  const world = new World(driver, { seed: plan.seed, database: `${plan.folder}/${plan.seed}.db` });
  using observer = new Observer(world, rejections);
  world.observer = observer;
  try {
    await world.run(plan.span);
    observer.close();
    return { isKept: true, account: accountOf(world, observer) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { isKept: false, broken: brokenBy(error, { plan, world, observer }) };
  } finally {
    world.host.life?.end();
  }
}

function accountOf({ host, post, time }: World, { tally }: Observer): Account {
  const taken = post.trials.filter(({ isTaken }) => isTaken).map(({ mail }) => mail.messageId);
  return {
    ...tally,
    days: time.passed / DAY,
    crashes: host.crashes,
    restarts: host.starts - 1,
    mailFaults: post.events.filter(({ what }) => what === "refused" || what === "denied").length +
      post.trials.filter(({ outcome }) => outcome !== "sent").length,
    letters: new Set(taken).size,
    doubles: taken.length - new Set(taken).size,
  };
}

function brokenBy(
  { kind, appId, message }: Failure,
  { plan, world, observer }: {
    readonly plan: Plan;
    readonly world: World;
    readonly observer: Observer;
  },
): Broken {
  const remarks = observer.remarks.filter((each) =>
    appId === null || each.appId === null || each.appId === appId
  );
  return {
    plan,
    day: world.time.passed / DAY,
    kind,
    appId,
    message,
    history: remarks.slice(-SHOWN).map(({ wall, appId, text }) =>
      `${clock(wall)} ${appId ?? "-"} ${text}`
    ),
    log: world.host.logged.slice(-SHOWN).map(({ at, event, fields }) =>
      `${clock(at)} ${event} ${fields.error ?? JSON.stringify(fields)}`
    ),
  };
}
