import assert from "node:assert/strict";
import { englishHint } from "../../lib/hint.ts";
import type { SmtpConfig } from "../../lib/config.ts";
import { scriptedServer } from "../support/smtp_script.ts";
import { mailServer } from "../support/smtp_server.ts";
import { authority, type CertificateName } from "../support/smtp_tls.ts";
import { MAIL, plainConfig, type Result, tryToSend } from "../support/smtp_try.ts";

const LOGIN = { user: "stillalive", password: "correct horse" };

/** As `deno task start` grants them: all else is denied, without asking. */
const PERMISSIONS = {
  read: true,
  write: true,
  net: true,
  env: true,
  sys: false,
  run: false,
} as const;

for (const security of ["tls", "starttls", "none"] as const) {
  Deno.test({
    name: `a letter goes to a server with ${security} and AUTH, with the permissions of serve`,
    permissions: PERMISSIONS,
    async fn() {
      await using server = await mailServer({ security, login: LOGIN });

      const result = await tryToSend(server.config);
      const letter = await server.letter(1);

      assert.equal(result.outcome, "sent");
      assert.deepEqual(letter.to, [MAIL.to]);
    },
  });
}

/** What each is refused with, on Deno 2.9 and before. */
const CERTIFICATES: readonly (readonly [CertificateName, string, RegExp])[] = [
  ["expired", "has expired", /expired|broke off/],
  ["foreign", "is of an authority that nobody named", /SMTP_CA_FILE|broke off/],
  ["elsewhere", "is for another host", /SMTP_HOST|broke off/],
];

for (const security of ["tls", "starttls"] as const) {
  Deno.test(`with ${security} no secret goes to a server whose certificate`, async (t) => {
    for (const [certificate, fault, hint] of CERTIFICATES) {
      await t.step(fault, async () => {
        await using server = await mailServer({ security, certificate, login: LOGIN });

        const result = await tryToSend(server.config);

        assert.equal(result.outcome, "unreachable", JSON.stringify(result));
        assert.match(hintOf(result), hint);
        assert.equal(server.logins, 0);
      });
    }
  });

  Deno.test(`with ${security} an authority is trusted only if the settings name it`, async () => {
    await using server = await mailServer({ security });

    const result = await tryToSend({ ...server.config, authorities: null });

    assert.equal(result.outcome, "unreachable");
    assert.match(hintOf(result), /SMTP_CA_FILE|broke off/);
  });

  Deno.test(`with ${security} the settings may name several authorities`, async () => {
    await using server = await mailServer({ security });
    const other = await Deno.readTextFile(
      new URL("../support/certificates/foreign.pem", import.meta.url),
    );

    const result = await tryToSend({
      ...server.config,
      host: "127.0.0.1",
      authorities: `the other one\n${other}\nours\n${authority()}`,
    });

    assert.equal(result.outcome, "sent", JSON.stringify(result));
  });
}

/** Settings that do not fit the server, and what the hint names. */
const MIXES:
  readonly (readonly [string, SmtpConfig["security"], SmtpConfig["security"], RegExp])[] = [
    ["TLS to a port in plain text", "tls", "none", /SMTP_SECURITY=starttls/],
    ["TLS to a port with STARTTLS", "tls", "starttls", /SMTP_SECURITY=starttls/],
    ["STARTTLS to a port with TLS", "starttls", "tls", /SMTP_SECURITY=tls/],
    ["STARTTLS to a server that does not offer it", "starttls", "none", /SMTP_SECURITY=tls/],
    ["plain text to a port with TLS", "none", "tls", /SMTP_SECURITY=tls/],
  ];

Deno.test("settings that do not fit the server are told apart", async (t) => {
  for (const [name, ours, theirs, hint] of MIXES) {
    await t.step(name, async () => {
      await using server = await mailServer({ security: theirs });

      const result = await tryToSend({ ...server.config, security: ours }, {
        limits: { greeting: 400 },
      });

      assert.equal(result.outcome, "unreachable", JSON.stringify(result));
      assert.match(hintOf(result), hint);
    });
  }
});

Deno.test("STARTTLS is asked for even of a server that hides it", async () => {
  await using server = scriptedServer({ EHLO: "250-script.test\n250 AUTH PLAIN" });
  const config = plainConfig(server.port, { security: "starttls", login: LOGIN });

  const result = await tryToSend(config);

  assert.equal(result.outcome, "unreachable");
  assert.deepEqual(server.lines, ["EHLO stillalive.example.test", "STARTTLS"]);
});

Deno.test("a password given is a password used: without AUTH there is no letter", async () => {
  await using server = scriptedServer({ EHLO: "250 script.test" });

  const result = await tryToSend(plainConfig(server.port, { login: LOGIN }));

  assert.equal(result.outcome, "unreachable");
  assert.match("reason" in result ? result.reason : "", /: it does not offer AUTH$/);
  assert.match(hintOf(result), /only over TLS/);
  assert.ok(!server.lines.some((line) => /^(AUTH|MAIL)/.test(line)));
});

Deno.test("a wrong password is told as one", async () => {
  await using server = await mailServer({ login: LOGIN });

  const result = await tryToSend({ ...server.config, login: { ...LOGIN, password: "wrong" } });

  assert.equal(result.outcome, "unreachable");
  assert.match(hintOf(result), /^User name or password refused/);
});

function hintOf(result: Result): string {
  return "hint" in result ? englishHint(result.hint) ?? "" : "";
}
