import assert from "node:assert/strict";
import { configTable } from "../../lib/cli/config_table.ts";
import { readConfig } from "../../lib/config.ts";
import { SETTING_NAMES } from "../../lib/settings.ts";

Deno.test("configTable() shows every setting, its value and where it came from, aligned", () => {
  const lines = table({ PORT: "8080", ADMIN_TOKEN: "correct-horse-battery-staple" });

  assert.deepEqual(lines.map((line) => line.split(" ", 1)[0]), SETTING_NAMES);
  assert.ok(lines.includes("PORT               8080            environment"));
  assert.ok(lines.includes("SMTP_HOST          smtp.yandex.ru  default"));
  assert.ok(lines.includes("ADMIN_TOKEN        ********        environment"));
  assert.ok(lines.includes("READ_TOKEN         not set         default"));
});

Deno.test("configTable() masks what in a URL opens a door", () => {
  const lines = table({ WATCHDOG_URL: "https://user:key@example.com/ping?token=key" });

  assert.ok(lines.some((line) => line.includes(" https://********@example.com/ping?********  ")));
});

Deno.test("configTable() shows a long value whole, and moves no other line", () => {
  const emails = Array.from({ length: 20 }, (_, index) => `admin${index}@example.com`).join();
  const lines = table({ ADMIN_EMAILS: emails });

  assert.ok(lines.includes(`ADMIN_EMAILS       ${emails}  environment`));
  assert.ok(lines.every((line) => line.length < 80 || line.includes(emails)));
});

Deno.test("configTable() escapes control characters", () => {
  const table = configTable([
    { name: "HOST", value: { kind: "text", text: "a\u001b[31m\nb" }, source: "file \u202e" },
  ]);

  assert.equal(table, "HOST  a\\u001b[31m\\nb  file \\u202e");
});

/** The lines for an environment. */
function table(environment: Readonly<Record<string, string>>): readonly string[] {
  const sources = { dotenv: {}, unclear: [], environment, flags: {}, timeZone: "UTC" };
  return configTable(readConfig(sources, () => "").settings).split("\n");
}
