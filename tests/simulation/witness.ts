/** Reads what the service writes, as it writes it, by a connection of its own. */

import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Instant } from "../../lib/clock.ts";
import type { FlipReason, StateKind } from "../../lib/flip.ts";
import { HeartbeatReader, type StoredHeartbeat } from "./heartbeat_reader.ts";
import { OutboxWitness } from "./outbox_witness.ts";

/** A flip that is on disk. */
export interface FlipRow {
  readonly id: number;
  readonly appId: string;
  readonly at: Instant;
  readonly from: StateKind;
  readonly to: StateKind;
  readonly reason: FlipReason;
}

/** A gap in the ledger. */
export interface GapRow {
  readonly id: number;
  readonly from: Instant;
  readonly to: Instant;
  readonly cause: string;
  readonly moved: number;
  /** Of these, those whose alarm comes more than an hour later. */
  readonly putOff: number;
  /** What a gap that was seen before has grown by: `moved` are those that it moved only now. */
  readonly isPiece: boolean;
}

/** News that nobody knows how an app is. */
export interface PutOffRow {
  readonly id: number;
  readonly appId: string;
  readonly at: Instant;
  readonly deadlineAt: Instant;
}

/** What has been written since the last look. */
export interface News {
  readonly heartbeats: readonly StoredHeartbeat[];
  readonly flips: readonly FlipRow[];
  readonly gaps: readonly GapRow[];
  readonly putOffs: readonly PutOffRow[];
}

const SELECT_FLIPS = `
  SELECT flips.id, app_id AS appId, at, from_state AS "from", to_state AS "to", reason
  FROM flips
  JOIN apps ON apps.id = app
  WHERE flips.id > :after
  ORDER BY flips.id
`;

const SELECT_GAPS = `
  SELECT id, began_at AS "from", ended_at AS "to", cause, moved, put_off AS putOff
  FROM gaps
  WHERE id > :after
  ORDER BY id
`;

const SELECT_PUT_OFFS = `
  SELECT put_offs.id, app_id AS appId, at, put_offs.deadline_at AS deadlineAt
  FROM put_offs
  JOIN apps ON apps.id = app
  WHERE put_offs.id > :after
  ORDER BY put_offs.id
`;

/** While a door is shut, its gap grows. */
const SELECT_GAP = `
  SELECT ended_at AS "to", moved, put_off AS putOff
  FROM gaps
  WHERE id = :id
`;

const SELECT_MARK = `
  SELECT marked_at AS at
  FROM listening
`;

/** Looks at a database, from its first row on. */
export class Witness implements Disposable {
  readonly #db: DatabaseSync;
  readonly #heartbeats: HeartbeatReader;
  readonly #flips: Tail<FlipRow>;
  readonly #gaps: Tail<Omit<GapRow, "isPiece">>;
  readonly #gap: StatementSync;
  #lastGap: Omit<GapRow, "isPiece"> | null = null;
  readonly #putOffs: Tail<PutOffRow>;
  readonly #mark: StatementSync;
  /** What is to be mailed. */
  readonly outbox: OutboxWitness;

  constructor(path: string) {
    this.#db = new DatabaseSync(path, { readOnly: true });
    this.#heartbeats = new HeartbeatReader(this.#db);
    this.#flips = new Tail(this.#db.prepare(SELECT_FLIPS));
    this.#gaps = new Tail(this.#db.prepare(SELECT_GAPS));
    this.#putOffs = new Tail(this.#db.prepare(SELECT_PUT_OFFS));
    this.#gap = this.#db.prepare(SELECT_GAP);
    this.#mark = this.#db.prepare(SELECT_MARK);
    this.outbox = new OutboxWitness(this.#db);
  }

  /** What has been written since the last call. */
  look(): News {
    return {
      heartbeats: this.#heartbeats.next(),
      flips: this.#flips.next(),
      gaps: [...this.#grown(), ...this.#newGaps()],
      putOffs: this.#putOffs.next(),
    };
  }

  #newGaps(): readonly GapRow[] {
    const gaps = this.#gaps.next();
    this.#lastGap = gaps.at(-1) ?? this.#lastGap;
    return gaps.map((gap) => ({ ...gap, isPiece: false }));
  }

  #grown(): readonly GapRow[] {
    const last = this.#lastGap;
    if (last === null) return [];
    // None if it was pruned.
    const row = this.#gap.get({ id: last.id });
    const { to, moved, putOff } = (row ?? last) as typeof last;
    // What a clock that was set back has moved back did not grow.
    this.#lastGap = { ...last, to, moved, putOff };
    if (to <= last.to) return [];
    const grown = { moved: moved - last.moved, putOff: putOff - last.putOff };
    return [{ ...last, from: last.to, to, ...grown, isPiece: true }];
  }

  /** Until when the service has written down that it listened, or null. */
  mark(): Instant | null {
    const at = this.#mark.get()?.at;
    return typeof at === "number" ? at : null;
  }

  /** All rows of a query, for the end of a run. */
  all(sql: string): readonly unknown[] {
    return this.#db.prepare(sql).all();
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}

/** Rows that are only ever added. */
class Tail<Row extends { readonly id: number }> {
  readonly #select: StatementSync;
  #after = 0;

  constructor(select: StatementSync) {
    this.#select = select;
  }

  next(): readonly Row[] {
    const rows = this.#select.all({ after: this.#after }) as unknown as readonly Row[];
    this.#after = rows.at(-1)?.id ?? this.#after;
    return rows;
  }
}
