/** A README, taken apart: its headings, links and tables, and what stands in its fences. */

/** What stands between two fences. */
export interface Block {
  /** Where it begins. */
  readonly line: number;
  /** What the fence says: a language, and for some a word on how it is to be run. */
  readonly info: string;
  /** Without the indent that a list gives it. */
  readonly code: string;
}

/** A heading, `#` being 1. */
export interface Heading {
  readonly level: number;
  readonly text: string;
}

/** One setting, as the table tells it. */
export interface SettingRow {
  readonly name: string;
  /** Without back quotes; "–" for none. */
  readonly fallback: string;
  readonly meaning: string;
}

/** A README's parts, each in the order in which they stand. */
export interface Readme {
  readonly blocks: readonly Block[];
  readonly headings: readonly Heading[];
  readonly settings: readonly SettingRow[];
  /** What its tables tell of, as far as it is code: requests, commands, fields, settings. */
  readonly told: readonly string[];
  /** The digits of each figure that a table ends with. */
  readonly figures: readonly string[];
  /** Where its links and pictures lead. */
  readonly targets: readonly string[];
}

const FENCE = /^( *)```(.*)$/;

/** Takes a README apart. */
export function readReadme(text: string): Readme {
  const blocks: Block[] = [];
  const prose: string[] = [];
  let open: { readonly line: number; readonly indent: string; readonly info: string } | null = null;
  let code: string[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const fence = FENCE.exec(line);
    if (fence === null && open === null) {
      prose.push(line);
    } else if (fence === null) {
      code.push(line.slice(open?.indent.length));
    } else if (open === null) {
      open = { line: index + 1, indent: fence[1] ?? "", info: fence[2] ?? "" };
    } else {
      blocks.push({ line: open.line, info: open.info, code: code.join("\n") });
      open = null;
      code = [];
    }
  }
  if (open !== null) throw new Error(`The fence of line ${open.line} has no end`);
  return { blocks, ...readProse(prose.join("\n")) };
}

/** The anchor that a heading has where the README is shown. */
export function anchor({ text }: Heading): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
}

function readProse(prose: string): Omit<Readme, "blocks"> {
  const headings = Array.from(
    prose.matchAll(/^(#+) (.+)$/gm),
    ([, marks = "", text = ""]) => ({ level: marks.length, text }),
  );
  const settings = Array.from(
    prose.matchAll(/^\| `([A-Z_]+)` \| (\S+) \| (.+) \|$/gm),
    ([, name = "", fallback = "", meaning = ""]) => {
      return { name, fallback: fallback.replaceAll("`", ""), meaning };
    },
  );
  const rows = Array.from(prose.matchAll(/^\| (.+) \|$/gm), ([, row = ""]) => cells(row));
  const told = rows.flatMap(([first = ""]) => first.match(/`[^`]+`/g) ?? []);
  const figures = rows.flatMap(([, figure = "", ...rest]) => rest.length > 0 ? [] : digits(figure));
  const targets = Array.from(
    prose.matchAll(/\]\(([^)]+)\)|src="([^"]+)"/g),
    ([, link, picture]) => link ?? picture ?? "",
  );
  return { headings, settings, told, figures, targets };
}

function cells(row: string): readonly string[] {
  return row.split(/(?<!\\)\|/).map((cell) => cell.trim());
}

/** None for a cell that begins with no number. Each language writes 10,000.5 in its own way. */
function digits(cell: string): readonly string[] {
  return /^\d/.test(cell) ? [cell.replaceAll(/\D/g, "")] : [];
}
