import assert from "node:assert/strict";
import { believableService } from "./believable_service.ts";
import { fillMany } from "./believable.ts";
import { REFUSED } from "./believable_house.ts";
import { figure, rows } from "./beside.ts";
import { NOW } from "./letters.ts";
import { mailServer } from "./smtp_server.ts";
import { temporaryFolder } from "./store.ts";
import { wrongIn } from "./verified.ts";

Deno.test("a believable service has apps in every status, letters of every state, and a gap", async () => {
  await using mail = await mailServer();
  mail.refuse({ at: "RCPT", address: REFUSED, code: 550, text: "5.1.1 User unknown" });

  await using service = await believableService({ mail });

  const { apps } = await (await service.request("GET", "/api/apps")).json() as {
    readonly apps: readonly { readonly app_id: string; readonly status: string }[];
  };
  const byStatus = Map.groupBy(apps, ({ status }) => status);
  const idsOf = (status: string) => byStatus.get(status)?.map(({ app_id }) => app_id);
  assert.equal(apps.length, 30);
  assert.deepEqual(idsOf("down"), ["23", "dev-runner", "printer-2", "warehouse-sync"]);
  assert.deepEqual(idsOf("late"), ["mail-queue"]);
  assert.deepEqual(idsOf("new"), ["fax-gateway"]);
  assert.deepEqual(idsOf("paused"), ["legacy-import"]);
  assert.deepEqual(idsOf("ignored"), ["laptop-anna"]);
  assert.ok(idsOf("unknown")?.includes("backup-offsite"));
  assert.ok((idsOf("up")?.length ?? 0) >= 18, `${idsOf("up")} are up`);
  const { database } = service.config;
  const states = rows(database, "SELECT DISTINCT state FROM messages ORDER BY state");
  assert.deepEqual(states.map(({ state }) => state), ["sent", "waiting"]);
  assert.deepEqual(service.gaps().map(({ from, to }) => to - from), [90_000, 360_000]);
});

Deno.test("a crowd is of any size, and as the rules say", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;

  await fillMany(path, { now: NOW, apps: 300 });

  assert.equal(figure(path, "SELECT count(*) FROM apps"), 300);
  assert.deepEqual(wrongIn(path), []);
});
