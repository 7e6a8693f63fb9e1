/**
 * What becomes of stored state when the program starts with other settings
 * than it had before.
 *
 * @module
 */

import { expectation, expectedAnew } from "../app.ts";
import type { Instant } from "../clock.ts";
import type { Settings } from "../store.ts";
import { PRECEDENCE, type StoredApp } from "./app_row.ts";
import type { AppTable } from "./apps.ts";
import type { Database } from "./database.ts";
import type { History } from "./history.ts";
import type { Memory } from "./memory.ts";

/** How many apps are changed between two looks at the table. */
const STEP = 1_000;

const SUPPRESS_REMOVED = `
  UPDATE debts
  SET state = 'suppressed', reason = 'address removed'
  WHERE state = 'waiting' AND address NOT IN (SELECT value FROM json_each(:addresses))
`;

const SUPPRESS_IGNORED = `
  UPDATE debts
  SET state = 'suppressed', reason = 'ignored'
  WHERE state = 'waiting' AND (
    flip IN (SELECT id FROM flips WHERE app = :app)
    OR put_off IN (SELECT id FROM put_offs WHERE app = :app)
  )
`;

/** News that is over: every waiting debt but those of what is so still. */
const SUPPRESS_STALE = `
  UPDATE debts
  SET state = 'suppressed', reason = 'stale'
  WHERE state = 'waiting'
    AND NOT EXISTS (SELECT 1 FROM apps WHERE apps.incident = debts.flip AND state = 'down')
    AND NOT EXISTS (SELECT 1 FROM apps WHERE apps.put_off = debts.put_off)
`;

/**
 * News that nobody was owed, because there was nobody: the same, for whoever
 * there is now. Index: flips_unowed.
 */
const OWE_UNOWED = `
  INSERT INTO debts (flip, address, state, reason, is_down, owed_from, precedence)
  SELECT
    news.id, addresses.value,
    CASE
      WHEN apps.incident = news.id AND muted_until IS NULL THEN 'waiting'
      ELSE 'suppressed'
    END,
    CASE
      WHEN apps.incident IS NOT news.id THEN 'stale'
      WHEN muted_until = snoozed_until THEN 'snoozed'
      WHEN muted_until IS NOT NULL THEN 'maintenance'
    END,
    news.to_state = 'down', :now, ${PRECEDENCE}
  FROM flips AS news
  JOIN apps ON apps.id = news.app
  JOIN json_each(:addresses) AS addresses
  WHERE news.owed_to = 0
    AND (news.to_state = 'down' OR (news.from_state = 'down' AND news.to_state = 'up'))
`;

/** Whom it was owed to after all. */
const NOTE_OWED = `
  UPDATE flips
  SET owed_to = (SELECT COUNT(*) FROM debts WHERE debts.flip = flips.id)
  WHERE owed_to = 0 AND (to_state = 'down' OR (from_state = 'down' AND to_state = 'up'))
`;

/** The same that nobody knows how an app is. Index: put_offs_unowed. */
const OWE_UNOWED_PUT_OFFS = `
  INSERT INTO debts (put_off, address, state, reason, is_down, owed_from, precedence)
  SELECT
    news.id, addresses.value,
    CASE WHEN apps.put_off = news.id THEN 'waiting' ELSE 'suppressed' END,
    CASE WHEN apps.put_off IS NOT news.id THEN 'stale' END,
    0, :now, ${PRECEDENCE}
  FROM put_offs AS news
  JOIN apps ON apps.id = news.app
  JOIN json_each(:addresses) AS addresses
  WHERE news.owed_to = 0
`;

const NOTE_OWED_PUT_OFFS = `
  UPDATE put_offs
  SET owed_to = (SELECT COUNT(*) FROM debts WHERE debts.put_off = put_offs.id)
  WHERE owed_to = 0
`;

/** Brings stored state in line with settings; each call is part of its caller's transaction. */
export class Adoption {
  readonly #db: Database;
  readonly #apps: AppTable;
  readonly #history: History;
  readonly #memory: Memory;

  constructor(
    parts: { db: Database; apps: AppTable; history: History; memory: Memory },
  ) {
    this.#db = parts.db;
    this.#apps = parts.apps;
    this.#history = parts.history;
    this.#memory = parts.memory;
  }

  /** Makes the stored state that of the settings; see `Store.adopt()`. */
  adopt(settings: Settings, now: Instant): void {
    this.#moveDeadlines(settings, now);
    this.#ignore(settings.ignoredApps, now);
    if (settings.hasMail) this.#adoptMail(settings.addresses, now);
    this.#memory.write("defaults", JSON.stringify(settings.defaults));
    this.#memory.write("mail", settings.hasMail ? "set up" : "not set up");
  }

  #moveDeadlines({ defaults }: Settings, now: Instant): void {
    const before = this.#memory.defaults();
    if (before === null) return;
    if (before.period === defaults.period && before.grace === defaults.grace) return;
    for (let after = 0;;) {
      const step = this.#apps.followingDefaults(after, STEP);
      for (const stored of step) {
        const { app } = stored;
        const expectations = {
          before: expectation(app, before),
          after: expectation(app, defaults),
        };
        this.#apps.update({ ...stored, app: expectedAnew(app, expectations, now) });
      }
      const last = step.at(-1);
      if (last === undefined) return;
      after = last.id;
    }
  }

  #ignore(ignored: ReadonlySet<string>, now: Instant): void {
    for (const stored of this.#apps.ignored()) {
      if (ignored.has(stored.app.id)) continue;
      this.#apps.update({ ...stored, app: { ...stored.app, isIgnored: false } });
    }
    for (const id of ignored) {
      const stored = this.#apps.find(id);
      if (stored !== null && !stored.app.isIgnored) this.#ignoreOne(stored, now);
    }
  }

  /** Ends what is open without news: an app no longer ignored starts as new. */
  #ignoreOne(stored: StoredApp, now: Instant): void {
    const { app } = stored;
    const { kind } = app.state;
    if (kind === "new" || kind === "paused") {
      this.#apps.update({ ...stored, app: { ...app, isIgnored: true } });
      return;
    }
    const flipped = this.#history.addFlip(stored, {
      appId: app.id,
      at: now,
      from: kind,
      to: "new",
      reason: "ignored",
      heartbeat: app.lastHeartbeat,
    }, now);
    this.#apps.update({ ...flipped, app: { ...app, isIgnored: true, state: { kind: "new" } } });
    this.#db.run(SUPPRESS_IGNORED, { app: stored.id });
  }

  #adoptMail(addresses: readonly string[], now: Instant): void {
    const list = JSON.stringify(addresses);
    if (this.#memory.read("mail") === "not set up") this.#db.run(SUPPRESS_STALE);
    // At every start: a crash may have come before it was noted that mail is not set up.
    this.#db.run(OWE_UNOWED, { addresses: list, now });
    this.#db.run(NOTE_OWED);
    this.#db.run(OWE_UNOWED_PUT_OFFS, { addresses: list, now });
    this.#db.run(NOTE_OWED_PUT_OFFS);
    this.#db.run(SUPPRESS_REMOVED, { addresses: list });
  }
}
