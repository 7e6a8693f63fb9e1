/**
 * A row of the fault matrix.
 *
 * @module
 */

import { type Duration, SECOND } from "../../lib/clock.ts";

/** What a fault came to. */
export interface FaultRow {
  readonly fault: string;
  /** In the program's own words, or the server's. */
  readonly outcome: string;
  /** From the repair until all was well; null where there is none. */
  readonly repairedAfter: Duration | null;
  /** What is not as promised; empty where all is. */
  readonly broken: readonly string[];
}

/** The most characters of an outcome: what matters of an error is said at its beginning. */
const OUTCOME_LENGTH = 110;

/** The row as text. */
export function cells({ fault, outcome, repairedAfter, broken }: FaultRow): readonly string[] {
  return [
    fault,
    outcome.length > OUTCOME_LENGTH ? `${outcome.slice(0, OUTCOME_LENGTH - 1)}…` : outcome,
    repairedAfter === null ? "–" : `${(repairedAfter / SECOND).toFixed(1)} s`,
    broken.length === 0 ? "as promised" : `BROKEN: ${broken.join("; ")}`,
  ];
}

/** What is found out about a fault. */
export type Found = Pick<FaultRow, "outcome" | "repairedAfter">;

/** Meets a fault; whatever goes wrong on the way is not as promised. */
export async function meet(
  fault: string,
  meeting: (promises: Promises) => Promise<Found>,
): Promise<FaultRow> {
  const promises = new Promises();
  try {
    return { fault, ...await meeting(promises), broken: promises.broken };
  } catch (error) {
    const broken = [...promises.broken, messageOf(error)];
    return { fault, outcome: "", repairedAfter: null, broken };
  }
}

/** A fault that cannot be brought about here. */
export function leftOut(fault: string, why: string): FaultRow {
  return { fault, outcome: `left out: ${why}`, repairedAfter: null, broken: [] };
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.trim() : String(error);
}

/** Promises that can be asked for one after the other. */
export class Promises {
  readonly broken: string[] = [];

  /** Waits for what must come; notes that it did not. */
  async come(what: string, coming: Promise<unknown>): Promise<void> {
    try {
      await coming;
    } catch (error) {
      this.broken.push(`${what}: ${messageOf(error)}`);
    }
  }

  /** Notes what is not so. */
  expect(what: string, isKept: boolean): void {
    if (!isKept) this.broken.push(what);
  }
}
