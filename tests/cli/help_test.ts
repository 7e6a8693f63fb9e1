import assert from "node:assert/strict";
import { COMMAND_NAMES } from "../../lib/cli/arguments.ts";
import { helpText } from "../../lib/cli/help.ts";
import { flag, SETTING_KEYS, SETTING_NAMES, SETTINGS } from "../../lib/settings.ts";

/** What a terminal shows without breaking lines, in characters. */
const WIDTH = 100;

Deno.test("the general help lists every command, setting and exit code", () => {
  const text = helpText(null);

  for (const name of COMMAND_NAMES) assert.match(text, new RegExp(`^  ${name} +\\S`, "m"));
  for (const key of SETTING_KEYS) assert.match(text, new RegExp(`^  ${flag(key)} +\\S`, "m"));
  for (const name of SETTING_NAMES) assert.ok(text.includes(SETTINGS[name].meaning), name);
  for (const code of [0, 1, 2]) assert.match(text, new RegExp(`^  ${code} +\\S`, "m"));
});

Deno.test("the help on a command tells its usage, options, exit codes and an example", async (t) => {
  for (const name of COMMAND_NAMES) {
    await t.step(name, () => {
      const text = helpText(name);

      assert.ok(text.startsWith(`stillalive ${name}: `));
      for (const part of ["Usage: ", "Options\n", "Exit codes\n", "Example\n"]) {
        assert.ok(text.includes(`\n${part}`), part);
      }
    });
  }
});

Deno.test("no line of any help is broken by a terminal", () => {
  for (const name of [null, ...COMMAND_NAMES]) {
    for (const line of helpText(name).split("\n")) assert.ok(line.length <= WIDTH, line);
  }
});
