/**
 * What happened: heartbeats, flips, and the debts that flips make.
 *
 * @module
 */

import type { Instant } from "../clock.ts";
import { type Flip, isNews } from "../flip.ts";
import type { Heartbeat } from "../heartbeat.ts";
import type { StoredApp } from "./apps.ts";
import type { Database } from "./database.ts";

const INSERT_HEARTBEAT = `
  INSERT INTO heartbeats (app, previous, at, kind, message, address, user_agent)
  VALUES (:app, :previous, :at, :kind, :message, :address, :userAgent)
`;

const INSERT_FLIP = `
  INSERT INTO flips (app, at, from_state, to_state, reason, heartbeat_at, message, ends, owed_to)
  VALUES (:app, :at, :from, :to, :reason, :heartbeatAt, :message, :ends, :owedTo)
`;

const INSERT_DEBT = `
  INSERT INTO debts (flip, address, state, is_down, arisen_at)
  VALUES (:flip, :address, 'waiting', :isDown, :arisenAt)
`;

/** Adds to the history; each call is part of its caller's transaction. */
export class History {
  readonly #db: Database;
  readonly #addresses: readonly string[];

  /** @param addresses who is owed each piece of news. */
  constructor(db: Database, addresses: readonly string[]) {
    this.#db = db;
    this.#addresses = addresses;
  }

  /** Adds a heartbeat to its app's chain and returns the app with it as its newest. */
  addHeartbeat(stored: StoredApp, heartbeat: Heartbeat): StoredApp {
    const { id } = this.#db.run(INSERT_HEARTBEAT, {
      app: stored.id,
      previous: stored.lastHeartbeat,
      at: heartbeat.at,
      kind: heartbeat.kind,
      message: heartbeat.message,
      address: heartbeat.address,
      userAgent: heartbeat.userAgent,
    });
    return { ...stored, lastHeartbeat: id };
  }

  /** Adds a flip with the debts it makes at `now`, and returns the app with its incident begun or ended. */
  addFlip(stored: StoredApp, flip: Flip, now: Instant): StoredApp {
    const owedTo = isNews(flip) ? this.#addresses.length : 0;
    const { id } = this.#db.run(INSERT_FLIP, {
      app: stored.id,
      at: flip.at,
      from: flip.from,
      to: flip.to,
      reason: flip.reason,
      heartbeatAt: flip.heartbeat?.at ?? null,
      message: flip.heartbeat?.message ?? null,
      ends: stored.incident,
      owedTo,
    });
    if (owedTo > 0) this.#owe(id, flip, now);
    return { ...stored, incident: flip.to === "down" ? id : null };
  }

  #owe(flip: number, { to }: Flip, now: Instant): void {
    const isDown = Number(to === "down");
    for (const address of this.#addresses) {
      this.#db.run(INSERT_DEBT, { flip, address, isDown, arisenAt: now });
    }
  }
}
