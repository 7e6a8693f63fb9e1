import assert from "node:assert/strict";
import { manageApps } from "../../lib/cli/apps.ts";
import { appsAction } from "../../lib/cli/apps_arguments.ts";
import { appsTable, appText, type ShownApp } from "../../lib/cli/apps_table.ts";
import { textWidth } from "../../lib/cli/text_width.ts";
import { AppError } from "../../lib/errors.ts";

const APP: ShownApp = {
  app_id: "23",
  status: "up",
  name: null,
  tags: [],
  note: null,
  period: "1m",
  grace: "30s",
  last_heartbeat_at: "2026-11-24T07:20:49.000Z",
  deadline_at: null,
  last_message: null,
};

Deno.test("appsAction() reads what is to be done, and says what is wrong", async (t) => {
  const cases: readonly (readonly [string, Record<string, string | boolean>, unknown])[] = [
    ["", {}, { kind: "list", query: {} }],
    ["", { status: "down", q: "x" }, { kind: "list", query: { status: "down", q: "x" } }],
    ["show 23", {}, { kind: "show", id: "23" }],
    ["pause a", {}, { kind: "pause", id: "a" }],
    ["resume a", {}, { kind: "resume", id: "a" }],
    ["ack a", {}, { kind: "ack", id: "a" }],
    ["snooze a", { for: "20m" }, { kind: "snooze", id: "a", length: "20m" }],
    ["snooze a", { end: true }, { kind: "snooze", id: "a", length: null }],
    ["snooze a", {}, "Command apps snooze lacks how long: expected --for 20m, or --end"],
    [
      "snooze a",
      { for: "20m", end: true },
      'Option "--for" does not go with "--end": expected one of them',
    ],
    ["ack a", { for: "20m" }, 'Option "--for" does not go with apps ack: expected apps snooze'],
    ["ack", {}, "Command apps ack lacks its app: expected apps ack ID"],
    ["forget a", {}, { kind: "forget", id: "a", isSure: false }],
    ["forget a", { yes: true }, { kind: "forget", id: "a", isSure: true }],
    ["set a", { period: "5m", tags: "x, y" }, {
      kind: "set",
      id: "a",
      settings: { period: "5m", tags: ["x", "y"] },
    }],
    ["set a", { name: "", note: "", tags: "", period: "default", grace: "" }, {
      kind: "set",
      id: "a",
      settings: { name: null, note: null, tags: [], period: null, grace: null },
    }],
    ["set a", { name: "default" }, { kind: "set", id: "a", settings: { name: "default" } }],
    [
      "set a",
      {},
      "Command apps set lacks what to set: expected --name, --note, --tags, --period or --grace",
    ],
    ["set a", { note: "x", database: "a.db", json: true }, {
      kind: "set",
      id: "a",
      settings: { note: "x" },
    }],
    ["", { period: "5m" }, 'Option "--period" does not go with apps: expected apps set'],
    ["show a", { name: "b" }, 'Option "--name" does not go with apps show: expected apps set'],
    ["pause a", { q: "b" }, 'Option "--q" does not go with apps pause: expected apps'],
    ["set a", { yes: true }, 'Option "--yes" does not go with apps set: expected apps forget'],
    ["show", {}, "Command apps show lacks its app: expected apps show ID"],
    ["show a b", {}, 'Command apps show cannot take "b": expected one app'],
    [
      "list",
      {},
      'Command apps cannot take "list": expected one of show, set, ack, snooze, pause, resume, forget',
    ],
  ];
  for (const [words, options, expected] of cases) {
    await t.step(`apps ${words} ${JSON.stringify(options)}`, () => {
      const given = words === "" ? [] : words.split(" ");
      assert.deepEqual(appsAction(given, options), expected);
    });
  }
  await t.step("an app that cannot be", () => {
    assert.match(String(appsAction(["show", "../x"], {})), /^Cannot show app "..\/x": expected a/);
  });
});

Deno.test("a hostile value cannot break the table", () => {
  const hostile = [
    `\u202e\u001b[31m\n${"x".repeat(100)}`,
    "監視".repeat(50),
    `e${"\u0301".repeat(5_000)}`,
    "👩‍🚒".repeat(50),
  ].map((name) => ({ ...APP, name, tags: ["a", "b"] }));

  const [head = "", plain = "", ...lines] = appsTable([APP, ...hostile]).split("\n");

  assert.match(head, /^APP {2}STATUS {2}LAST HEARTBEAT {12}PERIOD {2}GRACE {2}NAME +TAGS$/);
  assert.match(plain, /^23 {3}up {6}2026-11-24T07:20:49\.000Z {2}1m {6}30s {4}- +-$/);
  assert.match(lines[0] ?? "", /30s {4}\\u202e\\u001b\[31m\\nx{21}… {2}a,b$/);
  assert.match(lines[1] ?? "", /30s {4}(監視){9}監… {3}a,b$/);
  assert.equal(lines.length, hostile.length);
  const tags = textWidth(head) - "TAGS".length;
  for (const line of lines) assert.equal(textWidth(line), tags + "a,b".length, line);
});

Deno.test("100,000 apps are a table, and none is none", () => {
  const apps = Array.from({ length: 100_000 }, (_, id) => ({ ...APP, app_id: String(id) }));

  assert.equal(appsTable(apps).split("\n").length, 100_001);
  assert.equal(appsTable([]), "No apps");
});

Deno.test("one app is shown a line a field", () => {
  assert.match(appText({ ...APP, note: "ask\nAnn" }), /^note {12}ask\\nAnn$/m);
});

Deno.test("manageApps() asks the service to acknowledge, to snooze and to end a snooze", async (t) => {
  const cases = [
    [{ kind: "ack", id: "a.b" }, "POST /api/apps/a.b/ack", undefined],
    [{ kind: "snooze", id: "a.b", length: "20m" }, "POST /api/apps/a.b/snooze", { for: "20m" }],
    [{ kind: "snooze", id: "a.b", length: null }, "POST /api/apps/a.b/snooze", { for: null }],
  ] as const;
  for (const [action, expected, body] of cases) {
    await t.step(expected, async () => {
      const asked: unknown[] = [];
      const owner = {
        ask(method: string, path: string, body?: unknown): Promise<unknown> {
          asked.push([`${method} ${path}`, body]);
          return Promise.resolve(APP);
        },
      };

      const printed = await manageApps(owner, action, { isJson: true });

      assert.deepEqual(asked, [[expected, body]]);
      assert.deepEqual(JSON.parse(printed), APP);
    });
  }
});

Deno.test("all pages are listed, and an app that is not there is registered by set", async () => {
  const asked: string[] = [];
  const owner = {
    ask(method: string, path: string, body?: unknown): Promise<unknown> {
      asked.push(`${method} ${path} ${JSON.stringify(body) ?? ""}`.trim());
      if (method === "PATCH") return Promise.reject(new AppError("not_found", "no"));
      if (method === "PUT") return Promise.resolve(APP);
      const isLast = path.includes("cursor=");
      return Promise.resolve({ apps: [APP], next: isLast ? null : "abc" });
    },
  };

  const list = await manageApps(owner, { kind: "list", query: { tag: "x" } }, { isJson: true });
  const set = { kind: "set", id: "a.b", settings: { period: "5m" } } as const;
  await manageApps(owner, set, { isJson: false });

  assert.deepEqual(JSON.parse(list), { apps: [APP, APP] });
  assert.deepEqual(asked, [
    "GET /api/apps?tag=x&limit=1000",
    "GET /api/apps?tag=x&limit=1000&cursor=abc",
    'PATCH /api/apps/a.b {"period":"5m"}',
    'PUT /api/apps/a.b {"period":"5m"}',
  ]);
});

Deno.test("an app that somebody else registers at the same time is changed by set, and not replaced", async () => {
  const asked: string[] = [];
  const owner = {
    ask(
      method: string,
      path: string,
      _: unknown,
      headers: Readonly<Record<string, string>> = {},
    ): Promise<unknown> {
      asked.push(`${method} ${path} ${JSON.stringify(headers)}`);
      if (asked.length === 1) return Promise.reject(new AppError("not_found", "no"));
      if (asked.length === 2) return Promise.reject(new AppError("stale", "it is there already"));
      return Promise.resolve(APP);
    },
  };

  const set = { kind: "set", id: "a.b", settings: { period: "5m" } } as const;
  await manageApps(owner, set, { isJson: false });

  assert.deepEqual(asked, [
    "PATCH /api/apps/a.b {}",
    'PUT /api/apps/a.b {"If-None-Match":"*"}',
    "PATCH /api/apps/a.b {}",
  ]);
});
