import assert from "node:assert/strict";
import { reason } from "../../lib/smtp/reasons.ts";
import { scriptedServer } from "../support/smtp_script.ts";
import type { Cue } from "../support/smtp_wire.ts";
import { plainConfig, tryToSend } from "../support/smtp_try.ts";

const LOGIN = { user: "stillalive", password: "пароль 12" };

Deno.test("reason() makes one line of a reply", async (t) => {
  const rows: readonly (readonly [string, string, string])[] = [
    ["one line", "451 4.7.1 later", "451 4.7.1 later"],
    ["several lines", "550-5.7.1 one\n550-5.7.1 two\r\n550 three", "550 5.7.1 one 5.7.1 two three"],
    ["lines that only look like a reply", "550 one\n5 two", "550 one 5 two"],
    ["control characters", "550 \x1b[31mred\0\t", "550 \\u001b[31mred\\u0000"],
    ["a long reply", `550 ${"x".repeat(600)}`, `550 ${"x".repeat(496)}…`],
  ];
  for (const [name, text, expected] of rows) {
    await t.step(name, () => assert.equal(reason(text, null), expected));
  }
});

/** The password in each way that a server may have seen it. */
const ECHOES = {
  "as it is": LOGIN.password,
  "in base64": base64(LOGIN.password),
  "in base64 without padding": base64(LOGIN.password).replaceAll("=", ""),
  "as AUTH PLAIN sends it": base64(`\0${LOGIN.user}\0${LOGIN.password}`),
  "twice": `${LOGIN.password}${LOGIN.password}`,
};

Deno.test("no reason tells the password, whatever the server repeats", async (t) => {
  const cues: readonly Cue[] = ["AUTH", "MAIL", "letter"];
  for (const [name, echo] of Object.entries(ECHOES)) {
    for (const cue of cues) {
      await t.step(`${name}, at ${cue}`, async () => {
        await using server = scriptedServer({ [cue]: `535 5.7.8 wrong: ${echo}.` });

        const result = await tryToSend(plainConfig(server.port, { login: LOGIN }));

        const told = JSON.stringify(result);
        assert.match(told, /535 5\.7\.8 wrong: \*\*\*/);
        for (const secret of Object.values(ECHOES)) assert.ok(!told.includes(secret), told);
      });
    }
  }
});

Deno.test("the password is found in a reply that is not UTF-8", () => {
  const bytes = new TextEncoder().encode(LOGIN.password);
  const shown = `535 \xff ${String.fromCharCode(...bytes)}`;

  assert.equal(reason(shown, LOGIN), "535 ÿ ***");
});

Deno.test("the password is found in a reply that is cut", () => {
  const text = `535 ${"x".repeat(490)}${LOGIN.password}`;

  assert.ok(!reason(text, LOGIN).includes(LOGIN.password.slice(0, 3)));
});

function base64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}
