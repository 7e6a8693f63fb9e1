/**
 * How near the apps are to as many as there may be, as it was last told.
 *
 * @module
 */

import { type Capacity, capacity, isWorse, type Occupancy } from "../capacity.ts";
import type { Instant } from "../clock.ts";
import type { Database } from "./database.ts";
import type { Memory } from "./memory.ts";

const OWE = `
  UPDATE occasions
  SET capacity_at = :now
`;

const OWE_NOTHING = `
  UPDATE occasions
  SET capacity_at = NULL
  WHERE capacity_at IS NOT NULL
`;

/** What it works on. */
interface Parts {
  readonly db: Database;
  readonly memory: Memory;
  /** Told once a step up is on disk. */
  readonly onScarce: (occupancy: Occupancy) => void;
}

/** Notes steps of capacity, in the transactions that make them. */
export class CapacityTable {
  readonly #parts: Parts;
  /** As it is on disk; null before it was read. */
  #stands: Capacity | null = null;
  /** As the transaction under way makes it. */
  #noted: { readonly stands: Capacity; readonly told: Occupancy | null } | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** So many apps there are; part of its caller's transaction. */
  note(occupancy: Occupancy, now: Instant): void {
    const { db, memory } = this.#parts;
    this.#stands ??= read(memory);
    const before = this.#noted?.stands ?? this.#stands;
    const stands = capacity(occupancy, before);
    if (stands === before) return;
    memory.write("capacity", stands);
    const isTold = isWorse(stands, before);
    if (isTold) db.run(OWE, { now });
    else if (stands === "ample") db.run(OWE_NOTHING);
    this.#noted = { stands, told: isTold ? occupancy : null };
  }

  /** The transaction is on disk. */
  commit(): void {
    if (this.#noted === null) return;
    const { stands, told } = this.#noted;
    this.#stands = stands;
    this.#noted = null;
    if (told !== null) this.#parts.onScarce(told);
  }

  /** Nothing of the transaction is on disk. */
  rollBack(): void {
    this.#noted = null;
  }
}

function read(memory: Memory): Capacity {
  const stands = memory.read("capacity");
  return stands === "scarce" || stands === "full" ? stands : "ample";
}
