import assert from "node:assert/strict";

/** What `deno info --json` says of a module. */
interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier?: string };
    readonly type?: { readonly specifier?: string };
  }[];
}

const ROOT = new URL("../", import.meta.url).href;

/** Packages that the core may use: for escaping HTML, and what is no machine but arithmetic. */
const CORE_PACKAGES = ["npm:hono", "node:crypto", "node:net", "node:timers"];

/** What each place may import beside itself and the core. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  cli: ["node:util"],
  http: ["npm:hono", "node:net"],
  smtp: ["npm:nodemailer", "node:"],
  sqlite: ["node:sqlite", "node:timers"],
  ui: ["npm:hono", "node:crypto"],
};

/** What runs in browsers, and reads their clocks. */
const IN_BROWSERS = ["lib/ui/script.ts", "lib/ui/live_script.ts", "lib/ui/parts_script.ts"];

const modules = await readModules();

Deno.test("the core imports only the core", async (t) => {
  for (const { place, name, targets } of modules) {
    if (place !== "core") continue;
    await t.step(name, () => {
      for (const target of targets) {
        const isAllowed = placeOf(target) === "core" || isOneOf(target, CORE_PACKAGES);
        assert.ok(isAllowed, `imports "${target}"`);
      }
    });
  }
});

Deno.test("an adapter imports itself and the core, never another adapter", async (t) => {
  for (const { place, name, targets } of modules) {
    if (place === "core" || place === "top") continue;
    const packages = PACKAGES[place];
    assert.ok(packages, `lib/${place}/ is a new folder: say here what it may import`);
    await t.step(name, () => {
      for (const target of targets) {
        const isAllowed = ["core", place].includes(placeOf(target)) || isOneOf(target, packages);
        assert.ok(isAllowed, `imports "${target}"`);
      }
    });
  }
});

Deno.test("the worker holds no rule: it imports only the core", () => {
  const worker = modules.find(({ name }) => name === "worker.ts");
  assert.ok(worker);
  for (const target of worker.targets) assert.equal(placeOf(target), "core", target);
});

Deno.test("the machine is read in main.ts alone", async (t) => {
  for (const { name } of modules) {
    if (["main.ts", ...IN_BROWSERS].includes(name) || !/\.tsx?$/.test(name)) continue;
    await t.step(name, async () => {
      const code = await Deno.readTextFile(new URL(name, ROOT));
      const reads = code.match(
        /Deno\.(env|args|exit|cwd)\b|Date\.now\(|new Date\(\)|performance\./g,
      );
      assert.deepEqual(reads ?? [], []);
    });
  }
});

Deno.test("SQL is spoken in lib/sqlite/ alone", async () => {
  for (const { name, place } of modules) {
    if (place === "sqlite" || !/\.tsx?$/.test(name)) continue;
    const code = await Deno.readTextFile(new URL(name, ROOT));
    assert.doesNotMatch(code, /\b(SELECT|INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b/, name);
  }
});

Deno.test("no test-only package is in the executable", async () => {
  const lock = JSON.parse(await Deno.readTextFile(new URL("compile.lock", ROOT)));

  const packages = Object.keys(lock.npm).map((name) => name.replace(/@[^@]+$/, "")).sort();

  assert.deepEqual(packages, ["dotenv", "hono", "nodemailer"]);
});

async function readModules() {
  const main = new URL("main.ts", ROOT);
  const command = new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", main.pathname],
    cwd: new URL(ROOT).pathname,
  });
  const { stdout } = await command.output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: Module[] };
  return modules.filter(({ specifier }) => specifier.startsWith(ROOT)).map((module) => ({
    name: module.specifier.slice(ROOT.length),
    place: placeOf(module.specifier),
    targets: (module.dependencies ?? []).flatMap(({ code, type }) =>
      [code?.specifier, type?.specifier].filter((each) => each !== undefined)
    ),
  }));
}

/** "core" for the root of lib/, the folder's name below it, "top" beside it, "" outside. */
function placeOf(specifier: string): string {
  if (!specifier.startsWith(ROOT)) return "";
  const path = specifier.slice(ROOT.length).split("/");
  if (path[0] !== "lib") return "top";
  return path.length === 2 ? "core" : path[1] ?? "";
}

function isOneOf(target: string, packages: readonly string[]): boolean {
  return packages.some((each) => target.replace("npm:/", "npm:").startsWith(each));
}
