import assert from "node:assert/strict";
import fc from "fast-check";
import { COMMAND_NAMES, type CommandName, parseArguments } from "../../lib/cli/arguments.ts";
import { SETTING_KEYS } from "../../lib/settings.ts";

Deno.test("parseArguments() tells which command to run", async (t) => {
  const cases: readonly (readonly [string, unknown])[] = [
    ["", { name: "serve" }],
    ["serve", { name: "serve" }],
    ["check", { name: "check" }],
    ["config", { name: "config" }],
    ["token", { name: "token", hasLinks: false }],
    ["token --links", { name: "token", hasLinks: true }],
    ["version", { name: "version" }],
    ["--version", { name: "version" }],
    ["apps snooze 23 --for 20m", {
      name: "apps",
      action: { kind: "snooze", id: "23", length: "20m" },
      isJson: false,
    }],
    ["--json apps snooze 23 --end", {
      name: "apps",
      action: { kind: "snooze", id: "23", length: null },
      isJson: true,
    }],
    ["mail-test", { name: "mail-test", address: null, isAlarm: false }],
    ["mail-test a@example.com", { name: "mail-test", address: "a@example.com", isAlarm: false }],
    ["--alarm mail-test", { name: "mail-test", address: null, isAlarm: true }],
    ["mail-test -- a@example.com", { name: "mail-test", address: "a@example.com", isAlarm: false }],
  ];
  for (const [line, command] of cases) {
    await t.step(`stillalive ${line}`, () => {
      assert.deepEqual(parse(line), { kind: "run", command, flags: {} });
    });
  }
});

Deno.test("parseArguments() takes every setting as a flag, before and behind the command", () => {
  const words = SETTING_KEYS.map((key) => `--${key.toLowerCase().replaceAll("_", "-")}=x`);
  const flags = Object.fromEntries(SETTING_KEYS.map((key) => [key, "x"]));

  for (const args of [[...words, "serve"], ["serve", ...words]]) {
    assert.deepEqual(parseArguments(args), { kind: "run", command: { name: "serve" }, flags });
  }
});

Deno.test("a flag's value stands behind a space or an equals sign", async (t) => {
  const cases: readonly (readonly [readonly string[], unknown])[] = [
    [["--port", "8000"], { PORT: "8000" }],
    [["--port=8000"], { PORT: "8000" }],
    [["--port="], { PORT: "" }],
    [["--smtp-password=-dash"], { SMTP_PASSWORD: "-dash" }],
    [["--smtp-password=a=b"], { SMTP_PASSWORD: "a=b" }],
    [["--admin-emails", "a@example.com, b@example.com"], {
      ADMIN_EMAILS: "a@example.com, b@example.com",
    }],
    [["--host", "::"], { HOST: "::" }],
  ];
  for (const [args, flags] of cases) {
    await t.step(args.join(" "), () => {
      assert.deepEqual(parseArguments(args), { kind: "run", command: { name: "serve" }, flags });
    });
  }
});

Deno.test("parseArguments() tells whose help is asked for", async (t) => {
  const cases: readonly (readonly [string, CommandName | null])[] = [
    ["--help", null],
    ["-h", null],
    ["--port 1 --help", null],
    ...COMMAND_NAMES.map((name) => [`${name} --help`, name] as const),
    ["-h mail-test", "mail-test"],
  ];
  for (const [line, command] of cases) {
    await t.step(`stillalive ${line}`, () => {
      assert.deepEqual(parse(line), { kind: "help", command });
    });
  }
});

Deno.test("parseArguments() says what is wrong with a command line", async (t) => {
  const cases: readonly (readonly [string, string])[] = [
    ["import", "Command import lacks its file: expected import FILE"],
    ["import a b", 'Command import cannot take "b": expected one file'],
    ["serve --watch", 'Option "--watch" does not go with serve: expected import'],
    [
      "restore",
      'Unknown command "restore": expected one of serve, check, import, mail-test, apps, backup, verify, config, token, version',
    ],
    ["backup", "Command backup lacks its file: expected backup FILE"],
    ["verify x", 'Command verify cannot take "x": expected no argument'],
    ["serve --json", 'Option "--json" does not go with serve: expected apps'],
    ["check --for 20m", 'Option "--for" does not go with check: expected apps'],
    ["check --end", 'Option "--end" does not go with check: expected apps'],
    ["apps snooze 23 --for", 'Option "--for" has no value: expected --for=VALUE'],
    ["config --name x", 'Option "--name" does not go with config: expected apps'],
    [
      "Serve",
      'Unknown command "Serve": expected one of serve, check, import, mail-test, apps, backup, verify, config, token, version',
    ],
    ["--prot=secret", 'Unknown option "--prot": expected one that --help lists'],
    ["-p", 'Unknown option "-p": expected one that --help lists'],
    ["--constructor", 'Unknown option "--constructor": expected one that --help lists'],
    ["--__proto__=x", 'Unknown option "--__proto__": expected one that --help lists'],
    ["--no-alarm", 'Unknown option "--no-alarm": expected one that --help lists'],
    ["--PORT=1", 'Unknown option "--PORT": expected one that --help lists'],
    ["--\u001b[31m", 'Unknown option "--\\u001b[31m": expected one that --help lists'],
    ["--port", 'Option "--port" has no value: expected --port=VALUE'],
    ["--port --help", 'Option "--port" has no value: expected --port=VALUE'],
    ["--port -1", 'Option "--port" has no value: expected --port=VALUE'],
    ["--alarm=no mail-test", 'Option "--alarm" has a value: expected none'],
    ["--port 1 --port=2", 'Option "--port" is given twice: expected it once'],
    ["check --alarm", 'Option "--alarm" does not go with check: expected mail-test'],
    ["check now", 'Command check cannot take "now": expected no argument'],
    [
      "mail-test a@example.com b@example.com",
      'Command mail-test cannot take "b@example.com": expected at most one address',
    ],
    ["mail-test admin", 'Cannot mail to "admin": expected an address like "admin@example.com"'],
  ];
  for (const [line, message] of cases) {
    await t.step(`stillalive ${line}`, () => {
      assert.deepEqual(parse(line), { kind: "misuse", message });
    });
  }
});

Deno.test("parseArguments() never throws", () => {
  const word = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string().map((text) => `-${text}`),
    fc.string().map((text) => `--${text}`),
    fc.constantFrom("serve", "mail-test", "--port", "--alarm", "-h", "--", "-", "--version", "-hh"),
  );
  fc.assert(fc.property(fc.array(word), (args) => {
    assert.ok(["run", "help", "misuse"].includes(parseArguments(args).kind));
  }));
});

/** Reads a command line whose arguments have no spaces. */
function parse(line: string): ReturnType<typeof parseArguments> {
  return parseArguments(line.split(" ").filter((word) => word !== ""));
}
