/** The door of one process, as clients and the service itself find it: it may shut by itself. */

import { AppError } from "../../lib/errors.ts";
import type { Sight } from "../../lib/door.ts";
import type { Parting } from "../../lib/doorkeeper.ts";
import type { RequestHandler } from "../../lib/http/server.ts";
import type { Gate } from "../../engine.ts";
import type { Instant } from "../../lib/clock.ts";
import type { Passed } from "./agenda.ts";
import type { World } from "./world.ts";

/** What the service lets requests in by. */
export class Doorway implements Gate {
  readonly handle: RequestHandler;
  /** Since when nobody can connect; null while they can. Who is connected stays so. */
  shutAt: Passed | null = null;
  /** When the service last found it open, by the clock on the wall as it is now. */
  seenOpenAt: Instant | null = null;
  readonly #world: World;

  /** @throws {AppError} `unusable` where nobody may listen now. */
  constructor(world: World, handle: RequestHandler) {
    if (world.isPortTaken) throw new AppError("unusable", "Cannot listen");
    this.#world = world;
    this.handle = handle;
  }

  get isShut(): boolean {
    return this.shutAt !== null;
  }

  /** It shuts by itself. */
  shut(): void {
    this.shutAt = this.#world.time.passed;
  }

  look(room: number): Promise<Sight> {
    if (!this.isShut) this.seenOpenAt = this.#world.time.wall;
    const passage = this.isShut
      ? { kind: "shut", reason: "nobody listens" } as const
      : { kind: "open" } as const;
    return Promise.resolve({ passage, room });
  }

  measure(most: number): number {
    return most;
  }

  spare(): void {}

  letGo(): Promise<Parting> {
    return Promise.resolve("all left");
  }

  open(): Promise<void> {
    if (this.isShut && !this.#world.isPortTaken) {
      this.shutAt = null;
      this.#world.onDoorOpen();
    }
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
