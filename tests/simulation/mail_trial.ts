/** What happens at the mail server's door. */

import type { Delivery, Mail } from "../../lib/outbox.ts";
import type { Passed } from "./agenda.ts";
import type { Life } from "./life.ts";

/** How the server fares. */
export type Weather =
  | "fair"
  /** It lets nobody in. */
  | "unreachable"
  /** It refuses the password. */
  | "denying"
  /** It takes its time, up to what RFC 5321 allows. */
  | "slow"
  /** It answers 4yz after the data. */
  | "deferring"
  /** It answers 5yz after the data. */
  | "rejecting"
  /** It does not answer after the final dot; half of the letters it has taken. */
  | "unanswering";

/** One try that reached the server, or was to. */
export interface Trial {
  readonly mail: Mail;
  readonly life: Life;
  readonly knock: Knock;
  readonly beganAt: Passed;
  endedAt: Passed | null;
  /** Null while it is under way, and for good if the process ended in it. */
  outcome: Delivery["outcome"] | null;
  /** Whether the server has the letter. */
  isTaken: boolean;
}

/** One knock at the server's door. */
export interface Knock {
  readonly life: Life;
  readonly beganAt: Passed;
  /** Whether nothing more comes of it: it was refused, or has left. */
  isOver: boolean;
  /** Whether a letter was sent by it. */
  hasLetter: boolean;
}

/** What happened at the door, in order. */
export interface DoorEvent {
  readonly knock: Knock;
  readonly what:
    | "called"
    | "refused"
    | "greeted"
    | "shown the password"
    | "denied"
    | "let in"
    | "left";
}
