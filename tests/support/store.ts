/** A real store on a real file, as the service has it. */

import { type Clock, MINUTE, SECOND, WEEK } from "../../lib/clock.ts";
import type { Heartbeat } from "../../lib/heartbeat.ts";
import type { Letter, LetterFacts } from "../../lib/letter.ts";
import type { Errand } from "../../lib/outbox.ts";
import type { Begin, Try } from "../../lib/store.ts";
import { SqliteStore, type StoreOptions } from "../../lib/sqlite/store.ts";
import { START } from "./fake_clock.ts";

export const ADMIN = "admin@example.org";

/** A period of a minute and a grace of half a one. */
export const DEFAULTS = { period: MINUTE, grace: 30 * SECOND };

/** From a success to the deadline. */
export const SILENCE = 90 * SECOND;

/** A folder that is gone after the test. */
export function temporaryFolder(): { readonly path: string } & Disposable {
  const path = Deno.makeTempDirSync({ prefix: "stillalive-" });
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

/** Time that does not pass, far ahead of whatever a test does to a store. */
const STILL: Clock = {
  now: () => Number.MAX_SAFE_INTEGER,
  elapsed: () => 0,
  stopwatch: () => 0,
  wakeAt: () => ({ cancel: () => {} }),
};

/** Opens a store, by default in memory and with one address. */
export function openStore(
  options: Partial<StoreOptions> & { readonly path?: string } = {},
): Promise<SqliteStore> {
  const { path = ":memory:", ...rest } = options;
  return SqliteStore.open(path, {
    addresses: [ADMIN],
    defaults: DEFAULTS,
    admission: { autoRegister: true, maxApps: 100, ignoredApps: new Set() },
    flappingFlips: 100,
    remindEvery: null,
    clock: STILL,
    onFailure: () => {},
    onGap: () => {},
    onScarce: () => {},
    ...rest,
  });
}

/** A heartbeat, by default a success at the start. */
export function heartbeat(appId: string, more: Partial<Heartbeat> = {}): Heartbeat {
  return {
    appId,
    kind: "success",
    message: null,
    at: START,
    address: "192.0.2.1",
    userAgent: "curl/8",
    ...more,
  };
}

/** What a letter tells, as text that tests can read: "down 23, back 7, …". */
export function plainLetter(facts: LetterFacts): Letter {
  const failed = facts.failed.map(({ address, count }) => `failed ${address} ${count}`);
  const text = [...plainParts(facts), ...failed].join(", ");
  return { subject: text, text, html: text };
}

function plainParts(facts: LetterFacts): readonly string[] {
  switch (facts.kind) {
    case "news":
      return [
        ...facts.digest.down.map(({ appId }) => `down ${appId}`),
        ...facts.digest.flapping.map(({ appId, isDown }) =>
          `flapping ${appId} ${isDown ? "down" : "up"}`
        ),
        ...facts.digest.back.map(({ appId }) => `back ${appId}`),
        ...facts.digest.away.map(({ appId }) => `away ${appId}`),
        ...facts.stillDown.apps.map(({ appId }) => `still ${appId}`),
        ...facts.putOffs.map(({ appId, at }) => `unknown ${appId} ${at}`),
        ...facts.heard.map(({ appId, at }) => `heard ${appId} ${at}`),
        ...(facts.left > 0 ? [`left ${facts.left}`] : []),
        ...(facts.stale > 0 ? [`stale ${facts.stale}`] : []),
      ];
    case "reminder":
      return ["reminder", ...facts.stillDown.apps.map(({ appId }) => `still ${appId}`)];
    case "gap":
      return [
        `gap ${facts.from} to ${facts.to}`,
        `gaps ${facts.gaps}`,
        `deaf ${facts.deaf}`,
        `moved ${facts.moved}`,
        `put off ${facts.putOff}`,
      ];
    case "capacity":
      return [`capacity ${facts.apps} of ${facts.most}`];
    case "proof": {
      const { total, down, unknown } = facts.apps;
      return [
        `proof of ${total} apps`,
        `down ${down}`,
        `unknown ${unknown}`,
        `incidents ${facts.incidents} since ${facts.since}`,
      ];
    }
  }
}

/** Begins a try to the address, by default a week after the start, of what is owed or of the message that waits. */
export async function beginTry(
  store: SqliteStore,
  options: Partial<Begin> & { readonly address?: string } = {},
): Promise<Try | null> {
  const { address = ADMIN, now = START + WEEK, messageId = "<1@example.org>" } = options;
  const queue = (await store.outbox()).queues.find((each) => each.address === address);
  const message = queue?.messages[0] ?? null;
  const isRetry = message !== null;
  const errand: Errand = { at: now, address, kind: "news", message, isRetry };
  return store.beginTry(errand, { now, messageId, write: options.write ?? plainLetter });
}
