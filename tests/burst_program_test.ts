import assert from "node:assert/strict";
import { type Duration, SECOND } from "../lib/clock.ts";
import { rows } from "./support/beside.ts";
import { KeptConnection } from "./support/crowd.ts";
import { Program } from "./support/program.ts";
import { temporaryFolder } from "./support/store.ts";

/** Longer than it takes to be noticed, and shorter than clients wait. */
const STALL: Duration = 2 * SECOND;

/** More than the kernel keeps. */
const MANY = 600;

/** How often one comes of 150 a second: a machine that tests other things, too, takes in 200 by fits and starts. */
const PACE: Duration = SECOND / 150;

/** What is done while the program stands still, and for how long after it. */
interface Story {
  readonly name: string;
  /** Before it. */
  readonly begin: (url: string) => Promise<unknown>;
  /** From its beginning on. */
  readonly come: (url: string) => Promise<unknown>;
  readonly causes: readonly string[];
}

function pause(span: Duration): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, span));
}

/** Each beats once, over a connection of its own. */
async function visit(url: string, number: number): Promise<void> {
  using connection = new KeptConnection(url);
  await connection.beat(`app-${number}`);
}

const kept: KeptConnection[] = [];

async function all(beat: (index: number) => Promise<unknown>): Promise<void> {
  await Promise.all(Array.from({ length: MANY }, (_, index) => beat(index)));
}

const STORIES: readonly Story[] = [
  {
    name: "600 that come at once",
    begin: () => Promise.resolve(),
    come: (url) => all((index) => visit(url, index)),
    causes: ["stalled", "unreachable"],
  },
  {
    name: "not of 150 a second",
    begin: () => Promise.resolve(),
    come: (url) =>
      all(async (index) => {
        await pause(index * PACE);
        await visit(url, index);
      }),
    causes: ["stalled"],
  },
  {
    name: "not of 600 who have been connected all the while",
    async begin(url) {
      kept.push(...Array.from({ length: MANY }, () => new KeptConnection(url)));
      await all((index) => kept[index]?.beat(`app-${index}`) ?? Promise.resolve());
    },
    come: () => all((index) => kept[index]?.beat(`app-${index}`) ?? Promise.resolve()),
    causes: ["stalled"],
  },
];

Deno.test("a short stall counts in full where more connected than the kernel keeps", async (t) => {
  for (const { name, begin, come, causes } of STORIES) {
    await t.step(name, async () => {
      using folder = temporaryFolder();
      const database = `${folder.path}/a.db`;
      await using program = new Program({
        folder: folder.path,
        env: { HOST: "127.0.0.1", PORT: "0", DATABASE: database },
      });
      const [, url = ""] = await program.says(/listening url=(\S+)/);
      await begin(url);
      await pause(SECOND);

      program.signal("SIGSTOP");
      const coming = come(url);
      await pause(STALL);
      program.signal("SIGCONT");
      await coming;
      await program.says(/ gap .*cause=stalled/);
      await pause(SECOND);
      for (const connection of kept.splice(0)) connection[Symbol.dispose]();

      const found = rows(database, "SELECT cause FROM gaps WHERE ended_at > began_at ORDER BY id");
      assert.deepEqual(found.map(({ cause }) => cause), causes);
    });
  }
});
