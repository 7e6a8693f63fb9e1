/** Reads letters as an admin does: what they say of which app. */

/** What a letter tells of an app. */
export interface Told {
  /** How often it was away and came back. */
  readonly absences: number;
  /** Whether it is down in the end. */
  readonly isDown: boolean;
}

/** Sections that bring news, by their headings, and whether their apps are down. */
const HEADINGS: readonly (readonly [RegExp, boolean])[] = [
  [/ (is|are) down$/, true],
  [/ reported a failure$/, true],
  [/ (is|are) back$/, false],
  [/ (was|were) away$/, false],
  // Here each entry says it.
  [/ (is|are) flapping$/, false],
];

/** Sections of apps of which nobody knows, and of those that were heard after that. */
const UNKNOWN = / (is|are) unknown$/;
const HEARD = / (was|were) heard after all$/;

/** Absences that a line sums up. */
const ABSENCES: readonly RegExp[] = [
  /^Before that: away (once|twice|[\d,]+ times)/,
  /^After that: away (once|twice|[\d,]+) (?:times )?more/,
  /^Was away (once|twice|[\d,]+ times),/,
  /^Was (away) for/,
];

/** What the plain text of a letter tells, by app. */
export function toldBy(text: string): ReadonlyMap<string, Told> {
  const told = new Map<string, Told>();
  for (const section of text.split("\n\n\n")) {
    const [head = "", ...entries] = section.split("\n\n");
    const [heading = "", underline = ""] = head.split("\n");
    const areDown = HEADINGS.find(([pattern]) => pattern.test(heading))?.[1];
    if (areDown === undefined || !underline.startsWith("=")) continue;
    for (const entry of entries) {
      const [title = "", ...lines] = unwrapped(entry);
      const absences = lines.map(absencesIn).reduce((sum, each) => sum + each, 0);
      const isDown = areDown || lines.some((line) => line.startsWith("Now down,"));
      told.set(title, { absences, isDown });
    }
  }
  return told;
}

/** The apps of each section that brings news, in the order in which they stand there. */
export function orderIn(text: string): readonly (readonly string[])[] {
  return text.split("\n\n\n").flatMap((section) => {
    const [head = "", ...entries] = section.split("\n\n");
    const [heading = "", underline = ""] = head.split("\n");
    const isNews = HEADINGS.some(([pattern]) => pattern.test(heading)) || UNKNOWN.test(heading);
    if (!isNews || !underline.startsWith("=")) return [];
    // A sentence about all of them may stand before them.
    return [entries.map((entry) => unwrapped(entry)[0] ?? "").filter((title) => !/ /.test(title))];
  });
}

/** How often a letter says of each app that nobody knows how it is. */
export function unknownIn(text: string): readonly string[] {
  return entriesUnder(UNKNOWN, text).map((entry) => unwrapped(entry)[0] ?? "");
}

/** Of which apps a letter says that they were heard after all. */
export function heardIn(text: string): readonly string[] {
  return entriesUnder(HEARD, text).flatMap((entry) =>
    unwrapped(entry).map((line) => line.split(":")[0] ?? "")
  );
}

function entriesUnder(heading: RegExp, text: string): readonly string[] {
  return text.split("\n\n\n").flatMap((section) => {
    const [head = "", ...entries] = section.split("\n\n");
    const [first = "", underline = ""] = head.split("\n");
    return heading.test(first) && underline.startsWith("=") ? entries : [];
  });
}

/** Whether a letter tells of an app that keeps falling and coming back. */
export function tellsOfFlapping(text: string): boolean {
  return / (is|are) flapping\n=/.test(text);
}

/** The lines of an entry, each whole again. */
function unwrapped(entry: string): readonly string[] {
  return entry.replaceAll(/\n {4,}/g, " ").split("\n").map((line) => line.trim());
}

function absencesIn(line: string): number {
  for (const pattern of ABSENCES) {
    const word = pattern.exec(line)?.[1];
    if (word === undefined) continue;
    if (word === "once" || word === "away") return 1;
    return word === "twice" ? 2 : Number(word.replaceAll(/[^\d]/g, ""));
  }
  return 0;
}
