/**
 * Tables: what their columns are called.
 *
 * @module
 */

import type { Element } from "./element.ts";

/** The head of a table, with a name for each column. */
export function TableHead({ names }: { readonly names: readonly string[] }): Element {
  return (
    <thead>
      <tr class="quiet small">{names.map((name) => <th scope="col">{name}</th>)}</tr>
    </thead>
  );
}
