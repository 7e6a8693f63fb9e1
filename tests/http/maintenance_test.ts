import assert from "node:assert/strict";
import { HOUR } from "../../lib/clock.ts";
import { WINDOWS_LIMIT } from "../../lib/sqlite/windows.ts";
import { testService, TOKEN } from "../support/service.ts";

const READ_TOKEN = "a-token-for-wall-screens";

const ONCE = { app_id: 23, at: "2026-11-24T12:00:00+03:00", for: "90m", note: "a new disk" };
const ONCE_SHOWN = {
  app_id: "23",
  at: "2026-11-24T09:00:00.000Z",
  for: "90m",
  time_zone: null,
  note: "a new disk",
};
const DAILY = { tag: "shop", daily: "02:30", for: "2h" };
const WEEKLY = { all: true, weekly: "Sun 00:05", for: "1d", time_zone: "Asia/Kolkata" };

Deno.test("maintenance windows are added, listed and removed", async () => {
  await using service = await testService();
  const added = [];
  for (const body of [ONCE, DAILY, WEEKLY]) {
    const response = await service.request("POST", "/api/maintenance", body);
    added.push([response.status, await response.json()]);
  }
  const listed = await (await service.request("GET", "/api/maintenance/")).json();
  const removed = await service.request("DELETE", "/api/maintenance/2/");
  const again = await service.request("DELETE", "/api/maintenance/2");
  await again.body?.cancel();
  service.clock.advance(4 * HOUR);
  const later = await (await service.request("GET", "/api/maintenance")).json();

  const once = { id: 1, ...ONCE_SHOWN };
  const daily = { id: 2, ...DAILY, time_zone: "Europe/Moscow", note: null };
  const weekly = { id: 3, ...WEEKLY, weekly: "sun 00:05", note: null };
  assert.deepEqual(added, [[201, once], [201, daily], [201, weekly]]);
  assert.deepEqual(listed, { maintenance: [once, daily, weekly] });
  assert.deepEqual([removed.status, await removed.text(), again.status], [204, "", 404]);
  assert.deepEqual(later, { maintenance: [weekly] });
});

Deno.test("a window that was shown can be sent to make another like it", async () => {
  await using service = await testService();
  for (const body of [ONCE, DAILY, WEEKLY]) {
    const shown = await (await service.request("POST", "/api/maintenance", body)).json();
    const copy = await (await service.request("POST", "/api/maintenance", shown)).json();

    assert.deepEqual(copy, { ...shown, id: shown.id + 1 });
  }
});

Deno.test("each change of the windows leaves a line in the log: who, from where, what", async () => {
  await using service = await testService();
  await (await service.request("POST", "/api/maintenance", DAILY)).text();
  await (await service.request("DELETE", "/api/maintenance/1")).text();

  const lines = service.logged.filter((line) => line.includes("maintenance"))
    .map((line) => line.slice(31));

  const window = { id: 1, ...DAILY, time_zone: "Europe/Moscow", note: null };
  assert.deepEqual(lines, [
    `maintenance added by=admin from=127.0.0.1 window=${JSON.stringify(window)}`,
    "maintenance removed by=admin from=127.0.0.1 id=1",
  ]);
});

Deno.test("a bad window changes nothing, and the answer says what to fix", async (t) => {
  await using service = await testService();
  await (await service.request("POST", "/api/maintenance", DAILY)).text();
  const before = await (await service.request("GET", "/api/maintenance")).text();
  const cases: readonly (readonly [unknown, string, RegExp])[] = [
    [[], "", /Expected an object like/],
    [undefined, "", /Expected JSON like/],
    [{ ...DAILY, all: true }, "all", /all cannot stand beside tag/],
    [{ ...DAILY, tag: null }, "", /Expected exactly one of app_id, tag, all/],
    [{ ...DAILY, tag: "a b" }, "tag", /tag cannot be "a b": expected a tag/],
    [{ ...DAILY, daily: "25:00" }, "daily", /daily cannot be "25:00": expected a local time like/],
    [{ ...DAILY, for: "2d" }, "for", /for cannot be "2d": expected .* from 1s to 1d/],
    [{ ...DAILY, time_zone: "Moscow" }, "time_zone", /expected a time zone like "Europe\/Moscow"/],
    [{ ...ONCE, at: "tomorrow" }, "at", /at cannot be "tomorrow": expected an instant like/],
    [{ ...ONCE, at: "2026-11-24T05:00:00Z" }, "at", /The window is over already/],
    [{ ...ONCE, note: {} }, "note", /note cannot be an object: expected text/],
  ];
  for (const [body, path, expected] of cases) {
    await t.step((JSON.stringify(body) ?? "no body").slice(0, 60), async () => {
      const response = await service.request("POST", "/api/maintenance", body);
      const { detail, errors } = await response.json();

      assert.equal(response.status, 400);
      assert.match(detail, /^Cannot (add maintenance window|read the body as JSON): /);
      assert.deepEqual(errors.map((each: { path: string }) => each.path), [path]);
      assert.match(errors[0].message, expected);
    });
  }
  for (const id of ["2", "0", "1.0", "01", "-1", "1e0", "99999999999999999999", "%E2%80%AE"]) {
    await t.step(`DELETE /api/maintenance/${id}`, async () => {
      const response = await service.request("DELETE", `/api/maintenance/${id}`);
      const { detail } = await response.json();

      assert.equal(response.status, 404);
      assert.match(detail, /^Cannot find maintenance window "[\w.\\-]+"$/);
    });
  }
  await t.step("nothing has changed", async () => {
    assert.equal(await (await service.request("GET", "/api/maintenance")).text(), before);
    assert.equal(service.logged.filter((line) => line.includes("maintenance")).length, 1);
  });
});

Deno.test("a window beyond the most there may be is answered 429, saying what to do", async () => {
  await using service = await testService();
  for (let count = 0; count < WINDOWS_LIMIT; count++) {
    await (await service.request("POST", "/api/maintenance", DAILY)).text();
  }

  const response = await service.request("POST", "/api/maintenance", DAILY);
  const { title, detail } = await response.json();

  assert.equal(response.status, 429);
  assert.doesNotMatch(title, /apps/);
  assert.match(detail, /there are 1000 of at most 1000; remove one first/);
});

Deno.test("windows are shown by the token for reading, and changed by the admin's alone", async (t) => {
  await using service = await testService({ config: { readToken: READ_TOKEN } });
  await (await service.request("POST", "/api/maintenance", DAILY)).text();
  const cases = [
    ["GET", "/api/maintenance", READ_TOKEN, 200],
    ["POST", "/api/maintenance", READ_TOKEN, 403],
    ["DELETE", "/api/maintenance/1", READ_TOKEN, 403],
    ["DELETE", "/api/maintenance/9", READ_TOKEN, 403],
    ["GET", "/api/maintenance", "a-token-of-nobody-here", 401],
    ["POST", "/api/maintenance", "a-token-of-nobody-here", 401],
    ["DELETE", "/api/maintenance/1", "a-token-of-nobody-here", 401],
    ["PUT", "/api/maintenance", TOKEN, 405],
    ["GET", "/api/maintenance/1", TOKEN, 405],
  ] as const;
  for (const [method, path, token, status] of cases) {
    await t.step(`${method} ${path} ${status}`, async () => {
      const headers = { Authorization: `Bearer ${token}` };
      const response = await fetch(`${service.url}${path}`, { method, headers });
      await response.body?.cancel();
      assert.equal(response.status, status);
    });
  }
});
