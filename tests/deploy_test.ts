import assert from "node:assert/strict";
import { ENVIRONMENT, Program } from "./support/program.ts";
import { temporaryFolder } from "./support/store.ts";

const DOCKERFILE = read("Dockerfile");
const UNIT = read("deploy/stillalive.service");
const README = read("README.md");

Deno.test("the image's health check tells a service that runs from one that does not", async () => {
  using folder = temporaryFolder();
  await using program = new Program({ folder: folder.path, env: { PORT: "0", HOST: "127.0.0.1" } });
  const [, url = ""] = await program.says(/listening url=(\S+)/);
  const { port } = new URL(url);

  const running = await healthCheck(port);
  await program.end("SIGTERM");
  const stopped = await healthCheck(port);

  assert.equal(running, 0);
  assert.notEqual(stopped, 0);
});

Deno.test("the image is built from all that the executable is made of", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "main.ts"],
    cwd: new URL("../", import.meta.url).pathname,
  }).output();
  const root = new URL("../", import.meta.url).href;
  const { modules } = JSON.parse(new TextDecoder().decode(stdout));
  const taken = read(".dockerignore").split("\n")
    .filter((line) => line.startsWith("!"))
    .map((line) => line.slice(1));

  const needed = (modules as readonly { readonly specifier: string }[])
    .filter(({ specifier }) => specifier.startsWith(root))
    .map(({ specifier }) => specifier.slice(root.length));
  for (const file of [...needed, "compile.lock"]) {
    const isTaken = taken.some((pattern) =>
      pattern === file || (pattern.endsWith("/") && file.startsWith(pattern)) ||
      (pattern === "*.ts" && /^[^/]+\.ts$/.test(file))
    );
    assert.ok(isTaken, file);
  }
});

Deno.test("the unit starts what the README installs, as the user and in the folder it makes", () => {
  const [, home = "", user = ""] = /useradd .*--home-dir (\S+) .* (\S+)$/m.exec(README) ?? [];

  assert.equal(home, "/var/lib/stillalive");
  assert.match(README, /install -m 755 stillalive \/usr\/local\/bin\/$/m);
  assert.match(UNIT, /^ExecStart=\/usr\/local\/bin\/stillalive$/m);
  assert.match(UNIT, new RegExp(`^User=${user}$`, "m"));
  assert.match(UNIT, new RegExp(`^WorkingDirectory=${home}$`, "m"));
});

Deno.test("the image and the unit lift the limit of descriptors", async () => {
  using folder = temporaryFolder();
  const program = `${folder.path}/stillalive`;
  Deno.writeTextFileSync(program, '#!/bin/bash\nulimit -Sn; printf "%s\\n" "$@"\n', {
    mode: 0o755,
  });
  const [, json = ""] = /^ENTRYPOINT (\[.*\])$/m.exec(DOCKERFILE) ?? [];
  const entrypoint = JSON.parse(json) as readonly string[];

  const { stdout } = await new Deno.Command("prlimit", {
    args: ["--nofile=256:2048", ...entrypoint, "mail-test", "a b@example.org"],
    env: { ...ENVIRONMENT, PATH: `${folder.path}:${ENVIRONMENT.PATH}` },
    clearEnv: true,
  }).output();

  const printed = new TextDecoder().decode(stdout).trim().split("\n");
  assert.deepEqual(printed, ["2048", "mail-test", "a b@example.org"]);
  assert.match(UNIT, /^LimitNOFILE=65536$/m);
});

/** Runs the check inside the Dockerfile as Docker would, and returns its exit code. */
async function healthCheck(port: string): Promise<number> {
  const [, json = ""] = /^HEALTHCHECK [^\n]*CMD (\[.*?\])$/ms.exec(DOCKERFILE) ?? [];
  const [program = "", ...args] = JSON.parse(json.replaceAll("\\\n", "")) as readonly string[];
  const command = new Deno.Command(program, {
    args,
    env: { ...ENVIRONMENT, PORT: port },
    clearEnv: true,
    stdout: "null",
    stderr: "null",
  });
  return (await command.output()).code;
}

function read(name: string): string {
  return Deno.readTextFileSync(new URL(`../${name}`, import.meta.url));
}
