/**
 * The rules broken on purpose, one at a time: if the simulation does not find
 * one of these, it is too weak to be believed.
 */

/** One change to a file. */
export interface Edit {
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly from: string;
  readonly to: string;
}

/** One change to the source that breaks one rule. */
export interface Mutation extends Edit {
  /** What is wrong with it. */
  readonly name: string;
  /** The rule of the design that it breaks. */
  readonly rule: number;
  /** Changes without which this one could break nothing. */
  readonly also?: readonly Edit[];
}
