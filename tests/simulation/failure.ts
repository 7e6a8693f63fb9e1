/** What a simulation can find. */

/** What kind of promise was broken. */
export type FailureKind =
  /** An alarm, a letter or an answered heartbeat that is not there. */
  | "lost"
  /** An alarm that was not owed. */
  | "false"
  /** An alarm or letter that came later than the rules allow, or before. */
  | "late"
  /** A letter that came twice, or told twice, beyond what rule 6 allows. */
  | "doubled"
  /** A history, a ledger or an account that is not as the rules say. */
  | "broken";

/** The service broke a promise. */
export class Failure extends Error {
  readonly kind: FailureKind;
  /** The app that it is about, or null for all. */
  readonly appId: string | null;

  constructor(kind: FailureKind, appId: string | null, message: string) {
    super(message);
    this.kind = kind;
    this.appId = appId;
  }
}
