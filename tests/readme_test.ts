import assert from "node:assert/strict";
import manifest from "../deno.json" with { type: "json" };
import { COMMAND_NAMES } from "../lib/cli/arguments.ts";
import { SETTING_NAMES, SETTINGS } from "../lib/settings.ts";
import { Reader } from "./support/reader.ts";
import { anchor, type Readme, readReadme } from "./support/readme.ts";
import { WAYS } from "./support/snippets.ts";

const README = read("README.md");
const READMES: Readonly<Record<string, Readme>> = {
  "README.md": README,
  "README.ru.md": read("README.ru.md"),
};

Deno.test("the README can be followed from top to bottom", async (t) => {
  await using reader = await Reader.begin();
  for (const { line, info, code } of README.blocks) {
    const way = WAYS[info];
    const isLeftOut = way?.needs !== undefined && !await canRun(way.needs);
    const does = isLeftOut ? `is left out: no ${way.needs?.join(" ")}` : way?.does;
    await t.step({
      name: `line ${line}, ${info}, ${does ?? "is run by nobody"}`,
      ignore: isLeftOut,
      fn: async () => {
        assert.ok(way, `say in WAYS how "${info}" is run`);
        await way.follow(code, reader);
      },
    });
  }
  await t.step("what was imported, copied and restored is there", async () => {
    assert.equal(await reader.heartbeats("5"), 1);
  });
});

Deno.test("both READMEs have the same headings, blocks, tables and figures, in the same order", async (t) => {
  const [english, russian] = Object.values(READMES).map((readme) => ({
    headings: readme.headings.map(({ level }) => level),
    blocks: readme.blocks.map(({ info, code }) => ({ info, code })),
    settings: readme.settings.map(({ name, fallback }) => ({ name, fallback })),
    told: readme.told,
    figures: readme.figures,
  }));

  await t.step("headings", () => assert.deepEqual(russian?.headings, english?.headings));
  await t.step("blocks", () => assert.deepEqual(russian?.blocks, english?.blocks));
  await t.step("settings", () => assert.deepEqual(russian?.settings, english?.settings));
  await t.step("requests and commands", () => {
    assert.ok(english?.told.includes("`stillalive check`"));
    assert.deepEqual(russian?.told, english?.told);
  });
  await t.step("figures", () => {
    assert.ok(english?.figures.length);
    assert.deepEqual(russian?.figures, english?.figures);
  });
});

Deno.test("the README has every setting with its default and meaning, and nothing else", () => {
  const expected = SETTING_NAMES.map((name) => {
    const { meaning, fallback } = SETTINGS[name];
    return { name, fallback: fallback ?? "–", meaning };
  });

  assert.deepEqual(README.settings, expected);
});

Deno.test("both READMEs tell of every command", () => {
  const commands = COMMAND_NAMES.filter((name) => name !== "serve");
  for (const name of Object.keys(READMES)) {
    const text = readText(name);
    const told = commands.filter((command) => text.includes(`| \`stillalive ${command}`));
    assert.deepEqual(told, commands, name);
  }
});

Deno.test("each task is there that repeats a proof of the README", () => {
  const proofs = README.blocks.filter(({ info }) => info === "sh proof");
  const tasks = proofs.flatMap(({ code }) =>
    Array.from(code.matchAll(/^deno task (\w+)/gm), ([, task = ""]) => task)
  );

  assert.notDeepEqual(tasks, []);
  for (const task of tasks) assert.ok(Object.hasOwn(manifest.tasks, task), task);
});

for (const [name, { headings, targets }] of Object.entries(READMES)) {
  Deno.test(`each link of ${name} within the repository leads somewhere`, async (t) => {
    const anchors = headings.map((heading) => `#${anchor(heading)}`);
    for (const target of targets.filter((each) => !each.startsWith("https://"))) {
      await t.step(target, async () => {
        if (target.startsWith("#")) assert.ok(anchors.includes(target), anchors.join(" "));
        else await Deno.stat(new URL(`../${target}`, import.meta.url));
      });
    }
  });
}

function read(name: string): Readme {
  return readReadme(readText(name));
}

function readText(name: string): string {
  return Deno.readTextFileSync(new URL(`../${name}`, import.meta.url));
}

async function canRun([program, ...args]: readonly [string, ...string[]]): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args, stdin: "null" }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
