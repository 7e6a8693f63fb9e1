import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { TABLES } from "../../lib/sqlite/tables.ts";
import { HeartbeatReader } from "./heartbeat_reader.ts";

Deno.test("what comes after an old heartbeat that is told no more is read", () => {
  using db = new DatabaseSync(":memory:");
  db.exec(TABLES);
  db.exec(`
    INSERT INTO apps (id, app_id, state) VALUES (1, 'a', 'paused');
    INSERT INTO segments (app, first, from_at, to_at, count, tail, beats)
    VALUES (1, 1, 1000, 1500, 2, '"success","two"', '[0,"success","one",null,null],[500,"success","two",null,null]');
  `);
  const reader = new HeartbeatReader(db);

  const before = reader.next().map(({ number, message }) => [number, message]);
  db.exec(`
    UPDATE segments
    SET count = 3, dropped = 1, to_at = 9000, tail = '"success","three"',
        beats = '[0,"success","one",null,null],[8000,"success","three",null,null]'
  `);
  const after = reader.next().map(({ number, message }) => [number, message]);

  assert.deepEqual(before, [[1, "one"], [2, "two"]]);
  assert.deepEqual(after, [[3, "three"]]);
});
