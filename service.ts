/**
 * The service: its parts wired together, and taken apart in the right order.
 *
 *  heartbeats ── http ── store ── sqlite
 *                          │
 *        worker ── watch ──┴── letter ── smtp ── admins
 *
 * @module
 */

import { type Clock, type Duration, SECOND } from "./lib/clock.ts";
import type { Config, SmtpConfig } from "./lib/config.ts";
import { AppError } from "./lib/errors.ts";
import { makeAccess } from "./lib/http/access.ts";
import { senderReader } from "./lib/http/sender.ts";
import { makeHandler } from "./lib/http/server.ts";
import { letter, type LetterStyle } from "./lib/letter.ts";
import { type Log, sparingly } from "./lib/log.ts";
import type { Mailer } from "./lib/outbox.ts";
import { secondOwner, takeLock } from "./lib/sqlite/lock.ts";
import { SqliteStore } from "./lib/sqlite/store.ts";
import { hashToken, makeToken } from "./lib/token.ts";
import { Watch } from "./lib/watch.ts";
import { startWorker } from "./worker.ts";

/** How long what is under way may take to end by itself: a stop takes at most 5 s. */
const PATIENCE: Duration = 4 * SECOND;

/** And how long after it was told to end at once. */
const LAST_PATIENCE: Duration = SECOND / 2;

/** How often the log tells that heartbeats cannot be stored, while they cannot. */
const TELL_FAILURES_EVERY: Duration = 10 * SECOND;

/** What a service is made of. */
export interface ServiceParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
}

/** A service that runs. Disposed of, it stops: nothing that was answered is lost. */
export interface Service extends AsyncDisposable {
  /** Where it can be reached from this machine. */
  readonly url: string;
  /** Whether the database was made by this start. */
  readonly isNew: boolean;
  /** The admin token, if this start made one: it is not to be had again. */
  readonly madeToken: string | null;
}

/** A database and what is done to it, owned by this process. */
export interface Ownership {
  readonly store: SqliteStore;
  readonly watch: Watch;
  /** How many apps were found silent on the way. */
  readonly down: number;
}

/**
 * Takes the database over and does what a start demands before anything else;
 * null if another process owns it.
 *
 * @param resources takes what is to be released, in the order it was taken.
 * @param ending ends what is being mailed.
 * @throws {AppError} `unusable` if the database is not ours to use.
 */
export async function takeOver(
  { config, clock, log }: ServiceParts,
  resources: AsyncDisposableStack,
  ending: AbortSignal,
): Promise<Ownership | null> {
  const { adminEmails, database, defaults, ignoredApps, autoRegister, maxApps } = config;
  const lock = takeLock(database);
  if (lock === null) return null;
  resources.use(lock);

  const every = TELL_FAILURES_EVERY;
  const tellFailure = sparingly((fields) => log.error("commit failed", fields), { every, clock });
  const store = resources.use(
    await SqliteStore.open(database, {
      addresses: adminEmails,
      defaults,
      admission: { autoRegister, maxApps, ignoredApps },
      onFailure: (error) => tellFailure({ error }),
    }),
  );
  const mailer = mailerOf(config);
  const watch = new Watch({
    store,
    mailer,
    clock,
    log,
    timing: config.timing,
    write: (facts, now) => letter(facts, { ...letterStyle(config), now }),
    messageId: () => messageIdOf(config.smtp),
    signal: ending,
  });

  await store.recover(clock.now());
  // By the deadlines as they were: other settings count from now on.
  const down = await watch.sweep();
  const settings = { defaults, ignoredApps, addresses: adminEmails, hasMail: mailer !== null };
  await store.adopt(settings, clock.now());
  return { store, watch, down };
}

/** Starts serving; resolves once heartbeats are taken. */
export async function startService(parts: ServiceParts): Promise<Service> {
  const { config, clock, log } = parts;
  await using resources = new AsyncDisposableStack();
  const stopping = new AbortController();
  const ending = new AbortController();
  const owned = await takeOver(parts, resources, ending.signal);
  if (owned === null) throw secondOwner(config.database);

  const { store, watch } = owned;
  const madeToken = await makeAdminToken(config, store);
  const access = makeAccess(config, store, clock);
  const sender = senderReader(config.trustedProxies);
  const acknowledgeKey = makeToken();
  const handle = makeHandler({
    ...parts,
    ...config,
    store,
    watch,
    access,
    sender,
    acknowledgeKey,
  });
  const server = listen(config, (request, { remoteAddr }) => handle(request, remoteAddr.hostname));
  const url = localUrl(server.addr);
  await store.rememberOwner(url);

  const { checkEvery } = config;
  const worker = startWorker({ watch, store, clock, log, checkEvery, signal: stopping.signal });
  resources.defer(async () => {
    stopping.abort();
    const patience = Promise.withResolvers<void>();
    const alarm = clock.wakeAt(clock.now() + PATIENCE, patience.resolve);
    await Promise.race([Promise.all([server.shutdown(), worker]), patience.promise]);
    alarm.cancel();
    // Mail that is left stays waiting. Requests that are left were never answered; they end with
    // the process, for Deno cannot cut them off: an abort after a shutdown throws, up to 2.9.6.
    ending.abort();
    const last = Promise.withResolvers<void>();
    const lastAlarm = clock.wakeAt(clock.now() + LAST_PATIENCE, last.resolve);
    await Promise.race([worker, last.promise]);
    lastAlarm.cancel();
    await store.flush();
    await store.rememberOwner(null);
  });

  const stop = resources.move();
  return {
    url,
    madeToken,
    isNew: store.isNew,
    [Symbol.asyncDispose]: () => stop.disposeAsync(),
  };
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

async function makeAdminToken({ adminToken }: Config, store: SqliteStore): Promise<string | null> {
  if (adminToken !== null || await store.hasAdminToken()) return null;
  const token = makeToken();
  await store.addToken({ hash: hashToken(token), purpose: "admin", expiresAt: null });
  return token;
}

function listen(
  { host, port }: Config,
  handler: Deno.ServeHandler<Deno.NetAddr>,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ hostname: host, port, onListen: () => {} }, handler);
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
