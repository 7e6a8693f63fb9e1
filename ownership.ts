/**
 * A database that is ours, and how what an ended process left in it is taken up.
 *
 * @module
 */

import { Arrivals } from "./lib/arrivals.ts";
import { type Clock, type Duration, type Instant, SECOND } from "./lib/clock.ts";
import type { Config } from "./lib/config.ts";
import { CADENCE, type Cadence } from "./lib/gap.ts";
import { letter } from "./lib/letter.ts";
import { type Log, sparingly } from "./lib/log.ts";
import type { Mailer } from "./lib/outbox.ts";
import { databaseOpenness } from "./lib/sqlite/exposure.ts";
import { type Lock, takeLock } from "./lib/sqlite/lock.ts";
import { SqliteStore } from "./lib/sqlite/store.ts";
import { makeToken } from "./lib/token.ts";
import { Watch } from "./lib/watch.ts";
import { acknowledgeUrl, letterStyle, messageIdOf } from "./mailing.ts";

/** How often the log tells that heartbeats cannot be stored, while they cannot. */
const TELL_FAILURES_EVERY: Duration = 10 * SECOND;

/** What a service is made of. */
export interface ServiceParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  /** Null while mail is not set up: {@linkcode mailerOf}. */
  readonly mailer: Mailer | null;
  /** How often we look whether we listen; {@linkcode CADENCE} unless said otherwise. */
  readonly cadence?: Cadence;
}

/** A database and what is done to it, owned by this process. */
export interface Ownership {
  readonly store: SqliteStore;
  readonly watch: Watch;
  /** To be told of each request. */
  readonly arrivals: Arrivals;
  /** What the links in letters are signed with, as it is now. */
  readonly acknowledgeKey: () => string;
}

/**
 * Takes the database over; null if another process owns it.
 *
 * @param resources takes what is to be released, in the order it was taken.
 * @param ending ends what is being mailed.
 * @throws {AppError} `unusable` if the database is not ours to use.
 */
export async function takeOver(
  { config, clock, log, mailer, cadence = CADENCE }: ServiceParts,
  resources: AsyncDisposableStack,
  ending: AbortSignal,
): Promise<Ownership | null> {
  const { adminEmails, database } = config;
  const lock = takeLock(database);
  if (lock === null) return null;
  resources.use(lock);
  for (const warning of databaseOpenness(database)) log.warn(warning);

  const arrivals = new Arrivals();
  const every = TELL_FAILURES_EVERY;
  const tellFailure = sparingly((fields) => log.error("commit failed", fields), { every, clock });
  const store = resources.use(
    await SqliteStore.open(database, {
      ...config,
      ...config.timing,
      addresses: adminEmails,
      admission: config,
      clock,
      cadence,
      arrivals,
      isOwner: () => isHeld(lock, log),
      onFailure: (error) => tellFailure({ error }),
      onGap: ({ from, to, cause }, moved) => {
        const [began, ended] = [from, to].map((at) => new Date(at).toISOString());
        log.warn("gap", { from: began, to: ended, cause, deadlines_moved: moved });
      },
      onScarce: ({ apps, most }) => {
        log.warn(apps >= most ? "apps full" : "apps scarce", { apps, max_apps: most });
      },
    }),
  );
  await store.acknowledgeKey(makeToken());
  const acknowledgeKey = () => store.linkKey();
  const style = { ...letterStyle(config), acknowledgeUrl: acknowledgeUrl(config, acknowledgeKey) };
  const watch = new Watch({
    store,
    arrivals,
    mailer,
    clock,
    log,
    timing: config.timing,
    write: (facts, now) => letter(facts, { ...style, now }),
    messageId: () => messageIdOf(config.smtp),
    signal: ending,
  });
  return { store, watch, arrivals, acknowledgeKey };
}

/** Whether this process still owns the database: another may have removed its lock. */
function isHeld(lock: Lock, log: Log): boolean {
  switch (lock.look()) {
    case "held":
      return true;
    case "taken anew":
      log.warn("lock was removed, and is there again", { path: lock.path });
      return true;
    case "lost":
      return false;
  }
}

/**
 * Takes up what an ended process left behind, and makes the stored state that
 * of the settings. By the deadlines as they were: other settings count from now
 * on. Returns how many apps were taken down.
 *
 * @param judgedBy apps are judged by what we heard until then.
 */
export async function catchUp(
  { config, clock, mailer }: ServiceParts,
  { store, watch }: Ownership,
  judgedBy: Instant,
): Promise<number> {
  const { defaults, ignoredApps, adminEmails: addresses } = config;
  await store.recover(clock.now());
  const down = await watch.judge(judgedBy);
  const settings = { defaults, ignoredApps, addresses, hasMail: mailer !== null };
  await store.adopt(settings, clock.now());
  return down;
}
