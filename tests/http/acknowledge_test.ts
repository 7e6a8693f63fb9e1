import assert from "node:assert/strict";
import { acknowledgePath } from "../../lib/acknowledgement.ts";
import { Arrivals } from "../../lib/arrivals.ts";
import { Backtests } from "../../lib/backtests.ts";
import { HOUR, MINUTE, SECOND } from "../../lib/clock.ts";
import { Guesses } from "../../lib/guesses.ts";
import { makeAccess } from "../../lib/http/access.ts";
import { BodyReader } from "../../lib/http/body.ts";
import { senderReader } from "../../lib/http/sender.ts";
import { makeHandler } from "../../lib/http/server.ts";
import type { Language } from "../../lib/language.ts";
import { makeLog } from "../../lib/log.ts";
import type { SqliteStore } from "../../lib/sqlite/store.ts";
import { Watch } from "../../lib/watch.ts";
import { PROGRAM } from "../support/example_program.ts";
import { FakeClock, START } from "../support/fake_clock.ts";
import { HOSTILE } from "../support/letters.ts";
import { DEFAULTS, heartbeat, openStore, plainLetter, SILENCE } from "../support/store.ts";

const KEY = "a-key-for-tests";

/** The second flip there is: by the first one the app was found well. */
const FALL = 2;
const LINK = acknowledgePath(FALL, KEY);

const NO_SETTINGS = { name: null, note: null, tags: [], period: null, grace: null };

Deno.test("a link of a letter opens a page that says what is down, and changes nothing", async () => {
  await using site = await siteWithSilent("23");

  const first = await site.get(LINK);
  const again = await site.get(LINK);
  const head = await fetch(site.url + LINK, { method: "HEAD" });

  assert.equal(first.status, 200);
  assert.equal(
    words(first.html),
    "23 is down Since 10:22, for 1 min. I know of it Then no more reminders of this incident " +
      "come, to anyone. When it is over, a letter says so all the same. As of 24 Nov, 10:23:19. Times are in Europe/Moscow (GMT+3)",
  );
  assert.equal(words(again.html), words(first.html));
  assert.equal(head.status, 200);
  assert.equal((await site.store.incident(FALL))?.acknowledgedAt, null);
  assert.deepEqual(site.logged, []);
});

Deno.test("the page's button acknowledges the incident, once, and the log says from where", async () => {
  await using site = await siteWithSilent("23");

  const done = await site.post(LINK);
  site.clock.advance(MINUTE);
  const again = await site.post(LINK);
  const shown = await site.get(LINK);

  assert.equal(done.status, 200);
  assert.equal(
    words(done.html),
    "23 is down Since 10:22, for 1 min. Acknowledged (10:23): no more reminders of this " +
      "incident come. As of 24 Nov, 10:23:19. Times are in Europe/Moscow (GMT+3)",
  );
  assert.match(words(again.html), /Since 10:22, for 2 min\. Acknowledged \(10:23\)/);
  assert.equal(words(shown.html), words(again.html));
  assert.doesNotMatch(done.html, /<form/);
  assert.equal((await site.store.incident(FALL))?.acknowledgedAt, START + SILENCE + MINUTE);
  assert.equal(site.logged.length, 1);
  assert.match(
    site.logged[0] ?? "",
    /incident acknowledged by=letter from=127\.0\.0\.1 app_id=23 incident=2$/,
  );
});

Deno.test("the page speaks Russian where letters do", async () => {
  await using site = await siteWithSilent("23", { language: "ru" });

  const asked = await site.get(LINK);
  const done = await site.post(LINK);

  assert.match(asked.html, /<html lang="ru">/);
  assert.equal(
    words(asked.html),
    "23 не в порядке С 10:22, уже 1 мин. Я в курсе Больше никому не напомним об этом сбое. " +
      "О том, что он позади, письмо придёт всё равно. Состояние на 24 нояб., 10:23:19. " +
      "Часовой пояс: Europe/Moscow (GMT+3)",
  );
  assert.match(words(done.html), /Принято \(10:23\): об этом сбое больше не напоминаем\./);
});

Deno.test("an incident that is over says so, and how the app is now", async (t) => {
  const table: readonly (readonly [string, (site: Site) => Promise<unknown>, RegExp])[] = [
    [
      "up",
      ({ store, clock }) => store.record([heartbeat("23", { at: clock.now() })]),
      /^23 is up again This incident is over: it lasted from 10:22 to 10:23 \(1 min\)\. There is/,
    ],
    [
      "down again",
      async ({ store, clock }) => {
        await store.record([heartbeat("23", { at: clock.now() })]);
        await store.record([heartbeat("23", { at: clock.now(), kind: "fail" })]);
      },
      /^23 was back, and is down again This incident is over/,
    ],
    [
      "unknown, for we were deaf since",
      async ({ store, clock }) => {
        await store.record([heartbeat("23", { at: clock.now() })]);
        await store.beginListening();
        clock.stall(HOUR);
        await store.listen();
      },
      /^23 was back, and is unknown now This incident is over/,
    ],
    [
      "paused",
      ({ store, clock }) => store.pause("23", clock.now()),
      /^23 is not being judged now This incident is over/,
    ],
  ];
  for (const [name, end, expected] of table) {
    await t.step(name, async () => {
      await using site = await siteWithSilent("23");
      await end(site);

      for (const { status, html } of [await site.get(LINK), await site.post(LINK)]) {
        assert.equal(status, 200);
        assert.match(words(html), expected);
        assert.doesNotMatch(html, /<form/);
      }
      assert.equal((await site.store.incident(FALL))?.acknowledgedAt, null);
      assert.deepEqual(site.logged, []);
    });
  }
});

Deno.test("a link acknowledges its own incident, never a later one of the app", async () => {
  await using site = await siteWithSilent("23");
  await site.store.record([heartbeat("23", { at: site.clock.now() })]);
  await site.store.record([heartbeat("23", { at: site.clock.now(), kind: "fail" })]);

  await site.post(LINK);
  const old = await site.store.incident(FALL);
  const open = await site.store.incident(4);

  assert.equal(old?.acknowledgedAt, null);
  assert.deepEqual([open?.endedAt, open?.acknowledgedAt], [null, null]);
});

Deno.test("a link that opens nothing says so, whatever is done with it", async (t) => {
  const signature = LINK.split(".")[1];
  const table = [
    ["signed for another incident", `/ack/4.${signature}`],
    ["signed by another key", acknowledgePath(FALL, "another-key")],
    ["not signed", "/ack/2"],
    ["of a flip that is no fall", acknowledgePath(1, KEY)],
    ["of a flip that never was", acknowledgePath(99, KEY)],
    ["nonsense", "/ack/%00%ff"],
  ] as const;
  for (const [name, path] of table) {
    await t.step(name, async () => {
      await using site = await siteWithSilent("23");
      await site.store.record([heartbeat("23", { at: site.clock.now() })]);

      for (const { status, html } of [await site.get(path), await site.post(path)]) {
        assert.equal(status, 404);
        assert.match(words(html), /^This link opens nothing It was not copied whole, its app/);
        assert.doesNotMatch(words(html), /Times are in/);
      }
    });
  }

  await t.step("of an app that was forgotten", async () => {
    await using site = await siteWithSilent("23");
    await site.store.forget("23", site.clock.now());

    assert.equal((await site.get(LINK)).status, 404);
    assert.equal((await site.post(LINK)).status, 404);
  });

  await t.step("in Russian", async () => {
    await using site = await siteWithSilent("23", { language: "ru" });

    assert.match(words((await site.get("/ack/x")).html), /^Ссылка не действует Она скопирована/);
  });
});

Deno.test("the page obeys nothing that an app is called", async () => {
  await using site = await siteWithSilent("23", { name: HOSTILE });

  const { html } = await site.get(LINK);

  assert.deepEqual([...elements(html)].sort(), ELEMENTS);
  assert.ok(html.includes("<bdi>&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;&lt;img src=x"));
  assert.doesNotMatch(html.replaceAll("\n", ""), /[\p{Cc}\p{Cs}\u200b\u202e\u2066\ufeff]/u);
  assert.match(words(html), / is down 23 Since /);
});

Deno.test("the page is kept by nobody, framed by nobody, and loads and runs nothing", async () => {
  await using site = await siteWithSilent("23");

  for (const { headers, html } of [await site.get(LINK), await site.get("/ack/x")]) {
    const nonce = /<style nonce="([^"]+)">/.exec(html)?.[1];

    assert.ok(nonce);
    assert.equal(
      headers.get("Content-Security-Policy"),
      `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; ` +
        "frame-ancestors 'none'; base-uri 'none'",
    );
    assert.equal(headers.get("Content-Type"), "text/html; charset=utf-8");
    assert.equal(headers.get("Cache-Control"), "no-store");
    assert.equal(headers.get("Referrer-Policy"), "no-referrer");
    assert.equal(headers.get("X-Robots-Tag"), "noindex, nofollow");
    assert.equal(headers.get("X-Content-Type-Options"), "nosniff");
    assert.doesNotMatch(html, /\ssrc=|url\(|@import|<link|style="|&[^;]*;[^<]*<\/style>/);
  }
});

Deno.test("a method that a link does not take is told which ones it does", async () => {
  await using site = await siteWithSilent("23");

  const response = await fetch(site.url + LINK, { method: "DELETE" });
  await response.body?.cancel();

  assert.equal(response.status, 405);
  assert.equal(response.headers.get("Allow"), "GET, HEAD, POST");
});

/** What a browser gets. */
interface Shown {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
}

/** A store behind real HTTP. */
interface Site extends AsyncDisposable {
  readonly store: SqliteStore;
  readonly clock: FakeClock;
  readonly url: string;
  readonly logged: readonly string[];
  get(path: string): Promise<Shown>;
  post(path: string): Promise<Shown>;
}

/** An app that fell silent a minute ago, by the flip {@linkcode FALL}. */
async function siteWithSilent(
  appId: string,
  { language = "en", name = null }: {
    readonly language?: Language;
    readonly name?: string | null;
  } = {},
): Promise<Site> {
  const clock = new FakeClock();
  const store = await openStore({ clock });
  await store.register(appId, { ...NO_SETTINGS, name }, START);
  await store.record([heartbeat(appId)]);
  clock.advance(SILENCE + MINUTE);
  await store.takeDown(clock.now(), 1);

  const logged: string[] = [];
  const log = makeLog({
    level: "info",
    format: "text",
    clock,
    write: (line) => void logged.push(line),
  });
  const { signal } = new AbortController();
  const timing = {
    digestWindow: 3 * SECOND,
    mailInterval: MINUTE,
    remindEvery: null,
    mailProof: null,
  };
  const arrivals = new Arrivals();
  const watch = new Watch({
    store,
    arrivals,
    mailer: null,
    clock,
    log,
    timing,
    signal,
    write: plainLetter,
    messageId: () => "<1@example.org>",
  });
  const tokens = { adminToken: null, readToken: null, heartbeatToken: null };
  const handle = makeHandler({
    backtests: new Backtests(store, DEFAULTS),
    site: () => Promise.resolve(null),
    bodies: new BodyReader(clock),
    mailer: null,
    store,
    clock,
    log,
    watch,
    arrivals,
    timing,
    language,
    timeZone: "Europe/Moscow",
    defaults: DEFAULTS,
    access: makeAccess(tokens, store, clock),
    sender: senderReader({ trustedProxies: [] }),
    guesses: new Guesses(),
    program: PROGRAM,
    acknowledgeKey: () => KEY,
    traffic: { underWay: 0, awaited: () => 0 },
  });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request, { remoteAddr }) => handle(request, remoteAddr.hostname),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;

  async function ask(path: string, method: string): Promise<Shown> {
    const response = await fetch(url + path, { method });
    return { status: response.status, headers: response.headers, html: await response.text() };
  }

  return {
    store,
    clock,
    url,
    logged,
    get: (path) => ask(path, "GET"),
    post: (path) => ask(path, "POST"),
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      store[Symbol.dispose]();
    },
  };
}

/** All that the page is made of. */
const ELEMENTS = "bdi body button footer form h1 head html main meta p style title".split(" ");

function elements(html: string): ReadonlySet<string> {
  return new Set([...html.matchAll(/<([a-z0-9]+)/g)].map((match) => match[1] ?? ""));
}

/** What a reader sees of it. */
function words(html: string): string {
  return html
    .replace(/^[^]*<\/head>/, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}
