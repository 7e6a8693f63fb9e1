import assert from "node:assert/strict";
import { SETTING_FORMS } from "../lib/setting_forms.ts";
import { flag, SETTING_KEYS, SETTING_NAMES, SETTINGS } from "../lib/settings.ts";

Deno.test("every default can be read", async (t) => {
  for (const name of SETTING_NAMES) {
    const { fallback } = SETTINGS[name];
    if (fallback === null) continue;
    await t.step(name, () => assert.notEqual(SETTING_FORMS[name].read(fallback), null));
  }
});

Deno.test("flag() writes a key as it stands on the command line", () => {
  assert.equal(flag("ADMIN_TOKEN_FILE"), "--admin-token-file");
});

Deno.test("only secrets can stand in files of their own", () => {
  const files = SETTING_KEYS.filter((key) => !SETTING_NAMES.some((name) => name === key));

  assert.deepEqual(files, [
    "SMTP_PASSWORD_FILE",
    "ADMIN_TOKEN_FILE",
    "READ_TOKEN_FILE",
    "HEARTBEAT_TOKEN_FILE",
  ]);
});

Deno.test(".env.example has every setting with its meaning and default, and nothing else", async () => {
  const text = await Deno.readTextFile(new URL("../.env.example", import.meta.url));

  const told = Array.from(
    text.matchAll(/^# (.+)\n# ([A-Z_]+)=(.*)$/gm),
    ([, meaning, name, value]) => ({
      meaning,
      name,
      value,
    }),
  );
  const expected = SETTING_NAMES.map((name) => {
    const { meaning, fallback } = SETTINGS[name];
    return { meaning, name, value: fallback ?? "" };
  });
  assert.deepEqual(told, expected);
  assert.equal(text.match(/^[^#\n].*$/m), null, "something is set");
});
