import assert from "node:assert/strict";
import { type Duration, SECOND } from "../lib/clock.ts";
import { rows } from "./support/beside.ts";
import { Crowd, KeptConnection, type Manner } from "./support/crowd.ts";
import { COMMAND, Program } from "./support/program.ts";
import { temporaryFolder } from "./support/store.ts";
import { until } from "./support/until.ts";

/** How many descriptors the program may have: few enough that a crowd is soon together. */
const LIMIT = 256;

/** From the crowd's coming until others are let in again, on a busy machine. */
const OPEN_WITHIN: Duration = 20 * SECOND;

/** A program with few descriptors. */
interface Few extends AsyncDisposable {
  readonly program: Program;
  readonly url: string;
  gaps(): readonly string[];
  falls(): number;
}

async function few(): Promise<Few> {
  const folder = temporaryFolder();
  const database = `${folder.path}/a.db`;
  const program = new Program({
    folder: folder.path,
    command: ["prlimit", `--nofile=${LIMIT}:${LIMIT}`, ...COMMAND],
    env: { HOST: "127.0.0.1", PORT: "0", DATABASE: database, PERIOD: "5s", GRACE: "5s" },
  });
  const [, url = ""] = await program.says(/listening url=(\S+)/);
  await program.says(/few descriptors connections=\d+ .*LimitNOFILE/);
  return {
    program,
    url,
    gaps: () => rows(database, "SELECT cause FROM gaps").map(({ cause }) => String(cause)),
    falls: () => rows(database, "SELECT 1 FROM flips WHERE to_state = 'down'").length,
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

/** A heartbeat over a connection of its own; whether it was answered 200. */
async function beat(url: string, appId: string): Promise<boolean> {
  using connection = new KeptConnection(url);
  return (await connection.beat(appId)).startsWith("HTTP/1.1 200");
}

function told({ lines }: Program, event: string): number {
  return lines.filter((line) => line.includes(` ${event}`)).length;
}

Deno.test("a crowd that takes all descriptors at once shuts nobody out for long, and that is a gap", async () => {
  await using it = await few();
  await beat(it.url, "living");
  using crowd = new Crowd(it.url);
  using kept = new KeptConnection(it.url);
  await kept.beat("kept");

  await crowd.storm(LIMIT + 50, "silent");
  await until("the door to be open again", () => beat(it.url, "living"), OPEN_WITHIN);
  const answer = await kept.beat("kept");
  const healthz = await fetch(`${it.url}/healthz`, { headers: { Connection: "close" } });
  await healthz.body?.cancel();
  const gaps = await until("the gap", () => it.gaps().length > 0 && it.gaps(), OPEN_WITHIN);

  assert.ok(crowd.refused > 0, "all were let in");
  assert.deepEqual(gaps, ["unreachable"]);
  assert.equal(it.falls(), 0);
  assert.equal(healthz.status, 200);
  assert.equal(told(it.program, "door shut"), 1);
  // Who was here is not cut off, but asked to come anew next time.
  assert.match(answer, /^HTTP\/1\.1 200/);
  assert.match(answer, /^connection: close\r$/im);
});

Deno.test("a crowd that comes one by one is let go before it is too large, and nobody is refused", async (t) => {
  for (const manner of ["silent", "half"] satisfies readonly Manner[]) {
    await t.step(manner, async () => {
      await using it = await few();
      using crowd = new Crowd(it.url);

      const isLetGo = () => told(it.program, "connections let go") > 0;
      for (let come = 0; come < 2 * LIMIT && !isLetGo(); come++) {
        await crowd.come(manner);
        if (come % 10 === 0) assert.ok(await beat(it.url, "living"), `refused after ${come}`);
        // Not faster than the program looks: 40 a second.
        await new Promise((resolve) => setTimeout(resolve, SECOND / 40));
      }
      const before = crowd.size;
      // All of them have gone: as many can come again, but for those that are held back.
      for (let come = 0; come < before - 50; come++) await crowd.come("silent");

      assert.ok(isLetGo(), "nobody was let go");
      assert.ok(await beat(it.url, "living"));
      assert.deepEqual([crowd.refused, it.gaps(), it.falls()], [0, [], 0]);
    });
  }
});

Deno.test("bodies that never come whole keep nobody out for long, and that is a gap", async () => {
  await using it = await few();
  using crowd = new Crowd(it.url);

  let refused = 0;
  for (let come = 0; come < 1.5 * LIMIT; come++) {
    void crowd.come("slow");
    if (come % 20 === 0 && !(await beat(it.url, "living"))) refused++;
    await new Promise((resolve) => setTimeout(resolve, SECOND / 40));
  }
  await until("the door to be open", () => beat(it.url, "living"), OPEN_WITHIN);

  // Each of them stays under way for ten seconds, and open after that: none was let go before.
  assert.ok(refused <= 6, `${refused} of 20 were refused, each half a second apart`);
  assert.ok(it.gaps().every((cause) => cause === "unreachable") && it.gaps().length > 0);
  assert.equal(it.falls(), 0);
});

Deno.test("answers end their connections while room is scarce, and not before", async () => {
  await using it = await few();
  using kept = new KeptConnection(it.url);
  const before = await kept.beat("kept");
  using crowd = new Crowd(it.url);

  await crowd.storm(LIMIT / 2, "silent");
  const after = await until("an answer that ends its connection", async () => {
    const answer = await kept.beat("kept");
    return /^connection: close\r$/im.test(answer) && answer;
  }, OPEN_WITHIN);

  assert.match(before, /^HTTP\/1\.1 200/);
  assert.doesNotMatch(before, /^connection: close/im);
  assert.match(after, /^HTTP\/1\.1 200/);
  assert.deepEqual(it.gaps(), []);
});
