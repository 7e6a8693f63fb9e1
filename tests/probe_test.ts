import assert from "node:assert/strict";
import { MINUTE } from "../lib/clock.ts";
import { makeLog } from "../lib/log.ts";
import { probeMail } from "../serve.ts";
import { FakeClock } from "./support/fake_clock.ts";
import { quiet, SilentServer } from "./support/fake_mail.ts";
import { plainConfig } from "./support/smtp_try.ts";

/** A start that looks whether mail works, and what it logs. */
async function starting() {
  const clock = new FakeClock();
  const server = new SilentServer();
  const logged: string[] = [];
  const write = (line: string) => void logged.push(line.slice(25));
  const log = makeLog({ level: "info", format: "text", clock, write });
  const stop = new AbortController();
  const parts = { mailer: server, smtp: plainConfig(25), clock, log, signal: stop.signal };
  const probing = probeMail(parts);
  await quiet();
  return { clock, server, logged, stop, probing };
}

Deno.test("a start does not call a mail server broken that is only slow, and says that it is slow", async () => {
  const { clock, server, logged, probing } = await starting();

  clock.advance(MINUTE - 1);
  const early = [...logged];
  clock.advance(4 * MINUTE);
  server.calls[0]?.answer("greet");
  await server.asked("login", 1);
  server.logins[0]?.answer("let in");
  await probing;

  assert.deepEqual(early, []);
  assert.deepEqual(logged, [
    'warn  mail server is slow: it has not let us in yet server=127.0.0.1 hint="Perhaps the server ' +
    'expects TLS from the start: try SMTP_SECURITY=tls, mostly with SMTP_PORT=465."',
    "info  mail works server=127.0.0.1",
  ]);
  assert.equal(server.closed, 1);
});

Deno.test("a start tells at once that mail does not work, and nothing when it is stopped meanwhile", async () => {
  const refused = await starting();
  refused.server.calls[0]?.answer("refuse");
  await refused.probing;
  const stopped = await starting();
  stopped.stop.abort();
  stopped.server.calls[0]?.answer("refuse");
  await stopped.probing;

  assert.deepEqual(refused.logged, ['warn  mail does not work reason="554 not you" hint=null']);
  assert.deepEqual(stopped.logged, []);
});
