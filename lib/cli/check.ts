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
  /** Letters over which the mail server takes its time. */
  readonly trying: number;
}

/** What a check came to, in a sentence. */
export function checkedText({ down, sent, waiting, trying }: Checked): string {
  const ended = waiting === 0 ? `${sent} sent` : `${sent} sent, ${waiting} not taken, see the log`;
  const letters = trying === 0
    ? ended
    : `${ended}; ${trying} under way: the mail server takes its time`;
  return `Checked: ${down} newly down; letters: ${letters}`;
}
