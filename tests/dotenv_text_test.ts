import assert from "node:assert/strict";
import { parse } from "dotenv";
import fc from "fast-check";
import { unclearLines } from "../lib/dotenv_text.ts";
import { SETTING_KEYS } from "../lib/settings.ts";

Deno.test("a line of .env that programs read in different ways is refused, with the way out", async (t) => {
  const single = "put the value in 'single quotes'";
  const hash = 'has a "#", where some programs begin a comment (.env, line 1): ' +
    `${single}, or a space on both sides of the "#" of a comment`;
  const escape = 'has a backslash in "double quotes", where some programs read more than that ' +
    `(.env, line 1): ${single}`;
  const behind = "has a quote, or text behind one, within the value (.env, line 1): " +
    "put all of it in quotes of a kind that is not in it";
  const open = "has a quote that its line does not close (.env, line 1): close it";
  const cases: readonly (readonly [string, string])[] = [
    ["SMTP_PASSWORD=Qw#erty12", `SMTP_PASSWORD ${hash}`],
    ["SMTP_PASSWORD=#erty12", `SMTP_PASSWORD ${hash}`],
    ["SMTP_PASSWORD=Qw #erty12", `SMTP_PASSWORD ${hash}`],
    ["export SMTP_PASSWORD = Qw# erty12", `SMTP_PASSWORD ${hash}`],
    ["SMTP_PASSWORD: Qw#erty12", `SMTP_PASSWORD ${hash}`],
    ["DATABASE=/data/my #1.db", `DATABASE ${hash}`],
    ['SMTP_PASSWORD="Qw#erty12', `SMTP_PASSWORD ${open}`],
    ["SMTP_PASSWORD='Qw", `SMTP_PASSWORD ${open}`],
    ["SMTP_PASSWORD='Qw'erty", `SMTP_PASSWORD ${behind}`],
    ["SMTP_PASSWORD='Qw'#erty", `SMTP_PASSWORD ${behind}`],
    ["SMTP_PASSWORD='it\\'s'", `SMTP_PASSWORD ${behind}`],
    ['SMTP_PASSWORD="a\\"b"', `SMTP_PASSWORD ${behind}`],
    [
      "DATABASE='C:\\data\\'",
      "DATABASE ends in a backslash and a quote, which do not close it for all programs " +
      "(.env, line 1): leave the quotes out",
    ],
    ['DATABASE="C:\\data\\new.db"', `DATABASE ${escape}`],
    ['SMTP_PASSWORD="a\\\\b"', `SMTP_PASSWORD ${escape}`],
    [
      "SMTP_PASSWORD=пар\ufffdль",
      "SMTP_PASSWORD is not in UTF-8 (.env, line 1): save the file in UTF-8",
    ],
    ["PORT=1\r\nPORT=2", "PORT is set a second time (.env, line 2): expected it once"],
    [
      "# mail\n\nSMTP_PASSWORD Qwerty12",
      'A line is no NAME=VALUE (.env, line 3): mend it, or begin it with "#"',
    ],
    [
      "SMTP_PASSWORD:Qwerty12",
      'A line is no NAME=VALUE (.env, line 1): mend it, or begin it with "#"',
    ],
    [
      "SMTP PASSWORD=Qwerty12",
      'A line is no NAME=VALUE (.env, line 1): mend it, or begin it with "#"',
    ],
    ["PORT=\n'8000'", 'A line is no NAME=VALUE (.env, line 2): mend it, or begin it with "#"'],
    ['NOTE="of two lines\nPORT=8000"', `NOTE ${open}`],
  ];
  for (const [text, expected] of cases) {
    await t.step(JSON.stringify(text), () => {
      assert.deepEqual(unclearLines(text).map(({ message }) => message), [expected]);
    });
  }
});

Deno.test("a line of .env that is clear is taken whole", async (t) => {
  const cases: readonly (readonly [string, string])[] = [
    ["SMTP_PASSWORD=Qwerty12", "Qwerty12"],
    ["SMTP_PASSWORD='Qw#erty12'", "Qw#erty12"],
    ['  export SMTP_PASSWORD = "Qw#erty 12"  # of the robot', "Qw#erty 12"],
    ['SMTP_PASSWORD=`it\'s "12"`', 'it\'s "12"'],
    ["SMTP_PASSWORD=it's", "it's"],
    ["SMTP_PASSWORD=a\\", "a\\"],
    ["SMTP_PASSWORD=Qwerty12 # the robot's", "Qwerty12"],
    ["SMTP_PASSWORD=Qwerty12 ##### the robot's", "Qwerty12"],
    ["SMTP_PASSWORD= # to be set", ""],
    ["SMTP_PASSWORD=", ""],
    ['SMTP_PASSWORD="C:\\data"', "C:\\data"],
    ["SMTP_PASSWORD: Qwerty12", "Qwerty12"],
    ['PEM="-----BEGIN\n#x\n-----END"\r\nSMTP_PASSWORD=Qwerty12', "Qwerty12"],
    ["OTHER='x'y\nSMTP_PASSWORD=Qwerty12", "Qwerty12"],
    ["OTHER=a#b\nOTHER=c\nSMTP_PASSWORD=Qwerty12", "Qwerty12"],
  ];
  for (const [text, expected] of cases) {
    await t.step(JSON.stringify(text), () => {
      assert.deepEqual(unclearLines(text), []);
      assert.equal(parse(text)["SMTP_PASSWORD"], expected);
    });
  }
});

Deno.test("whatever stands in .env, a value is taken whole or refused", () => {
  const piece = fc.constantFrom(
    "#",
    " # ",
    " #",
    "'",
    '"',
    "`",
    "\\",
    "\\n",
    "\\'",
    " ",
    "a",
    "я",
    "$",
    "=",
    ":",
  );
  const value = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(value, (value) => {
      const text = `SMTP_PASSWORD=${value}`;
      if (unclearLines(text).length > 0) return;
      // What may go: spaces around, one pair of quotes, a comment that stands apart.
      const bare = value.trim();
      const whole = [bare, bare.replace(/(^|\s)#(\s.*|#.*)?$/, "").trim()];
      const quoted = whole.filter((each) => /^(['"`]).*\1$/.test(each)).map((each) =>
        each.slice(1, -1)
      );
      const behind = /^(['"`])((?:(?!\1).)*)\1\s+#.*$/.exec(bare)?.[2];

      assert.ok([...whole, ...quoted, behind].includes(parse(text)["SMTP_PASSWORD"]), text);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("whatever stands in .env, no clear line takes anything from another", () => {
  const key = fc.constantFrom("PORT", "HOST", "SMTP_PASSWORD", "OTHER", "MORE");
  const piece = fc.constantFrom("#", " #", "'", '"', "`", "\\", " ", "a", "\n", "=", ": ");
  const value = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));
  const line = fc.tuple(key, value).map(([key, value]) => `${key}=${value}`);
  fc.assert(
    fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
      const text = lines.join("\n");
      if (unclearLines(text).length > 0) return;
      const parsed = parse(text);
      for (const each of text.split("\n")) {
        const [, key = ""] = /^\s*([\w.-]+)\s*=/.exec(each) ?? [];
        if (SETTING_KEYS.includes(key)) assert.equal(parsed[key], parse(each)[key], text);
      }
    }),
    { numRuns: 2_000 },
  );
});
