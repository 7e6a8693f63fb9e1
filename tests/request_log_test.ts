import assert from "node:assert/strict";
import { MINUTE } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { type Log, makeLog } from "../lib/log.ts";
import { flipLog, requestLog } from "../lib/request_log.ts";
import { FakeClock } from "./support/fake_clock.ts";

/** A log for requests, and the lines that it writes, without their times. */
function logOfRequests(): { log: Log; clock: FakeClock; lines: readonly string[] } {
  const clock = new FakeClock();
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line.slice(25));
  const log = requestLog(makeLog({ level: "debug", format: "text", clock, write }), clock);
  return { log, clock, lines };
}

Deno.test("what anyone can bring about is told once a minute for each reason, with how many more there were", () => {
  const { log, clock, lines } = logOfRequests();

  for (let times = 0; times < 1_000; times++) {
    log.warn("token refused", { from: "192.0.2.1", reason: "API" });
    log.warn("token refused", { from: "192.0.2.1", reason: "heartbeat" });
  }
  clock.advance(MINUTE);
  log.warn("token refused", { from: "192.0.2.2", reason: "API" });

  assert.deepEqual(lines, [
    "warn  token refused from=192.0.2.1 reason=API",
    "warn  token refused from=192.0.2.1 reason=heartbeat",
    "warn  token refused from=192.0.2.2 reason=API left_out=999",
  ]);
});

Deno.test("what somebody does who may is told each time", () => {
  const { log, lines } = logOfRequests();

  for (let times = 0; times < 3; times++) log.info("app paused", { app_id: "23" });

  assert.equal(lines.length, 3);
});

Deno.test("a fault of ours is one short line, and says where it was", () => {
  const { log, lines } = logOfRequests();

  for (let times = 0; times < 3; times++) {
    log.error("request failed", { error: new TypeError(`no ${"x".repeat(10_000)}`) });
  }

  assert.equal(lines.length, 1);
  assert.match(
    lines.join(),
    /^error request failed error="TypeError: no x+… at .*request_log_test\.ts/,
  );
  assert.ok(lines.join().length < 900, lines.join());
});

Deno.test("a line is short, whatever a request brings along", () => {
  const { log, lines } = logOfRequests();
  const long = "\u202e".repeat(100_000);

  log.info("app changed", { app_id: long, changes: { note: [null, long] }, by: "admin" });
  log.error("request failed", { error: new AppError("unavailable", long) });

  for (const line of lines) assert.ok(line.length < 3_000, `${line.length} characters`);
});

Deno.test("reasons without end share a line, and fill no memory", () => {
  const { log, lines } = logOfRequests();

  for (let reason = 0; reason < 1_000; reason++) log.warn("refused", { reason: `${reason}` });

  assert.equal(lines.length, 101);
});

Deno.test("a flood of flips is told in part, with how many were left out", () => {
  const { log, clock, lines } = logOfRequests();
  const tell = flipLog(log, clock);

  for (let app = 0; app < 1_000; app++) tell("app down", { app_id: `${app}` });
  clock.advance(MINUTE);
  tell("app up", { app_id: "0" });
  tell("app up", { app_id: "1" });

  assert.equal(lines.length, 102);
  assert.deepEqual(lines.slice(-2), [
    "info  app up app_id=0 left_out=900",
    "info  app up app_id=1",
  ]);
});
