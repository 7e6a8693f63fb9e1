/** How each kind of block of the README is followed. */

import assert from "node:assert/strict";
import { parse as parseDotenv } from "dotenv";
import manifest from "../../deno.json" with { type: "json" };
import { readConfig } from "../../lib/config.ts";
import { unclearLines } from "../../lib/dotenv_text.ts";
import type { Reader } from "./reader.ts";

/** What is to be done with a block, by what its fence says. */
export interface Way {
  /** What a step's name says of it. */
  readonly does: string;
  /** A command that fails where this cannot be followed; without one it always can. */
  readonly needs?: readonly [program: string, ...args: string[]];
  readonly follow: (code: string, reader: Reader) => Promise<unknown>;
}

/** All of them, by what a fence says: a block that is not in here nobody follows. */
export const WAYS: Readonly<Record<string, Way>> = {
  "sh": { does: "runs", follow: (code, reader) => reader.shell(code) },
  "sh stopped": {
    does: "runs while the service is stopped",
    follow: (code, reader) => reader.shellWhileStopped(code),
  },
  "sh tasks": { does: "names tasks; start and test are run", follow: followTasks },
  "sh compile": { does: "is the compile task but for its target", follow: followCompile },
  "sh read": {
    does: "is read by bash, not run: it wants an administrator or Docker",
    follow: (code, reader) => reader.run("bash", "-n", "-c", code),
  },
  "sh proof": {
    does: "is read by bash, not run: it takes hours",
    follow: (code, reader) => reader.run("bash", "-n", "-c", code),
  },
  "console": { does: "gets the answers that are told", follow: followConsole },
  "cron": { does: "is a time, a user and a command that runs", follow: followCron },
  "python": {
    does: "runs",
    needs: ["python3", "-c", "import requests"],
    follow: (code, reader) => beats("23", reader, () => reader.run("python3", "-c", code)),
  },
  "js": {
    does: "runs",
    follow: (code, reader) =>
      beats("23", reader, () => {
        const path = reader.write("heartbeat.mjs", code);
        return reader.run("deno", "run", "--no-prompt", "--allow-net", path);
      }),
  },
  "powershell": {
    does: "is read, not run: the request it stands for is taken",
    follow: followPowerShell,
  },
  "ini": { does: "is read", follow: followSettings },
  "nginx": {
    does: "is read by nginx' own checker",
    needs: ["nginx", "-v"],
    follow: (code, reader) => {
      const config = `pid nginx.pid; events {} http { server { listen 127.0.0.1:1; ${code} } }`;
      const path = reader.write("nginx.conf", config);
      return reader.run("nginx", "-t", "-q", "-c", path, "-p", path.replace(/[^/]*$/, ""));
    },
  },
  "yaml": {
    does: "is read by Prometheus' own checker",
    needs: ["promtool", "--version"],
    follow: (code, reader) => {
      const path = reader.write("prometheus.yml", code);
      return reader.run("promtool", "check", "config", "--syntax-only", path);
    },
  },
};

/** Does what is to send the app's heartbeat, and sees that it came. */
async function beats(appId: string, reader: Reader, work: () => Promise<unknown>): Promise<void> {
  const before = await reader.heartbeats(appId);
  await work();
  assert.equal(await reader.heartbeats(appId), before + 1);
}

async function followTasks(code: string, reader: Reader): Promise<void> {
  for (const line of code.split("\n")) {
    const task = /^(?:npx -y deno@2\.9\.6|deno) task (\w+)$/.exec(line)?.[1] ?? line;
    assert.ok(Object.hasOwn(manifest.tasks, task), `there is no task "${task}"`);
    if (task === "start") await reader.serveOnce(line);
    // One file stands for all: this one is among them.
    if (task === "test") await reader.runInRepository(`${line} tests/duration_test.ts`);
  }
}

function followCompile(code: string): Promise<void> {
  const { dependencies, command } = manifest.tasks.compile;
  assert.match(code, / --target [a-z0-9_]+(-[a-z0-9]+){2,3} /);
  const tasks = dependencies.map((name) => `deno task ${name}`);
  assert.equal(code.replace(/ --target \S+/, ""), [...tasks, command].join("\n"));
  return Promise.resolve();
}

/** Commands, each behind a "$ " and before its answer. */
async function followConsole(code: string, reader: Reader): Promise<void> {
  for (const entry of code.split(/^\$ /m).slice(1)) {
    const [command = "", ...answer] = entry.trimEnd().split("\n");
    // Who reads this looks when the alarm of the lines before has gone out.
    if (command.startsWith("api GET api/outbox")) await reader.mailed();
    const printed = await reader.shell(command);
    assert.deepEqual(comparable(printed), comparable(answer.join("\n")), command);
  }
}

/** An answer without what is another each time. */
function comparable(answer: string): unknown {
  const masked = answer.trim()
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "<instant>")
    .replaceAll(/curl\/[\d.]+/g, "curl/<version>")
    .replaceAll(/<[\w-]+@[\w.]+>/g, "<message-id>")
    .replaceAll(/"next": ?"[\w-]+"/g, '"next":"<cursor>"');
  return masked.startsWith("{") ? JSON.parse(masked) : masked;
}

/** A line of a file in `/etc/cron.d/`. */
async function followCron(code: string, reader: Reader): Promise<void> {
  const [, times = "", user, command = ""] = /^((?:\S+ ){5})(\S+) (.+)$/.exec(code) ?? [];
  for (const time of times.trim().split(" ")) assert.match(time, /^(\*|\d{1,2})(\/\d{1,2})?$/);
  assert.equal(user, "root");
  assert.ok(!command.includes("%"), "cron takes % for the end of a line");
  const appId = /"app_id": "([^"]+)"/.exec(command)?.[1] ?? "";
  await beats(appId, reader, () => reader.run("sh", "-c", command));
}

/** There is no PowerShell here, so it is one command with named parameters, which can be read. */
async function followPowerShell(code: string, reader: Reader): Promise<void> {
  assert.match(code, /^Invoke-RestMethod( -[A-Z][A-Za-z]+ ('[^']*'|[A-Za-z0-9]+))+$/);
  const parameters = Object.fromEntries(
    Array.from(
      code.matchAll(/ -([A-Z][A-Za-z]+) (?:'([^']*)'|(\w+))/g),
      ([, name, quoted, bare]) => [name, quoted ?? bare],
    ),
  );
  const { Method: method, Uri: url, Body: body, ContentType: type, ...rest } = parameters;
  assert.deepEqual(rest, { TimeoutSec: "10" });
  await beats("23", reader, async () => {
    const request = { method, body, headers: { "Content-Type": type } };
    assert.equal(await reader.send(url, request), 200);
  });
}

function followSettings(code: string): Promise<void> {
  const dotenv = { dotenv: parseDotenv(code), unclear: unclearLines(code) };
  const sources = { ...dotenv, environment: {}, flags: {}, timeZone: "UTC" };
  const { config, warnings } = readConfig(sources, Deno.readTextFileSync);
  assert.deepEqual(warnings, []);
  if (!code.includes("ADMIN_EMAILS")) return Promise.resolve();
  assert.notEqual(config.smtp, null);
  assert.notDeepEqual(config.adminEmails, []);
  return Promise.resolve();
}
