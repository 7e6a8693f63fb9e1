/**
 * What runs, whatever it is connected with: its parts wired together, and
 * taken apart in the right order.
 *
 *  heartbeats ── http ── store ── sqlite
 *                          │
 *        worker ── watch ──┴── letter ── smtp ── admins
 *
 * @module
 */

import type { Arrivals } from "./lib/arrivals.ts";
import { Backtests } from "./lib/backtests.ts";
import { type Clock, type Duration, MINUTE, SECOND, within } from "./lib/clock.ts";
import { Distress } from "./lib/distress.ts";
import { Doorkeeper, type DoorLoss, type Hinges } from "./lib/doorkeeper.ts";
import type { EffectiveSetting } from "./lib/effective_settings.ts";
import { CADENCE } from "./lib/gap.ts";
import { Guesses } from "./lib/guesses.ts";
import { makeAccess } from "./lib/http/access.ts";
import { BodyReader } from "./lib/http/body.ts";
import { senderReader } from "./lib/http/sender.ts";
import { makeHandler, type RequestHandler, type Traffic } from "./lib/http/server.ts";
import { askWatchdog } from "./lib/http/watchdog.ts";
import { troubleLetter } from "./lib/letter.ts";
import { NotedMailer } from "./lib/noted_mailer.ts";
import type { Mailer } from "./lib/outbox.ts";
import type { Program } from "./lib/program.ts";
import { Pruner } from "./lib/pruning.ts";
import { requestLog } from "./lib/request_log.ts";
import { roomyMailer } from "./lib/roomy_mailer.ts";
import { secondOwner } from "./lib/sqlite/lock.ts";
import type { SqliteStore } from "./lib/sqlite/store.ts";
import type { FileLoss } from "./lib/store.ts";
import { letterStyle, mailSetup, messageIdOf } from "./mailing.ts";
import { catchUp, type ServiceParts, takeOver } from "./ownership.ts";
import { pages } from "./pages.ts";
import { type Register, startWorker } from "./worker.ts";

/** How long what is under way may take to end by itself: a stop takes at most 5 s. */
const PATIENCE: Duration = 3.5 * SECOND;

/** And how long after it was told to end at once. */
const LAST_PATIENCE: Duration = SECOND / 2;

/**
 * How long a service whose database is gone goes on telling that: a slow mail
 * server takes 5 min before its greeting and 10 over a letter, and whoever keeps
 * the service is to start it again.
 */
const LAST_WORDS: Duration = 15 * MINUTE;

/** How long it must have run to mail that its door cannot be opened: not at each of many starts. */
const TOLD_AFTER: Duration = 10 * MINUTE;

/** And how long that may take. */
const FAREWELL_PATIENCE: Duration = 20 * SECOND;

/** What a service that runs is made of. */
export interface EngineParts extends ServiceParts {
  readonly program: Program;
  /** In effect, for the page that shows them. */
  readonly settings: readonly EffectiveSetting[];
}

/** Where requests come in. */
export interface Gate extends Hinges {
  /** Lets nobody in any more; resolves when all who were are answered. May be called again. */
  close(): Promise<void>;
}

/** What a gate works with. */
export interface GateParts {
  readonly handle: RequestHandler;
  /** Told of each request, where it came from. */
  readonly arrivals: Arrivals;
  readonly traffic: Traffic;
  readonly clock: Clock;
  /** To be called when it has shut by itself, where it learns of that. */
  readonly onShut: () => void;
}

/** What connects the service with the machine. */
export interface Surroundings<Opened extends Gate> {
  /** Lets requests in. */
  readonly open: (parts: GateParts) => Opened;
  /** Runs the check. */
  readonly register: Register;
}

/** A service that runs, whatever it is connected with. Disposed of, it stops within 5 s. */
export interface Engine<Opened extends Gate> extends AsyncDisposable {
  readonly store: SqliteStore;
  readonly gate: Opened;
  /** By which it mails: whoever mails by it too has the pages know what came of it. */
  readonly mailer: Mailer | null;
  /** Resolves when it cannot go on: its database is gone, or nobody can connect any more. */
  readonly lost: Promise<FileLoss | DoorLoss>;
}

/**
 * Starts a service: from now on it listens, sweeps and delivers.
 *
 * @throws {AppError} `unusable` if the database is not ours to use.
 */
export async function startEngine<Opened extends Gate>(
  given: EngineParts,
  { open, register }: Surroundings<Opened>,
): Promise<Engine<Opened>> {
  const { config, clock, log, cadence = CADENCE } = given;
  let makeRoom = () => Promise.resolve(false);
  const roomy = given.mailer === null ? null : roomyMailer(given.mailer, () => makeRoom());
  const mailer = roomy === null ? null : new NotedMailer(roomy, clock);
  const parts = { ...given, mailer };
  await using resources = new AsyncDisposableStack();
  const stopping = new AbortController();
  const ending = new AbortController();
  const owned = await takeOver(parts, resources, ending.signal);
  if (owned === null) throw secondOwner(config.database);
  const { store, watch } = owned;

  const access = makeAccess(config, store, clock);
  const { trustedProxies } = config;
  const sender = senderReader({
    trustedProxies,
    onStrangeProxy: (from) => {
      const value = [...trustedProxies, from].join(",");
      log.warn("proxy not trusted", { from, hint: `if it is yours, set TRUSTED_PROXIES=${value}` });
    },
  });
  const bodies = new BodyReader(clock);
  const backtests = new Backtests(store, config.defaults);
  const told = { log: requestLog(log, clock), guesses: new Guesses() };
  const shared = { ...parts, ...config, ...owned, ...told, sender, bodies, backtests };
  const mail = mailSetup(config, mailer, clock);
  const site = pages({ ...shared, doors: access, mail, signal: stopping.signal });
  const traffic: Traffic = { underWay: 0, awaited: () => bodies.awaited };
  const handle = makeHandler({ ...shared, access, site, traffic });
  // Open before the gap is ended: who comes meanwhile waits, and is not refused.
  const ready = Promise.withResolvers<void>();
  let handleNow: RequestHandler = async (request, peer) => {
    await ready.promise;
    return await handle(request, peer);
  };
  const gate = open({
    ...{ arrivals: owned.arrivals, traffic, clock },
    handle: (request, peer) => handleNow(request, peer),
    onShut: () => void doorkeeper.look(),
  });
  resources.defer(async () => void await within(clock, LAST_PATIENCE, gate.close()));
  const lost = Promise.withResolvers<FileLoss | DoorLoss>();
  const startedAt = clock.elapsed();
  const doorkeeper = new Doorkeeper({ hinges: gate, store, clock, log, onLost: leave });
  watch.judgeIf(() => doorkeeper.isSure());
  makeRoom = () => doorkeeper.makeRoom();
  await store.beginListening();
  await catchUp(parts, owned, clock.now());
  handleNow = handle;
  ready.resolve();
  void doorkeeper.look();
  const distress = new Distress({
    ...parts,
    addresses: config.adminEmails,
    write: (trouble, now) => troubleLetter(trouble, { ...letterStyle(config), now }),
    messageId: () => messageIdOf(config.smtp),
    signal: ending.signal,
  });
  const { watchdogUrl, checkEvery, timing } = config;
  const retention = {
    heartbeats: config.retainHeartbeats,
    flips: config.retainFlips,
    isImportedPruned: config.pruneImported,
  };
  const pruner = new Pruner({ store, clock, retention });
  const worker = startWorker({
    ...{ watch, store, pruner, distress, doorkeeper, clock, log, checkEvery, cadence, timing },
    register,
    askWatchdog: watchdogUrl === null ? null : (signal) => askWatchdog(watchdogUrl, signal),
    onLost: (loss) => {
      log.error("database lost", { ...loss });
      const telling = distress.tell({ kind: "lost", ...loss });
      void within(clock, LAST_WORDS, telling).finally(() => lost.resolve(loss));
    },
    signal: stopping.signal,
  });

  /** Ends, for nobody can connect: whatever keeps the process running starts it anew. */
  function leave(loss: DoorLoss): void {
    const { since, reason } = loss;
    log.error("door lost", { since: new Date(since).toISOString(), reason });
    // Where each start comes to this, the one before has told of it a moment ago.
    const isNew = clock.elapsed() - startedAt < TOLD_AFTER;
    const trouble = { kind: "unreachable", ...loss } as const;
    const telling = isNew ? Promise.resolve(false) : distress.tell(trouble);
    // Until it runs again nobody is heard: a slow mail server is not waited for.
    within(clock, FAREWELL_PATIENCE, telling).finally(() => lost.resolve(loss));
  }

  async function stop(): Promise<void> {
    await doorkeeper.close();
    await noted(() => store.endListening(clock.now()));
    stopping.abort();
    await within(clock, PATIENCE, Promise.all([gate.close(), worker]));
    // Mail that is left stays waiting. Requests that are left were never answered; they end with
    // the process, for Deno cannot cut them off: an abort after a shutdown throws, up to 2.9.6.
    ending.abort();
    await within(clock, LAST_PATIENCE, worker);
    await noted(() => store.flush());
    await noted(() => store.rememberOwner(null));
  }

  /** A disk that cannot be written must not keep us from stopping. */
  async function noted(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      log.error("stop not noted", { error });
    }
  }

  const released = resources.move();
  released.defer(stop);
  const dispose = () => released.disposeAsync();
  return { store, gate, mailer, lost: lost.promise, [Symbol.asyncDispose]: dispose };
}
