/**
 * Snippets with a button that copies each.
 *
 * @module
 */

import type { Element } from "./element.ts";
import { type SnippetFacts, snippets } from "./snippets.ts";
import type { Speech } from "./speech.ts";

/** All of them, the first one open. */
export function Snippets(
  { facts, speech }: { readonly facts: SnippetFacts; readonly speech: Speech },
): Element {
  const { app } = speech.words;
  return (
    <>
      {snippets(facts).map(({ language, code }, index) => (
        <details class="snippet" open={index === 0}>
          <summary>{language}</summary>
          <pre tabindex={0}><code id={`snippet-${language}`}>{code}</code></pre>
          <button
            type="button"
            class="second"
            data-copy={`snippet-${language}`}
            data-copied={app.copied}
          >
            {app.copy}
          </button>
        </details>
      ))}
    </>
  );
}
