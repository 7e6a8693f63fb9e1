/**
 * The service: its parts wired together, and taken apart in the right order.
 *
 *  heartbeats ── http ── store ── sqlite
 *                          │
 *        worker ── watch ──┴── letter ── smtp ── admins
 *
 * @module
 */

import { acknowledgePath } from "./lib/acknowledgement.ts";
import { type Clock, type Duration, type Instant, SECOND } from "./lib/clock.ts";
import type { Config, SmtpConfig } from "./lib/config.ts";
import { Distress } from "./lib/distress.ts";
import { AppError } from "./lib/errors.ts";
import { CADENCE, type Cadence } from "./lib/gap.ts";
import { makeAccess } from "./lib/http/access.ts";
import { senderReader } from "./lib/http/sender.ts";
import { makeHandler, type RequestHandler } from "./lib/http/server.ts";
import { askWatchdog } from "./lib/http/watchdog.ts";
import { letter, type LetterStyle, troubleLetter } from "./lib/letter.ts";
import { type Log, sparingly } from "./lib/log.ts";
import type { Mailer } from "./lib/outbox.ts";
import { secondOwner, takeLock } from "./lib/sqlite/lock.ts";
import { SqliteStore } from "./lib/sqlite/store.ts";
import type { FileLoss } from "./lib/store.ts";
import { hashToken, makeToken } from "./lib/token.ts";
import { Watch } from "./lib/watch.ts";
import { cron, type Register, startWorker } from "./worker.ts";

/** How long what is under way may take to end by itself: a stop takes at most 5 s. */
const PATIENCE: Duration = 3.5 * SECOND;

/** And how long after it was told to end at once. */
const LAST_PATIENCE: Duration = SECOND / 2;

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

/** A service that runs. Disposed of, it stops: nothing that was answered is lost. */
export interface Service extends AsyncDisposable {
  /** Where it can be reached from this machine. */
  readonly url: string;
  /** Whether the database was made by this start. */
  readonly isNew: boolean;
  /** The admin token, if this start made one: it is not to be had again. */
  readonly madeToken: string | null;
  /** Resolves when it cannot go on: its database is gone, and the admins were told. */
  readonly lost: Promise<FileLoss>;
}

/** A database and what is done to it, owned by this process. */
export interface Ownership {
  readonly store: SqliteStore;
  readonly watch: Watch;
  /** What the links in letters are signed with. */
  readonly acknowledgeKey: string;
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
      onFailure: (error) => tellFailure({ error }),
      onGap: ({ from, to, cause }, moved) => {
        const [began, ended] = [from, to].map((at) => new Date(at).toISOString());
        log.warn("gap", { from: began, to: ended, cause, deadlines_moved: moved });
      },
    }),
  );
  const acknowledgeKey = await store.acknowledgeKey(makeToken());
  const style = { ...letterStyle(config), acknowledgeUrl: acknowledgeUrl(config, acknowledgeKey) };
  const watch = new Watch({
    store,
    mailer,
    clock,
    log,
    timing: config.timing,
    write: (facts, now) => letter(facts, { ...style, now }),
    messageId: () => messageIdOf(config.smtp),
    signal: ending,
  });
  return { store, watch, acknowledgeKey };
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

/** Where requests come in. */
export interface Gate {
  /** Lets nobody in any more; resolves when all who were are answered. May be called again. */
  close(): Promise<void>;
}

/** What connects the service with the machine. */
export interface Surroundings<Opened extends Gate> {
  /** Lets requests in. */
  readonly open: (handle: RequestHandler) => Opened;
  /** Runs the check. */
  readonly register: Register;
}

/** A service that runs, whatever it is connected with. Disposed of, it stops within 5 s. */
export interface Engine<Opened extends Gate> extends AsyncDisposable {
  readonly store: SqliteStore;
  readonly gate: Opened;
  /** See {@linkcode Service.lost}. */
  readonly lost: Promise<FileLoss>;
}

/**
 * Starts a service: from now on it listens, sweeps and delivers.
 *
 * @throws {AppError} `unusable` if the database is not ours to use.
 */
export async function startEngine<Opened extends Gate>(
  parts: ServiceParts,
  { open, register }: Surroundings<Opened>,
): Promise<Engine<Opened>> {
  const { config, clock, log, cadence = CADENCE } = parts;
  await using resources = new AsyncDisposableStack();
  const stopping = new AbortController();
  const ending = new AbortController();
  const owned = await takeOver(parts, resources, ending.signal);
  if (owned === null) throw secondOwner(config.database);
  const { store, watch } = owned;

  const access = makeAccess(config, store, clock);
  const sender = senderReader(config.trustedProxies);
  const handle = makeHandler({ ...parts, ...config, ...owned, access, sender });
  // Open before the gap is ended: who comes meanwhile waits, and is not refused.
  const ready = Promise.withResolvers<void>();
  let handleNow: RequestHandler = async (request, peer) => {
    await ready.promise;
    return await handle(request, peer);
  };
  const gate = open((request, peer) => handleNow(request, peer));
  resources.defer(() => within(clock, LAST_PATIENCE, gate.close()));
  await store.beginListening();
  await catchUp(parts, owned, clock.now());
  handleNow = handle;
  ready.resolve();
  const distress = new Distress({
    ...parts,
    addresses: config.adminEmails,
    write: (trouble, now) => troubleLetter(trouble, { ...letterStyle(config), now }),
    messageId: () => messageIdOf(config.smtp),
    signal: ending.signal,
  });
  const lost = Promise.withResolvers<FileLoss>();
  const { watchdogUrl, checkEvery, timing } = config;
  const worker = startWorker({
    ...{ watch, store, distress, clock, log, checkEvery, cadence, timing, register },
    askWatchdog: watchdogUrl === null ? null : (signal) => askWatchdog(watchdogUrl, signal),
    onLost: (loss) => {
      log.error("database lost", { ...loss });
      distress.tell({ kind: "lost", ...loss }).finally(() => lost.resolve(loss));
    },
    signal: stopping.signal,
  });

  async function stop(): Promise<void> {
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
  return { store, gate, lost: lost.promise, [Symbol.asyncDispose]: dispose };
}

/** Starts serving; resolves once heartbeats are taken. */
export async function startService(parts: ServiceParts): Promise<Service> {
  const { config } = parts;
  await using resources = new AsyncDisposableStack();
  const open = (handle: RequestHandler) => listen(config, handle);
  const engine = resources.use(await startEngine(parts, { open, register: cron }));
  const { store, gate: { url }, lost } = engine;
  const madeToken = await makeAdminToken(config, store);
  await store.rememberOwner(url);
  const running = resources.move();
  const stop = () => running.disposeAsync();
  return { url, madeToken, isNew: store.isNew, lost, [Symbol.asyncDispose]: stop };
}

/** Waits for `work`, but not longer than `patience`. */
async function within(clock: Clock, patience: Duration, work: Promise<unknown>): Promise<void> {
  const over = Promise.withResolvers<void>();
  const alarm = clock.wakeAt(clock.now() + patience, over.resolve);
  await Promise.race([work, over.promise]);
  alarm.cancel();
}

/** The mailer, or null while mail is not set up: somebody to send to, and from whom. */
export function mailerOf({ smtp, adminEmails }: Config): Mailer | null {
  return smtp === null || adminEmails.length === 0 ? null : mailerBy(smtp);
}

/** The mailer for a server. */
export function mailerBy(smtp: SmtpConfig): Mailer {
  return {
    async connect(signal) {
      // Loaded with the first mail: nodemailer takes 12 ms, which no heartbeat should wait for.
      const { smtpMailer } = await import("./lib/smtp/mailer.ts");
      return await smtpMailer(smtp).connect(signal);
    },
  };
}

/** A new `Message-ID`, in the sender's domain (RFC 5322 §3.6.4). */
export function messageIdOf(smtp: SmtpConfig | null): string {
  return `<${crypto.randomUUID()}@${smtp?.name ?? "localhost"}>`;
}

/** How letters are written, but for the instant. No links: the pages that they open are to come. */
export function letterStyle({ language, timeZone }: Config): Omit<LetterStyle, "now"> {
  return { language, timeZone, baseUrl: null, acknowledgeUrl: null };
}

/** Where an incident is acknowledged; null without a place, or without reminders to be spared. */
function acknowledgeUrl(
  { baseUrl, timing }: Config,
  key: string,
): ((incident: number) => string) | null {
  if (baseUrl === null || timing.remindEvery === null) return null;
  return (incident) => `${baseUrl}${acknowledgePath(incident, key)}`;
}

async function makeAdminToken({ adminToken }: Config, store: SqliteStore): Promise<string | null> {
  if (adminToken !== null || await store.hasAdminToken()) return null;
  const token = makeToken();
  await store.addToken({ hash: hashToken(token), purpose: "admin", expiresAt: null });
  return token;
}

function listen(
  { host, port }: Config,
  handle: RequestHandler,
): Gate & { readonly url: string } {
  try {
    const options = { hostname: host, port, onListen: () => {} };
    const server = Deno.serve(
      options,
      (request, { remoteAddr }) => handle(request, remoteAddr.hostname),
    );
    let closed: Promise<void> | null = null;
    return { url: localUrl(server.addr), close: () => closed ??= server.shutdown() };
  } catch (error) {
    const why = error instanceof Deno.errors.AddrInUse
      ? "another program listens there; stop that one, or choose another PORT"
      : (error as Error).message;
    throw new AppError("unusable", `Cannot listen on "${host}:${port}": ${why}`, { cause: error });
  }
}

function localUrl({ hostname, port }: Deno.NetAddr): string {
  if (hostname === "0.0.0.0") return `http://127.0.0.1:${port}`;
  if (hostname === "::") return `http://[::1]:${port}`;
  return `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}
