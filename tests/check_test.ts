import assert from "node:assert/strict";
import { check } from "../commands.ts";
import { HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import { makeLog } from "../lib/log.ts";
import type { Machine } from "../machine.ts";
import { PROGRAM } from "./support/example_program.ts";
import { mailServer } from "./support/smtp_server.ts";
import { type TestService, testService } from "./support/service.ts";
import { heartbeat, openStore, SILENCE } from "./support/store.ts";

const WINDOW = 3 * SECOND;

/** Runs the command beside no service, and returns what it printed. */
async function checkAlone({ config, clock }: TestService): Promise<readonly string[]> {
  const printed: string[] = [];
  const machine: Machine = {
    clock,
    program: PROGRAM,
    isTerminal: false,
    print: (text) => Promise.resolve(printed.push(text) > 0),
    complain: (text) => printed.push(text),
    confirm: () => Promise.resolve(false),
    progress: () => {},
    takeWarnings: () => Promise.resolve(),
    stopped: () => new Promise(() => {}),
  };
  const write = (line: string) => printed.push(line);
  const checked = check(config, machine, makeLog({ level: "error", format: "text", clock, write }));
  await clock.alarmSet(WINDOW);
  clock.advance(WINDOW);
  await checked;
  return printed;
}

Deno.test("a check without the service takes down who was silent while it listened, and nobody else", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  let printed: readonly string[] = [];

  await service.pause(async () => {
    const { clock, config: { database: path } } = service;
    const cadence = { lookEvery: Infinity, markEvery: Infinity };
    {
      using store = await openStore({ path, clock, cadence });
      await store.beginListening();
      await store.record([heartbeat("dead")]);
      clock.advance(SECOND);
      await store.record([heartbeat("alive", { at: clock.now() })]);
      clock.advance(SILENCE - SECOND);
      await store.endListening(clock.now());
    }
    clock.advance(HOUR);
    printed = await checkAlone(service);
  });

  assert.deepEqual(printed, ["Checked: 1 newly down; letters: 1 sent"]);
  assert.deepEqual(mail.letters.map(({ parsed }) => parsed.subject), ["1 app is down: dead"]);
  assert.equal((await service.app("alive")).status, "unknown");
});

Deno.test("a check leaves no mark: the gap reaches from the service's end to its next start", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  await service.beat(23, { kind: "fail" });
  await service.beat("alive");
  const from = service.clock.now();

  await service.pause(async () => {
    service.clock.advance(MINUTE);
    await checkAlone(service);
  });

  assert.equal(mail.letters.length, 1);
  const to = from + MINUTE + WINDOW;
  assert.deepEqual(service.gaps(), [{ from, to, cause: "off", moved: 1 }]);
});
