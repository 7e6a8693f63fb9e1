/**
 * What a page must show, and not obey.
 *
 * @module
 */

/** Code in text, in an attribute, and at the end of what it may stand in; marks that turn text around; much of it. */
export const HOSTILE: readonly string[] = [
  "<script>document.title = 'obeyed'</script>",
  '"><img src=x onerror="document.title = \'obeyed\'">',
  "</svg></title></textarea></iframe>&lt;b&gt;",
  "left\u202eright\u2066\u200b",
  "👩‍👩‍👧‍👦 приложение",
  "x".repeat(4_000),
];

/** All of it in one message. */
export const HOSTILE_TEXT = HOSTILE.join(" ");

/** As much of it as an app's name may have. */
export const HOSTILE_NAME = Array.from(HOSTILE_TEXT).slice(0, 100).join("");
