import assert from "node:assert/strict";
import { MINUTE } from "../../lib/clock.ts";
import { IN_MEMORY, openDatabase } from "../../lib/sqlite/database.ts";
import { Segments } from "../../lib/sqlite/segments.ts";
import { Series } from "../../lib/sqlite/series.ts";
import { START } from "../support/fake_clock.ts";
import { heartbeat } from "../support/store.ts";

/** Heartbeats of an app, a minute apart, the first one in this minute. */
function series(app: number, minute: number, count: number): Series {
  return new Series(
    Array.from(
      { length: count },
      (_, index) =>
        heartbeat(`${app}`, { at: START + (minute + index) * MINUTE, message: `of ${app}` }),
    ),
  );
}

/** What is kept of an app: which of its heartbeats, in which minute, and what they say. */
function kept(segments: Segments, app: number) {
  return segments.before(app, 100, 100).toReversed().map(({ number, at, message }) =>
    `${number} ${(at - START) / MINUTE} ${message}`
  );
}

Deno.test("what did not come onto disk is written again, and into no other app's row", async () => {
  using db = (await openDatabase(IN_MEMORY)).database;
  const segments = new Segments(db);
  const failing = () =>
    db.transaction(() => {
      segments.append(1, 1, series(1, 0, 2));
      throw new Error("the disk is full");
    });

  assert.throws(failing);
  segments.append(2, 1, series(2, 0, 2));
  segments.append(1, 1, series(1, 0, 2));
  segments.append(2, 3, series(2, 2, 1));
  segments.append(1, 3, series(1, 2, 1));

  assert.deepEqual(kept(segments, 1), ["1 0 of 1", "2 1 of 1", "3 2 of 1"]);
  assert.deepEqual(kept(segments, 2), ["1 0 of 2", "2 1 of 2", "3 2 of 2"]);
  assert.equal(db.get("SELECT COUNT(*) AS rows FROM segments")?.rows, 2);
});
