/**
 * What happened: flips, and the debts that they make.
 *
 * @module
 */

import type { Duration, Instant } from "../clock.ts";
import { putOffAt } from "../excuse.ts";
import { FLAPPING_SPAN, type Flip, heldUntil, isNews } from "../flip.ts";
import type { Mute } from "../mute.ts";
import { precedenceOf, type StoredApp } from "./app_row.ts";
import { type Database, integer } from "./database.ts";
import type { Mutes } from "./mutes.ts";
import { type PutOffEnd, PutOffs } from "./put_offs.ts";

/** An id is never given twice: links in letters name incidents by it, also after a forgotten app's. */
const INSERT_FLIP = `
  INSERT INTO flips
    (id, app, at, from_state, to_state, reason, heartbeat_at, message, ends, owed_to, is_flapping)
  VALUES (
    1 + MAX(
      COALESCE((SELECT MAX(id) FROM flips), 0),
      COALESCE((SELECT CAST(value AS INTEGER) FROM memory WHERE key = 'last flip'), 0)
    ),
    :app, :at, :from, :to, :reason, :heartbeatAt, :message, :ends, :owedTo, :isFlapping
  )
`;

const INSERT_DEBT = `
  INSERT INTO debts (flip, address, state, reason, is_down, owed_from, precedence)
  VALUES (:flip, :address, :state, :reason, :isDown, :owedFrom, :precedence)
`;

/**
 * When the app changed sides by itself so many times ago; that a new one was
 * found well is no change. Index: flips_by_app.
 */
const SELECT_EARLIER_FLIP = `
  SELECT at
  FROM flips
  WHERE app = :app AND reason IN ('silence', 'fail', 'heartbeat')
    AND (to_state = 'down' OR from_state = 'down')
  ORDER BY id DESC
  LIMIT 1 OFFSET :flips
`;

/** News that was held back while an app was flapping. Indexes: flips_by_app, the debts of a flip. */
const RELEASE_HELD = `
  UPDATE debts
  SET owed_from = :now
  WHERE state = 'waiting' AND owed_from > :now AND flip IN (SELECT id FROM flips WHERE app = :app)
`;

/** Nobody is reminded of what is over. Index: the debts of a flip. */
const END_REMINDERS = `
  UPDATE debts
  SET reminded_at = NULL
  WHERE flip = :flip AND reminded_at IS NOT NULL
`;

/** The debts of a fall that was kept quiet, and why. Index: the debts of a flip. */
const SELECT_QUIET = `
  SELECT reason
  FROM debts
  WHERE flip = :flip AND state = 'suppressed'
  LIMIT 1
`;

/** What the history works on. */
interface Parts {
  readonly db: Database;
  /** Who is owed each piece of news. */
  readonly addresses: readonly string[];
  /** Flips within {@linkcode FLAPPING_SPAN} that make an app flapping. */
  readonly flappingFlips: number;
  readonly mutes: Mutes;
}

/** Adds to the history; each call is part of its caller's transaction. */
export class History {
  readonly #parts: Parts;
  readonly #db: Database;
  readonly #putOffs: PutOffs;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#db = parts.db;
    this.#putOffs = new PutOffs(parts.db, parts.addresses);
  }

  /** Adds a flip with the debts it makes at `now`, and returns the app with its incident begun or ended. */
  addFlip(before: StoredApp, flip: Flip, now: Instant): StoredApp {
    // What is told must not depend on when a sweep ran.
    const stored = this.#parts.mutes.look(before, now);
    const mute = this.#mute(stored, flip, now);
    const owedTo = isNews(flip) ? this.#parts.addresses.length : 0;
    const flappingSince = isNews(flip) ? this.#flappingSince(stored, flip, { mute, now }) : null;
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
      isFlapping: Number(flappingSince !== null),
    });
    if (owedTo > 0) {
      const owedFrom = flappingSince === null ? now : heldUntil(flappingSince, now);
      this.#owe(id, stored, { flip, owedFrom, reason: mute?.reason ?? null });
    }
    if (stored.putOff !== null) this.#putOffs.end(stored.id, putOffEnd(flip), flip.at);
    if (stored.flappingSince !== null && flappingSince === null) {
      this.#db.run(RELEASE_HELD, { app: stored.id, now });
    }
    if (stored.incident !== null) this.#db.run(END_REMINDERS, { flip: stored.incident });
    const isDown = flip.to === "down";
    return {
      ...stored,
      incident: isDown ? id : null,
      mutedUntil: isDown ? mute?.until ?? null : null,
      acknowledgedAt: null,
      putOff: null,
      flappingSince,
    };
  }

  /**
   * Tells, at `now`, that nobody knows how an app is whose old deadline has
   * passed; where it is kept quiet, when that has ended.
   *
   * @returns whether people are told.
   */
  addPutOff(stored: StoredApp, grace: Duration, now: Instant): boolean {
    const { app, snoozedUntil } = stored;
    const at = putOffAt(app) ?? now;
    const mute = this.#parts.mutes.of(app, { snoozedUntil, at, now });
    if (mute === null) this.#putOffs.add(stored, grace, now);
    else this.#putOffs.hold(stored, mute.until);
    return mute === null;
  }

  /** An app was heard of which people were told that nobody knows how it is. */
  endPutOff(stored: StoredApp, at: Instant): StoredApp {
    if (stored.putOff !== null) this.#putOffs.end(stored.id, "heard", at);
    return { ...stored, putOff: null };
  }

  /** From when on the next flip of the app with this row is one of few again; null if it is so now. */
  calmFrom(app: number): Instant | null {
    const earlierAt = this.#earlierFlip(app);
    return earlierAt === null ? null : earlierAt + FLAPPING_SPAN;
  }

  /** When that flip was which makes the next one the last of so many as make an app flapping. */
  #earlierFlip(app: number): Instant | null {
    const flips = this.#parts.flappingFlips - 2;
    return integer(this.#db.get(SELECT_EARLIER_FLIP, { app, flips })?.at);
  }

  /** Since when the app is flapping, this flip included; null if it is calm. */
  #flappingSince(
    stored: StoredApp,
    { at }: Flip,
    { mute, now }: { readonly mute: Mute | null; readonly now: Instant },
  ): Instant | null {
    const earlierAt = this.#earlierFlip(stored.id);
    // One that lies in time to come is of a clock that was set back since.
    const isFlapping = earlierAt !== null && earlierAt > at - FLAPPING_SPAN && earlierAt <= at;
    if (!isFlapping) return null;
    // Nobody is told that it began while the app is kept quiet, so it begins after that.
    return stored.flappingSince ?? (mute === null ? now : null);
  }

  /** What keeps this flip quiet. A recovery is as quiet as the fall was that it ends. */
  #mute({ app, ...stored }: StoredApp, { at, to }: Flip, now: Instant): Mute | null {
    if (to === "down") {
      return this.#parts.mutes.of(app, { snoozedUntil: stored.snoozedUntil, at, now });
    }
    if (stored.mutedUntil === null) return null;
    const reason = this.#db.get(SELECT_QUIET, { flip: stored.incident })?.reason;
    return {
      reason: reason === "snoozed" ? "snoozed" : "maintenance",
      until: stored.mutedUntil,
    };
  }

  #owe(
    id: number,
    stored: StoredApp,
    { flip, owedFrom, reason }: {
      readonly flip: Flip;
      readonly owedFrom: Instant;
      readonly reason: string | null;
    },
  ): void {
    const isDown = Number(flip.to === "down");
    const state = reason === null ? "waiting" : "suppressed";
    const debt = { flip: id, state, reason, isDown, owedFrom, precedence: precedenceOf(stored) };
    for (const address of this.#parts.addresses) this.#db.run(INSERT_DEBT, { ...debt, address });
  }
}

/** What a flip says that ends the news of an app which nobody knew of. */
function putOffEnd({ to, reason }: Flip): PutOffEnd {
  if (to === "down") return "down";
  return reason === "ignored" ? reason : "paused";
}
