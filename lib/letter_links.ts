/**
 * Text from outside that mail programs would make links of: addresses of the
 * web and of mail, and whatever looks like a host name, as `login.example.com`.
 *
 * In HTML it is put where programs look for no links, into a link that leads
 * nowhere; and where one drops that, each word is in pieces. Neither is seen,
 * searched or copied. Plain text has nothing of the kind: there only what every
 * program takes for a link is broken, `https[:]//` and `www[.]`, and a mere
 * host name is left as it is. It is many an app's name, and programs that
 * would link it show the HTML.
 *
 * @module
 */

import { html } from "hono/html";
import { lazily } from "./lazily.ts";

type Html = ReturnType<typeof html>;

/** What stands between the labels of a host name; some scripts have full stops of their own. */
const DOT = String.raw`[.\u3002\uff0e\uff61]`;

/** What makes a link of a word: a scheme, a name before a host, labels of a host, an address of IPv4. */
const linkable = lazily(() =>
  new RegExp(
    String.raw`(\S*(?::\/\/|[\p{L}\p{N}]@|[\p{L}\p{N}_\-]${DOT}\p{L}|\d{1,3}(?:\.\d{1,3}){3})\S*)`,
    "u",
  )
);

/** Where such a word is taken apart. */
const seam = lazily(() => new RegExp(String.raw`(?<=@)|(?=\/\/|${DOT}[\p{L}\p{N}])`, "u"));

/** The same text as HTML in which nothing is a link, and nothing becomes one. */
export function unlinked(text: string): Html {
  // Every other part is a word that was found.
  const parts = text.split(linkable()).map((part, index) => index % 2 === 0 ? part : nowhere(part));
  return html`${parts}`;
}

/** The same text for a letter without HTML. */
export function unlinkedText(text: string): string {
  return text.replaceAll("://", "[:]//").replaceAll(/\b(www)\./gi, "$1[.]");
}

function nowhere(word: string): Html {
  const pieces = word.split(seam()).map((piece, index) =>
    index === 0 ? piece : html`<wbr>${piece}`
  );
  return html`<a>${pieces}</a>`;
}
