/**
 * What the `check` command says.
 *
 * @module
 */

/** What a check came to. */
export interface Checked {
  /** Apps that were found silent. */
  readonly down: number;
  /** Letters that a server took. */
  readonly sent: number;
  /** Letters that were tried and not taken. */
  readonly waiting: number;
}

/** What a check came to, in a sentence. */
export function checkedText({ down, sent, waiting }: Checked): string {
  const letters = waiting === 0
    ? `${sent} sent`
    : `${sent} sent, ${waiting} not taken, see the log`;
  return `Checked: ${down} newly down; letters: ${letters}`;
}
