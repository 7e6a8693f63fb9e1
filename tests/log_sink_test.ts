import assert from "node:assert/strict";
import fc from "fast-check";
import { SECOND } from "../lib/clock.ts";
import { LogSink, type Output } from "../lib/log_sink.ts";
import { drained } from "../lib/loop.ts";
import { FakeClock } from "./support/fake_clock.ts";

/** What becomes of a write: so many bytes are taken at most, or an error. */
type Fate = number | Error;

const GONE = new Error("Broken pipe");

/** An output that does as it is told, write by write; whatever comes after that is taken whole. */
class Reader {
  read = "";
  writes = 0;
  readonly output: Output;

  constructor(fates: readonly Fate[] = []) {
    const left = [...fates];
    const decoder = new TextDecoder();
    this.output = (bytes) => {
      this.writes++;
      const fate = left.shift() ?? bytes.length;
      // Thrown, not rejected: who calls must be spared either.
      if (typeof fate !== "number") throw fate;
      const taken = bytes.slice(0, fate);
      this.read += decoder.decode(taken, { stream: true });
      return Promise.resolve(taken.length);
    };
  }
}

function sinkTo(output: Output, room?: number): LogSink {
  const missing = (lines: number) => `${lines} missing`;
  return new LogSink({ output, missing, ...(room === undefined ? {} : { room }) });
}

Deno.test("lines are written in their order, those of one go in one piece", async () => {
  const reader = new Reader();
  const sink = sinkTo(reader.output);

  sink.add("one");
  sink.add("two");
  await drained();
  sink.add("three");
  await drained();

  assert.equal(reader.read, "one\ntwo\nthree\n");
  assert.equal(reader.writes, 2);
  assert.equal(sink.dropped, 0);
});

Deno.test("no piece is longer than a pipe takes at once, unless a line is", async () => {
  const pieces: number[] = [];
  const sink = sinkTo((bytes) => {
    pieces.push(bytes.length);
    return Promise.resolve(bytes.length);
  });

  for (const length of [4_000, 90, 6, 5_000, 3]) sink.add("ё".repeat(length / 2));
  await drained();

  assert.deepEqual(pieces, [4_001 + 91, 7, 5_001, 3]);
});

Deno.test("a reader that stands still holds nobody up; what does not fit is counted, and told in its place", async () => {
  let goOn = (_taken: number) => {};
  const first: Output = () => new Promise((resolve) => goOn = resolve);
  const reader = new Reader();
  let output = first;
  const sink = sinkTo((bytes) => output(bytes), 20);

  sink.add("begun");
  await drained();
  output = reader.output;
  for (const line of ["waits", "waits too", "too much", "and more", "fits"]) sink.add(line);
  await drained();
  const meanwhile = { read: reader.read, dropped: sink.dropped };
  goOn("begun\n".length);
  await drained();

  assert.deepEqual(meanwhile, { read: "", dropped: 3 });
  assert.equal(reader.read, "waits\nwaits too\n3 missing\n");
});

Deno.test("what cannot be written is dropped, and told once writing works again", async () => {
  const reader = new Reader([GONE, GONE]);
  const sink = sinkTo(reader.output);

  for (const line of ["one", "two", "three"]) {
    sink.add(line);
    await drained();
  }

  assert.equal(reader.read, "2 missing\nthree\n");
  assert.equal(sink.dropped, 2);
});

Deno.test("a line of which a part was taken is ended before anything else, however long that takes", async () => {
  const reader = new Reader([3, 2, GONE, GONE, 1]);
  const sink = sinkTo(reader.output);

  for (const line of ["a long line", "lost", "after"]) {
    sink.add(line);
    await drained();
  }

  assert.equal(reader.read, "a long line\n1 missing\nafter\n");
  assert.equal(sink.dropped, 1);
});

Deno.test("the end waits for what is queued, and not for a reader that stands still", async () => {
  const clock = new FakeClock();
  const reader = new Reader([2, 2]);
  const read = sinkTo(reader.output);
  const stuck = sinkTo(() => new Promise(() => {}));

  read.add("last words");
  stuck.add("last words");
  await read.end(clock, SECOND);
  const ended = stuck.end(clock, SECOND).then(() => clock.elapsed());
  await clock.alarmSet(SECOND);
  clock.advance(SECOND);

  assert.equal(reader.read, "last words\n");
  assert.equal(await ended, SECOND);
});

Deno.test("whatever becomes of writes, what is read are whole lines in order, and none is missing unsaid", async () => {
  const fate = fc.oneof(fc.constant(GONE), fc.integer({ min: 1, max: 30 }));
  const burst = fc.array(fc.stringMatching(/^[a-zё]{0,12}$/), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fate, { maxLength: 12 }),
      fc.array(burst, { maxLength: 6 }),
      async (fates, bursts) => {
        const reader = new Reader(fates);
        const sink = sinkTo(reader.output, 40);
        const told: string[] = [];
        const tell = (line: string) => {
          told.push(line);
          sink.add(line);
        };

        for (const burst of bursts) {
          burst.forEach(tell);
          await drained();
        }
        // By then every fault is over.
        for (let more = 0; more <= fates.length; more++) {
          tell("more");
          await drained();
        }

        const heard = reader.read.split("\n").slice(0, -1).reduce((at, line) => {
          const missing = /^(\d+) missing$/.exec(line);
          if (missing !== null) return at + Number(missing[1]);
          assert.equal(line, told[at]);
          return at + 1;
        }, 0);
        assert.equal(heard, told.length);
      },
    ),
    { numRuns: 200 },
  );
});
