import assert from "node:assert/strict";
import fc from "fast-check";
import { AppError } from "../lib/errors.ts";
import { type Log, type LogFormat, type LogLevel, makeLog, sparingly } from "../lib/log.ts";
import { FakeClock } from "./support/fake_clock.ts";

Deno.test("an event is one line of text with its time, level, name and fields", () => {
  const line = told((log) => log.info("app down", { app_id: "23", tries: 2, at: null }));

  assert.equal(line, "2026-11-24T07:20:49.000Z info  app down app_id=23 tries=2 at=null");
});

Deno.test("an event told sparingly is told at once, then with how many were left out", () => {
  const clock = new FakeClock();
  const told: unknown[] = [];
  const tell = sparingly((fields) => told.push(fields), { every: 10, clock });

  for (let each = 0; each < 4; each++) tell({ each });
  clock.advance(9);
  tell({ each: 4 });
  clock.advance(1);
  tell({ each: 5 });
  clock.advance(10);
  tell({ each: 6 });

  assert.deepEqual(told, [{ each: 0 }, { each: 5, left_out: 4 }, { each: 6 }]);
});

Deno.test("an event is one line of JSON with its time, level, name and fields", () => {
  const line = told((log) => log.warn("app down", { app_id: "23", tries: 2, at: null }), "json");

  assert.equal(
    line,
    '{"time":"2026-11-24T07:20:49.000Z","level":"warn","event":"app down",' +
      '"app_id":"23","tries":2,"at":null}',
  );
});

Deno.test("a value in text has quotes where it would not be seen where it ends", async (t) => {
  const cases: readonly (readonly [unknown, string])[] = [
    ["plain", "value=plain"],
    ["порт", "value=порт"],
    ["", 'value=""'],
    ["two words", 'value="two words"'],
    ['"quoted"', 'value="\\"quoted\\""'],
    ["a=b", 'value="a=b"'],
    ["C:\\logs", 'value="C:\\\\logs"'],
    ["one\ntwo", 'value="one\\ntwo"'],
    ["\u001b[31m", 'value="\\u001b[31m"'],
    ["a\u202eb\u009b", 'value="a\\u202eb\\u009b"'],
    [true, "value=true"],
    [NaN, "value=NaN"],
    [23n, "value=23"],
    [["a b", 1, { c: undefined }], 'value=["a b",1,{}]'],
    [{ a: "\u202e" }, 'value={"a":"\\u202e"}'],
  ];
  for (const [value, expected] of cases) {
    await t.step(expected, () => {
      const line = told((log) => log.info("event", { value }));

      assert.equal(line, `2026-11-24T07:20:49.000Z info  event ${expected}`);
    });
  }
});

Deno.test("a value that contains itself is told of, not thrown at the caller", () => {
  const value: Record<string, unknown> = {};
  value["self"] = value;

  const line = told((log) => log.info("event", { value }));

  assert.match(line, / value="\[cannot be written: .*\]"$/);
});

Deno.test("a field that is undefined is left out", () => {
  assert.equal(told((log) => log.info("event", { a: undefined })).endsWith("event"), true);
  assert.equal(told((log) => log.info("event", { a: undefined }), "json").includes('"a"'), false);
});

Deno.test("a field cannot pass for the event's own time, level or name", () => {
  const fields = { time: "never", level: "debug", event: "nothing", __proto__: null };
  const line = told((log) => log.error("disk full", fields), "json");

  assert.deepEqual(JSON.parse(line), {
    time: "2026-11-24T07:20:49.000Z",
    level: "error",
    event: "disk full",
  });
});

Deno.test("an error is told whole, with its stack and its causes, on one line", async (t) => {
  const root = Object.assign(new Error("no\nspace"), { name: "DiskError" });
  const error = new TypeError("cannot open", { cause: root });
  for (const format of ["text", "json"] as const) {
    await t.step(format, () => {
      const line = told((log) => log.error("failed", { error }), format);

      assert.match(
        line,
        /TypeError: cannot open\\n {4}at .*Caused by: DiskError: no\\nspace\\n {4}at /,
      );
      assert.equal(line.includes("\n"), false);
    });
  }
});

Deno.test("a fault that is not ours is told in its own words, without the places in our code that it passed", async (t) => {
  const root = new Error("database or disk is full");
  const error = new AppError("unavailable", "cannot write", { cause: root });
  for (const format of ["text", "json"] as const) {
    await t.step(format, () => {
      const line = told((log) => log.error("failed", { error }), format);

      assert.match(line, /AppError: cannot write\\nCaused by: Error: database or disk is full"/);
    });
  }
});

Deno.test("an error of several is told with each of them", () => {
  const error = new AggregateError([new Error("by IPv4"), "by IPv6"], "cannot connect");

  const line = told((log) => log.error("failed", { error }));

  assert.match(
    line,
    /AggregateError: cannot connect.*Caused by: Error: by IPv4.*Caused by: by IPv6/,
  );
});

Deno.test("an error that is its own cause is told of a limited number of times", () => {
  const error = new Error("endless");
  error.cause = error;

  const line = told((log) => log.error("failed", { error }));

  assert.equal(line.match(/Error: endless/g)?.length, 8);
});

Deno.test("a value without end is cut", async (t) => {
  const values = { text: "x".repeat(1_000_000), list: Array(1_000_000).fill(0) };
  for (const [name, value] of Object.entries(values)) {
    for (const format of ["text", "json"] as const) {
      await t.step(`${name}, ${format}`, () => {
        const line = told((log) => log.info("event", { value }), format);

        assert.ok(line.includes("…"));
        assert.ok(line.length < 11_000);
      });
    }
  }
});

Deno.test("a log tells its level and what is above it", async (t) => {
  const cases: readonly (readonly [LogLevel, string])[] = [
    ["debug", "debug info warn error"],
    ["info", "info warn error"],
    ["warn", "warn error"],
    ["error", "error"],
  ];
  for (const [level, expected] of cases) {
    await t.step(level, () => {
      const lines = all((log) => {
        log.debug("event");
        log.info("event");
        log.warn("event");
        log.error("event");
      }, { level });

      assert.equal(lines.map((line) => line.split(" ")[1]).join(" "), expected);
    });
  }
});

Deno.test("whatever the fields are, an event is one line that no terminal obeys", () => {
  const fields = fc.dictionary(fc.string({ unit: "binary" }), fc.anything());
  fc.assert(fc.property(fc.string({ unit: "binary" }), fields, (event, fields) => {
    const text = told((log) => log.info(event, fields));
    const json = told((log) => log.info(event, fields), "json");

    assert.doesNotMatch(text + json, /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
    assert.equal(JSON.parse(json).event, event);
  }));
});

/** The only line that `act` makes a log write. */
function told(act: (log: Log) => void, format: LogFormat = "text"): string {
  const lines = all(act, { format });
  assert.equal(lines.length, 1);
  return lines.join();
}

function all(
  act: (log: Log) => void,
  { level = "debug", format = "text" }: {
    readonly level?: LogLevel;
    readonly format?: LogFormat;
  },
): readonly string[] {
  const lines: string[] = [];
  act(makeLog({ level, format, write: (line) => lines.push(line), clock: new FakeClock() }));
  return lines;
}
