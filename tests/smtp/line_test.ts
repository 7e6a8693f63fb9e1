import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { LIMITS, type Limits } from "../../lib/smtp/limits.ts";
import { smtpMailer } from "../../lib/smtp/mailer.ts";
import { DROP, type Script, scriptedServer, SILENCE } from "../support/smtp_script.ts";
import type { Cue } from "../support/smtp_wire.ts";
import { mailServer } from "../support/smtp_server.ts";
import { MAIL, plainConfig, tryToSend } from "../support/smtp_try.ts";

const LOGIN = { user: "stillalive", password: "correct horse" };

/** In milliseconds: enough for a server on this machine to come to where it falls silent. */
const SOON = 300;

/** More than the network holds for a server that does not read it. */
const LONG_MAIL = { ...MAIL, text: `${"-".repeat(70)}\n`.repeat(150_000) };

Deno.test("a server where nobody listens is unreachable", async () => {
  const server = scriptedServer();
  const { port } = server;
  await server[Symbol.asyncDispose]();

  const result = await tryToSend(plainConfig(port));

  assert.equal(result.outcome, "unreachable");
  assert.match(
    "reason" in result ? result.reason : "",
    /^Cannot connect to "127\.0\.0\.1:\d+": .*ECONNREFUSED/,
  );
});

Deno.test("a server without a known name is unreachable", async () => {
  const result = await tryToSend(plainConfig(25, { host: "nowhere.invalid" }));

  assert.equal(result.outcome, "unreachable");
});

Deno.test("a server is found by a name that only this machine knows", async () => {
  await using server = scriptedServer();

  const result = await tryToSend(plainConfig(server.port, { host: "localhost" }));

  assert.deepEqual(result, { outcome: "sent", reply: "250 2.0.0 taken as 1" });
});

Deno.test("a try says what it has to, to one address, and QUIT", async () => {
  await using server = scriptedServer();

  await tryToSend(plainConfig(server.port, { login: LOGIN }));
  await server.reached("QUIT");

  assert.deepEqual(server.lines.filter((line) => /^[A-Z]{4}[ T]/.test(line)), [
    "EHLO stillalive.example.test",
    `AUTH PLAIN ${btoa("\0stillalive\0correct horse")}`,
    "MAIL FROM:<stillalive@example.test>",
    "RCPT TO:<admin@example.test>",
  ]);
});

const ABORTS: readonly (readonly [Cue, Script, string])[] = [
  ["greeting", { greeting: SILENCE }, "unreachable"],
  ["AUTH", { AUTH: SILENCE }, "unreachable"],
  ["MAIL", { MAIL: SILENCE }, "deferred"],
  ["DATA", { DATA: { deaf: "354 go ahead" } }, "deferred"],
  ["letter", { letter: SILENCE }, "unanswered"],
];

Deno.test("an abort ends a try at once, as the moment demands", async (t) => {
  for (const [cue, script, outcome] of ABORTS) {
    await t.step(`at ${cue}: ${outcome}`, async () => {
      await using server = scriptedServer(script);
      const stop = new AbortController();
      const config = plainConfig(server.port, { login: LOGIN });

      const mail = cue === "DATA" ? LONG_MAIL : MAIL;
      const trying = tryToSend(config, { mail, signal: stop.signal });
      await server.reached(cue);
      stop.abort();
      const result = await trying;

      assert.equal(result.outcome, outcome);
      assert.match("reason" in result ? result.reason : "", /: we were stopped$/);
    });
  }
});

Deno.test("a try that is aborted before it begins calls nobody", async () => {
  await using server = scriptedServer();

  const result = await tryToSend(plainConfig(server.port), { signal: AbortSignal.abort() });

  assert.equal(result.outcome, "unreachable");
  assert.deepEqual(server.lines, []);
});

const TRICKLES: readonly (readonly [Cue, Partial<Limits>, string])[] = [
  ["greeting", { greeting: SOON }, "unreachable"],
  ["EHLO", { command: SOON }, "unreachable"],
  ["AUTH", { command: SOON }, "unreachable"],
  ["RCPT", { command: SOON }, "deferred"],
  ["DATA", { data: SOON }, "deferred"],
  ["letter", { finalReply: SOON }, "unanswered"],
];

Deno.test("a server that answers byte by byte buys no time", async (t) => {
  for (const [cue, limits, outcome] of TRICKLES) {
    await t.step(`at ${cue}: ${outcome}`, async () => {
      await using server = scriptedServer({ [cue]: SILENCE });
      const config = plainConfig(server.port, { login: LOGIN });
      let isOver = false;

      const trying = tryToSend(config, { limits }).finally(() => isOver = true);
      await Promise.race([server.reached(cue), trying]);
      while (!isOver) {
        await server.say("2");
        await setImmediate();
      }
      const result = await trying;

      assert.equal(result.outcome, outcome);
      assert.match(
        "reason" in result ? result.reason : "",
        /: no (greeting|answer.*) within 0\.3 s$/,
      );
    });
  }
});

Deno.test("a server takes later what it refused, and what found it down", async () => {
  await using server = await mailServer();

  server.refuse({ at: "RCPT", address: MAIL.to, code: 450, text: "4.2.0 greylisted" });
  const refused = await tryToSend(server.config);
  server.refuse();
  await server.goDown();
  const down = await tryToSend(server.config);
  await server.comeUp();
  const taken = await tryToSend(server.config);

  assert.deepEqual(refused, { outcome: "deferred", reason: "450 4.2.0 greylisted", hint: null });
  assert.equal(down.outcome, "unreachable");
  assert.equal(taken.outcome, "sent");
  assert.equal(server.letters.length, 1);
});

Deno.test("a connection that the server closed before the letter defers it", async () => {
  await using server = scriptedServer({ greeting: "220 hi", EHLO: { last: "250 script.test" } });
  const { signal } = new AbortController();
  const call = await smtpMailer(plainConfig(server.port), LIMITS).connect(signal);
  assert.equal(call.outcome, "greeted");
  if (call.outcome !== "greeted") return;
  const connection = await call.logIn();
  assert.equal(connection.outcome, "ready");
  if (connection.outcome !== "ready") return;

  const delivery = await connection.session.send(MAIL);
  connection.session.close();

  assert.equal(delivery.outcome, "deferred");
});

Deno.test("a server that refuses is left with QUIT", async (t) => {
  const refusals: readonly (readonly [Cue, string])[] = [
    ["AUTH", "535 5.7.8 wrong"],
    ["RCPT", "550 5.1.1 unknown"],
    ["letter", "554 5.7.1 spam"],
  ];
  for (const [cue, reply] of refusals) {
    await t.step(`at ${cue}`, async () => {
      await using server = scriptedServer({ [cue]: reply });

      await tryToSend(plainConfig(server.port, { login: LOGIN }));
      await server.reached("QUIT");

      assert.equal(server.lines.at(-1), "QUIT");
    });
  }
});

Deno.test("closing a connection does not wait for the server", async (t) => {
  for (const [name, act] of [["a silent one", SILENCE], ["one that hangs up", DROP]] as const) {
    await t.step(name, async () => {
      await using server = scriptedServer({ QUIT: act });

      const result = await tryToSend(plainConfig(server.port));
      await server.reached("QUIT");

      assert.equal(result.outcome, "sent");
    });
  }
});
