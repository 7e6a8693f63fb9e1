import assert from "node:assert/strict";
import { type Duration, MINUTE, SECOND } from "../lib/clock.ts";
import type { SmtpConfig } from "../lib/config.ts";
import type { Passage } from "../lib/door.ts";
import type { DoorLoss } from "../lib/doorkeeper.ts";
import { makeLog } from "../lib/log.ts";
import type { FileLoss } from "../lib/store.ts";
import { type Gate, type GateParts, startEngine } from "../engine.ts";
import { openListener } from "../listener.ts";
import { mailerOf } from "../mailing.ts";
import { runAtOnce } from "./support/cron.ts";
import { CONFIG } from "./simulation/setup.ts";
import { PROGRAM } from "./support/example_program.ts";
import { FakeClock, START } from "./support/fake_clock.ts";
import { mailServer } from "./support/smtp_server.ts";
import { ADMIN, DEFAULTS, SILENCE, temporaryFolder } from "./support/store.ts";
import { rows } from "./support/beside.ts";

const SHUT: Passage = { kind: "shut", reason: "another program listens there" };

/** A service whose door can be shut. Whoever asks it here has a connection from before. */
interface Shuttable extends AsyncDisposable {
  readonly clock: FakeClock;
  readonly lost: Promise<FileLoss | DoorLoss>;
  readonly logged: readonly string[];
  /** Shuts it, so that it cannot be opened; or lets it be opened again. */
  shut(isShut: boolean): void;
  /** Lets time go by in looks, each of them to its end. */
  pass(duration: Duration): Promise<void>;
  ask(path: string, init?: RequestInit): Promise<Response>;
  gaps(): readonly unknown[];
}

const LOOK = SECOND;

async function shuttable(smtp: SmtpConfig | null = null): Promise<Shuttable> {
  const folder = temporaryFolder();
  const database = `${folder.path}/a.db`;
  const clock = new FakeClock();
  const logged: string[] = [];
  const log = makeLog({
    level: "error",
    format: "text",
    clock,
    write: (line) => {
      logged.push(line);
    },
  });
  const config = {
    ...CONFIG,
    database,
    adminEmails: [ADMIN],
    defaults: DEFAULTS,
    smtp,
  };
  let isShut = false;
  const open = (parts: GateParts): Gate & { readonly url: string } => {
    const listener = openListener({ host: "127.0.0.1", port: 0 }, parts);
    return {
      url: listener.url,
      look: (room) => isShut ? Promise.resolve({ passage: SHUT, room }) : listener.look(room),
      measure: (most) => listener.measure(most),
      spare: (thrift) => listener.spare(thrift),
      letGo: (isUrgent) => listener.letGo(isUrgent),
      open: () => Promise.resolve(),
      close: () => listener.close(),
    };
  };
  const cadence = { lookEvery: LOOK, markEvery: 5 * SECOND };
  const parts = { config, clock, log, cadence, mailer: mailerOf(config), program: PROGRAM };
  const surroundings = { open, register: runAtOnce };
  const engine = await startEngine({ ...parts, settings: [] }, surroundings);
  const { url } = engine.gate;
  const ask = (path: string, init: RequestInit = {}) => {
    const headers = { Authorization: `Bearer ${config.adminToken}` };
    return fetch(`${url}${path}`, { headers, ...init });
  };
  return {
    clock,
    ask,
    lost: engine.lost,
    logged,
    shut: (given) => isShut = given,
    async pass(duration) {
      for (let passed = 0; passed < duration; passed += LOOK) {
        clock.advance(LOOK);
        await (await ask("/healthz")).body?.cancel();
      }
    },
    gaps: () =>
      rows(database, "SELECT began_at, ended_at, cause FROM gaps WHERE ended_at > began_at").map(
        (
          { began_at, ended_at, cause },
        ) => [Number(began_at) - START, Number(ended_at) - START, cause],
      ),
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

async function answer(of: Shuttable, path: string): Promise<unknown> {
  const response = await of.ask(path);
  return [response.status, await response.json()];
}

Deno.test("while nobody can connect the health routes, the metrics and the pages say so", async () => {
  await using of = await shuttable();
  await of.pass(5 * SECOND);
  const before = await answer(of, "/healthz");
  of.shut(true);

  await of.pass(3 * SECOND);
  const during = [await answer(of, "/healthz"), await answer(of, "/readyz")];
  const deaf = /^stillalive_deaf (\d)$/m.exec(await (await of.ask("/metrics")).text())?.[1];
  const login = await of.ask("/login", {
    method: "POST",
    body: new URLSearchParams({ token: CONFIG.adminToken ?? "" }),
    redirect: "manual",
  });
  const cookie = login.headers.get("Set-Cookie")?.split(";")[0] ?? "";
  await login.body?.cancel();
  const page = await (await of.ask("/", { headers: { Cookie: cookie } })).text();
  of.shut(false);
  await of.pass(2 * SECOND);
  const after = [await answer(of, "/healthz"), await answer(of, "/readyz")];

  const failing = [503, { status: "failing", problems: ["nobody can connect"] }];
  const well = [200, { status: "ok" }];
  assert.deepEqual(before, well);
  assert.deepEqual(during, [failing, failing]);
  assert.equal(deaf, "1");
  assert.match(page, /Nobody can connect since /);
  assert.deepEqual(after, [well, well]);
});

Deno.test("who beats behind a shut door is heard, and who could not be is not taken down", async () => {
  await using of = await shuttable();
  const beat = async (appId: string) => {
    const body = JSON.stringify({ app_id: appId });
    await (await of.ask("/api/apps/", { method: "POST", body })).body?.cancel();
  };
  await beat("fresh");
  await of.pass(SILENCE - 5 * SECOND);
  of.shut(true);

  for (let passed = 0; passed < 10; passed++) {
    await of.pass(SECOND);
    await beat("connected");
  }
  of.shut(false);
  await of.pass(2 * SECOND);
  const { status, deadline_at } = await (await of.ask("/api/apps/fresh")).json();

  assert.equal(status, "unknown");
  const [gap, ...more] = of.gaps();
  const [from, to, cause] = gap as readonly [number, number, string];
  assert.deepEqual(more, []);
  assert.equal(cause, "unreachable");
  assert.equal(from, SILENCE - 5 * SECOND);
  assert.equal(Date.parse(deadline_at) - START, to + SILENCE);
});

Deno.test("a service whose door stays shut ends, though the mail server says nothing", async () => {
  await using mail = await mailServer();
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using of = await shuttable({ ...mail.config, port: silent.addr.port });
  of.clock.advance(11 * MINUTE);
  await of.pass(2 * SECOND);
  of.shut(true);
  let isOver = false;
  void of.lost.then(() => isOver = true);

  for (let passed = 0; !isOver && passed < 60; passed++) await of.pass(LOOK);

  assert.ok(isOver, "it waits for the mail server");
});

Deno.test("a service whose door stays shut mails that it ends, if it has run for a while, and ends", async (t) => {
  for (const [ranFor, letters] of [[11 * MINUTE, 1], [MINUTE, 0]] as const) {
    await t.step(`after ${ranFor / MINUTE} min: ${letters} letters`, async () => {
      await using mail = await mailServer();
      await using of = await shuttable(mail.config);
      // At once: what happens on the way is told elsewhere.
      of.clock.advance(ranFor);
      await of.pass(2 * SECOND);
      of.shut(true);

      const isLost = () => of.logged.some((line) => line.includes(" door lost "));
      // A look takes its own time, and the clock goes on meanwhile.
      for (let looks = 0; !isLost() && looks < 60; looks++) await of.pass(LOOK);
      assert.ok(isLost(), "it was not given up");
      // The letter takes its own time as well, and so the clock stands still from here on.
      const loss = await of.lost;

      assert.ok("reason" in loss);
      assert.equal(loss.reason, "another program listens there");
      assert.deepEqual(
        mail.letters.map(({ parsed }) => parsed.subject),
        letters === 0 ? [] : ["Nobody can connect: stillalive stops"],
      );
    });
  }
});
