/**
 * The registry's writes.
 *
 * @module
 */

import { type App, type Defaults, register } from "../app.ts";
import type { Duration, Instant } from "../clock.ts";
import type { Flip } from "../flip.ts";
import { type AppSettings, change, type Handled, judge, pause, resume } from "../registry.ts";
import type { Changed, Incident, Look } from "../store.ts";
import { precedenceOf, type StoredApp } from "./app_row.ts";
import type { AppTable } from "./apps.ts";
import { type Database, integer } from "./database.ts";
import type { History } from "./history.ts";
import type { KnownApps } from "./known_apps.ts";
import type { Tries } from "./tries.ts";

/** The debts of an app's news. Indexes: flips_by_app, put_offs_by_app, and the debts of a flip. */
const OF_APP = `
  (flip IN (SELECT id FROM flips WHERE app = :app)
    OR put_off IN (SELECT id FROM put_offs WHERE app = :app))
`;

const SUPPRESS_PAUSED = `
  UPDATE debts
  SET state = 'suppressed', reason = 'paused'
  WHERE ${OF_APP} AND state = 'waiting'
`;

/** What is still to be told of an app that a person has set up comes first from now on. */
const SET_PRECEDENCE = `
  UPDATE debts
  SET precedence = :precedence
  WHERE ${OF_APP} AND precedence <> :precedence
`;

/** Index: the debts of a flip. */
const END_REMINDERS = `
  UPDATE debts
  SET reminded_at = NULL
  WHERE flip = :incident AND reminded_at IS NOT NULL
`;

/** As if told so long ago that the next reminder comes when the snooze ends. Index: the debts of a flip. */
const REMIND_FROM = `
  UPDATE debts
  SET reminded_at = :at
  WHERE flip = :incident AND reminded_at IS NOT NULL
`;

const SELECT_INCIDENT = `
  SELECT flips.at AS since, apps.app_id, ended.at AS ended_at
  FROM flips
  JOIN apps ON apps.id = flips.app
  LEFT JOIN flips AS ended ON ended.ends = flips.id
  WHERE flips.id = :flip AND flips.to_state = 'down'
`;

/** What was still waiting is owed to nobody any more. */
const COUNT_FORGOTTEN_DEBTS = `
  UPDATE forgotten_debts
  SET debts = debts + (
    SELECT COUNT(*)
    FROM debts AS each
    WHERE ${OF_APP}
      AND CASE each.state WHEN 'waiting' THEN 'suppressed' ELSE each.state END
        = forgotten_debts.state
  )
`;

const DELETE_DEBTS = `
  DELETE FROM debts
  WHERE ${OF_APP}
`;

/** See `INSERT_FLIP`. */
const REMEMBER_LAST_FLIP = `
  INSERT INTO memory (key, value)
  SELECT 'last flip', MAX(id)
  FROM flips
  HAVING MAX(id) IS NOT NULL
  ON CONFLICT (key) DO UPDATE
  SET value = MAX(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER))
`;

const DELETE_FLIPS = `
  DELETE FROM flips
  WHERE app = :app
`;

const DELETE_PUT_OFFS = `
  DELETE FROM put_offs
  WHERE app = :app
`;

const DELETE_REFUSED = `
  DELETE FROM refused_heartbeats
  WHERE app = :app
`;

const DELETE_APP = `
  DELETE FROM apps
  WHERE id = :app
`;

const REMEMBER_FORGOTTEN = `
  INSERT INTO forgotten (app)
  VALUES (:app)
`;

/** What the registry works on. */
interface Parts {
  readonly db: Database;
  readonly apps: AppTable;
  readonly known: KnownApps;
  readonly history: History;
  readonly tries: Tries;
  readonly defaults: Defaults;
  /** Null for never. */
  readonly remindEvery: Duration | null;
}

/** When an admin's hand comes to an app, and what it looks at first. */
interface Hands {
  readonly now: Instant;
  readonly look?: Look | undefined;
}

/** Changes apps by an admin's hand; each call is part of its caller's transaction. */
export class Registry {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Adds an app with its settings. */
  add(id: string, settings: AppSettings, options: { readonly isIgnored: boolean }): App {
    const app = { ...register(id, options), ...settings, isSetUp: true };
    this.#parts.apps.setSettings(this.#parts.apps.insert(app).id, app);
    return app;
  }

  /** See `Store.change()`. */
  change(
    id: string,
    settings: Partial<AppSettings> | ((app: App) => Partial<AppSettings>),
    hands: Hands,
  ): Hand | null {
    const { defaults, apps, db } = this.#parts;
    const of = typeof settings === "function" ? settings : () => settings;
    const options = { defaults, now: hands.now };
    const hand = this.#handle(id, hands, (app) => change(app, of(app), options));
    if (hand === null) return null;
    const { id: app } = hand.stored;
    apps.setSettings(app, hand.after);
    if (!hand.before.isSetUp) {
      db.run(SET_PRECEDENCE, { app, precedence: precedenceOf({ id: app, app: hand.after }) });
    }
    return hand;
  }

  /** See `Store.pause()`. */
  pause(id: string, hands: Hands): Hand | null {
    const hand = this.#handle(id, hands, pause);
    if (hand !== null) {
      this.#parts.db.run(SUPPRESS_PAUSED, { app: hand.stored.id });
      this.#parts.tries.closeEmpty();
    }
    return hand;
  }

  /** See `Store.resume()`. */
  resume(id: string, hands: Hands): Hand | null {
    return this.#handle(id, hands, resume);
  }

  /** See `Store.acknowledge()`. */
  acknowledge(id: string, incident: number | null, hands: Hands): Hand | null {
    const { apps, db } = this.#parts;
    const hand = this.#handle(id, hands, judge);
    if (hand === null) return null;
    const { stored } = hand;
    const isOther = incident !== null && stored.incident !== incident;
    if (stored.incident === null || stored.acknowledgedAt !== null || isOther) return hand;
    apps.update({ ...stored, app: hand.after, acknowledgedAt: hands.now });
    db.run(END_REMINDERS, { incident: stored.incident });
    return hand;
  }

  /** See `Store.snooze()`. */
  snooze(id: string, until: Instant | null, hands: Hands): Hand | null {
    const { apps, db, remindEvery } = this.#parts;
    const hand = this.#handle(id, hands, judge);
    if (hand === null) return null;
    const { stored } = hand;
    const { now } = hands;
    // A mute is looked at anew by the next sweep, which finds what now keeps it quiet.
    const mutedUntil = stored.mutedUntil === null ? null : now;
    apps.update({ ...stored, app: hand.after, snoozedUntil: until, mutedUntil });
    const endsAt = until ?? (isSnoozed(stored, now) ? now : null);
    if (endsAt !== null && remindEvery !== null) {
      db.run(REMIND_FROM, { incident: stored.incident, at: endsAt - remindEvery });
    }
    return hand;
  }

  /** See `Store.incident()`. */
  incident(flip: number): Incident | null {
    const row = this.#parts.db.get(SELECT_INCIDENT, { flip });
    const stored = row === null ? null : this.#parts.apps.find(String(row.app_id));
    if (row === null || stored === null) return null;
    const endedAt = integer(row.ended_at);
    const acknowledgedAt = endedAt === null ? stored.acknowledgedAt : null;
    return { app: stored.app, since: Number(row.since), endedAt, acknowledgedAt };
  }

  /** See `Store.forget()`. */
  forget(id: string, hands: Hands): boolean {
    const { db, known, tries } = this.#parts;
    const hand = this.#handle(id, hands, judge);
    if (hand === null) return false;
    const { id: app } = hand.stored;
    // An app, its flips and their debts name one another: they are right again at the end.
    db.run("PRAGMA defer_foreign_keys = ON");
    db.run(COUNT_FORGOTTEN_DEBTS, { app });
    db.run(DELETE_DEBTS, { app });
    db.run(DELETE_REFUSED, { app });
    db.run(DELETE_APP, { app });
    known.drop(id);
    db.run(REMEMBER_LAST_FLIP);
    db.run(DELETE_FLIPS, { app });
    db.run(DELETE_PUT_OFFS, { app });
    db.run(REMEMBER_FORGOTTEN, { app });
    tries.closeEmpty();
    return true;
  }

  #handle(
    id: string,
    { now, look }: Hands,
    handle: (app: App, now: Instant) => Handled,
  ): Hand | null {
    const { apps, history } = this.#parts;
    const found = apps.find(id);
    if (found === null) return null;
    look?.(found);
    const { app, flips } = handle(found.app, now);
    const stored = flips.reduce((each, flip) => history.addFlip(each, flip, now), found);
    apps.update({ ...stored, app });
    return { before: found.app, after: app, stored, flips };
  }
}

function isSnoozed({ snoozedUntil }: StoredApp, now: Instant): boolean {
  return snoozedUntil !== null && snoozedUntil > now;
}

/** What a hand did to an app. */
export interface Hand extends Changed {
  readonly stored: StoredApp;
  readonly flips: readonly Flip[];
}
