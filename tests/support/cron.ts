/** The check of a service under test, which has timers enough: it runs at its start, and by hand. */

/** Runs nothing until the signal. */
export function runAtOnce(
  _check: () => Promise<void>,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
}
