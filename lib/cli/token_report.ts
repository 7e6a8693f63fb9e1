/**
 * What it means that a token was made anew.
 *
 * @module
 */

/** In sentences, for whoever did it. */
export function renewedText(
  { hasToken, hasLinks }: { readonly hasToken: boolean; readonly hasLinks: boolean },
): string {
  const token = hasToken
    ? "The token before opens nothing any more, and whoever logged in by it is logged out."
    : "No token was made: ADMIN_TOKEN is set, and wins over any that is made.";
  const links = hasLinks
    ? "Links in letters sent so far and addresses of badges open nothing any more: the next " +
      "letters bring new links, and the apps' pages have the new addresses."
    : "Links in letters and addresses of badges still work: --links makes them anew as well.";
  return `${token}\n${links}`;
}
