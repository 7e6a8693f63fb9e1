/**
 * The service: an engine that listens on a port, and is known to the commands of this machine.
 *
 * @module
 */

import { type Duration, MINUTE } from "./lib/clock.ts";
import type { Config } from "./lib/config.ts";
import type { DoorLoss } from "./lib/doorkeeper.ts";
import type { Mailer } from "./lib/outbox.ts";
import type { SqliteStore } from "./lib/sqlite/store.ts";
import type { FileLoss } from "./lib/store.ts";
import { hashToken, makeToken } from "./lib/token.ts";
import { type EngineParts, type GateParts, startEngine } from "./engine.ts";
import { openListener } from "./listener.ts";
import { cron } from "./worker.ts";

/** How long a code is good for: somebody sits at the terminal that shows it. */
const CODE_LENGTH: Duration = 10 * MINUTE;

/** A service that runs. Disposed of, it stops: nothing that was answered is lost. */
export interface Service extends AsyncDisposable {
  /** Where it can be reached from this machine. */
  readonly url: string;
  /** Whether the database was made by this start. */
  readonly isNew: boolean;
  /** The admin token, if this start made one: it is not to be had again. */
  readonly madeToken: string | null;
  /** A code that lets whoever has it in to the pages, once and for some minutes. */
  makeCode(): Promise<string>;
  /** See `Engine.mailer`. */
  readonly mailer: Mailer | null;
  /** See `Engine.lost`. */
  readonly lost: Promise<FileLoss | DoorLoss>;
}

/** Starts serving; resolves once heartbeats are taken. */
export async function startService(parts: EngineParts): Promise<Service> {
  const { config } = parts;
  await using resources = new AsyncDisposableStack();
  const open = (gate: GateParts) => openListener(config, gate);
  const engine = resources.use(await startEngine(parts, { open, register: cron }));
  const { store, gate: { url }, mailer, lost } = engine;
  const madeToken = await makeAdminToken(config, store);
  await store.rememberOwner(url);
  const running = resources.move();
  const stop = () => running.disposeAsync();
  const makeCode = async () => {
    const code = makeToken();
    const expiresAt = parts.clock.now() + CODE_LENGTH;
    await store.addToken({ hash: hashToken(code), purpose: "pass", expiresAt });
    return code;
  };
  return {
    url,
    madeToken,
    mailer,
    isNew: store.isNew,
    makeCode,
    lost,
    [Symbol.asyncDispose]: stop,
  };
}

async function makeAdminToken({ adminToken }: Config, store: SqliteStore): Promise<string | null> {
  if (adminToken !== null || await store.adminHash() !== null) return null;
  const token = makeToken();
  await store.addToken({ hash: hashToken(token), purpose: "admin", expiresAt: null });
  return token;
}
