import assert from "node:assert/strict";
import { ENVIRONMENT, Program } from "./support/program.ts";
import { temporaryFolder } from "./support/store.ts";

const TOKEN = "an-admin-token-for-tests";
const RULES = "deploy/alerts.yml";
const DASHBOARD = "deploy/grafana-dashboard.json";

/** Names by which a rule or a panel may ask for something. */
const NAMES = /\b(?:stillalive|process)_\w+/g;

/** Prometheus' own checker: the tests that need it are left out where it is missing. */
const hasPromtool = await canRun("promtool", "--version");

Deno.test({
  name: `promtool finds nothing wrong with what is served${hasPromtool ? "" : " (no promtool)"}`,
  ignore: !hasPromtool,
  fn: async () => {
    const checked = await run("promtool", ["check", "metrics"], await scraped());

    assert.deepEqual(checked, { code: 0, said: "" });
  },
});

Deno.test({
  name: `promtool finds each alert to sound when it should${hasPromtool ? "" : " (no promtool)"}`,
  ignore: !hasPromtool,
  fn: async () => {
    const checked = await run("promtool", ["check", "rules", RULES]);
    const tested = await run("promtool", ["test", "rules", "tests/alerts.yml"]);

    assert.equal(checked.code, 0, checked.said);
    assert.equal(tested.code, 0, tested.said);
  },
});

Deno.test("each metric of the alerts and the dashboard is served", async (t) => {
  const served = new Set(
    Array.from((await scraped()).matchAll(/^(\w+)(?:\{| )/gm), ([, name]) => name),
  );
  for (const file of [RULES, DASHBOARD]) {
    const text = await Deno.readTextFile(new URL(`../${file}`, import.meta.url));
    const asked = new Set(text.match(NAMES));
    await t.step(file, () => {
      assert.ok(asked.size > 5, `only ${asked.size} metrics are asked for`);
      for (const name of asked) assert.ok(served.has(name), name);
    });
  }
});

Deno.test("each alert of the rules is tested", async () => {
  const [rules, tests] = await Promise.all([RULES, "tests/alerts.yml"].map((file) => {
    return Deno.readTextFile(new URL(`../${file}`, import.meta.url));
  }));

  const alerts = Array.from((rules ?? "").matchAll(/- alert: (\w+)/g), ([, name]) => name);

  assert.ok(alerts.length > 5);
  for (const alert of alerts) assert.ok(tests?.includes(`alertname="${alert}"`), alert);
});

/** What the program serves once it has taken a heartbeat. */
async function scraped(): Promise<string> {
  using folder = temporaryFolder();
  const env = { PORT: "0", HOST: "127.0.0.1", ADMIN_TOKEN: TOKEN };
  await using program = new Program({ folder: folder.path, env });
  const [, url = ""] = await program.says(/listening url=(\S+)/);
  const body = JSON.stringify({ app_id: 23, kind: "fail" });
  await (await fetch(`${url}/api/apps/`, { method: "POST", body })).text();
  const headers = { Authorization: `Bearer ${TOKEN}` };
  const response = await fetch(`${url}/metrics`, { headers });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return text;
}

/** Runs a checker in the repository; what it said is of both streams. */
async function run(
  program: string,
  args: readonly string[],
  input = "",
): Promise<{ readonly code: number; readonly said: string }> {
  const child = new Deno.Command(program, {
    args: [...args],
    cwd: new URL("../", import.meta.url).pathname,
    clearEnv: true,
    env: ENVIRONMENT,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, said: decoder.decode(stdout) + decoder.decode(stderr) };
}

async function canRun(program: string, ...args: readonly string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args: [...args], stdin: "null" }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
