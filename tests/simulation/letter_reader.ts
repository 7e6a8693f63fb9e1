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
