/** The heartbeats in a database, read from beside. */

import { DatabaseSync } from "node:sqlite";
import { HeartbeatReader, type StoredHeartbeat } from "../simulation/heartbeat_reader.ts";

/** All that were sent here, in the order that they came. */
export function heartbeatsIn(path: string): readonly StoredHeartbeat[] {
  using db = new DatabaseSync(path, { readOnly: true, timeout: 10_000 });
  return new HeartbeatReader(db).next();
}
