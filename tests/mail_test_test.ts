import assert from "node:assert/strict";
import { sendTestLetter } from "../commands.ts";
import { SECOND } from "../lib/clock.ts";
import type { SmtpConfig } from "../lib/config.ts";
import type { Machine } from "../machine.ts";
import { PROGRAM } from "./support/example_program.ts";
import { FakeClock } from "./support/fake_clock.ts";
import { testService } from "./support/service.ts";
import { mailServer } from "./support/smtp_server.ts";

/** Runs `mail-test` at a terminal, with a mail server that takes its time over the letter. */
async function tested(security: SmtpConfig["security"]): Promise<readonly string[]> {
  await using mail = await mailServer({ security });
  // For its settings.
  await using service = await testService({ mail });
  const clock = new FakeClock();
  const said: string[] = [];
  const machine: Machine = {
    clock,
    program: PROGRAM,
    isTerminal: true,
    print: (text) => Promise.resolve(said.push(text) > 0),
    complain: (text) => said.push(text),
    confirm: () => Promise.resolve(false),
    progress: () => {},
    stopped: () => new Promise(() => {}),
    takeWarnings: () => Promise.resolve(),
  };
  const hold = mail.hold();
  const testing = sendTestLetter(service.config, machine, { address: null, isAlarm: false });
  await hold.letter;
  clock.advance(10 * SECOND - 1);
  assert.deepEqual(said, []);
  clock.advance(1);
  hold.letGo();
  await testing;
  return said;
}

Deno.test("mail-test says after ten seconds what it waits for, and then what came of it", async () => {
  const [waiting, sent] = await tested("none");

  assert.match(
    waiting ?? "",
    /^Waiting for "localhost:\d+"\. A mail server may take 5 min before it greets us, .*; Ctrl\+C/,
  );
  assert.match(waiting ?? "", /\n {2}Perhaps the server expects TLS from the start/);
  assert.match(sent ?? "", /^Sent to admin@example\.org/);
});

Deno.test("mail-test does not suspect a port for TLS where TLS came first", async () => {
  const [waiting] = await tested("tls");

  assert.doesNotMatch(waiting ?? "", /Perhaps/);
});
