/**
 * Databases as somebody may have them after days of use: apps with a past,
 * letters that went out, gaps, hands of admins. The same for the same instant.
 *
 * @module
 */

import { acknowledgePath } from "../../lib/acknowledgement.ts";
import { DAY, type Duration, HOUR, type Instant, MINUTE, SECOND } from "../../lib/clock.ts";
import type { Heartbeat } from "../../lib/heartbeat.ts";
import type { NewWindow } from "../../lib/maintenance.ts";
import { BELIEVABLE_APPS, type BelievableApp } from "./believable_apps.ts";
import { BELIEVABLE_KEY, House } from "./believable_house.ts";
import { figure } from "./beside.ts";
import { between, type Random, seeded } from "./random.ts";

/** When we were off, counted back from the end: a new disk. */
const OFF: readonly (readonly [before: Duration, length: Duration])[] = [[21 * HOUR, 90 * SECOND]];

/** How long before the end the thirty's service was stopped, for an update. */
const STOPPED: Duration = 40 * MINUTE;

/** How long before the end it is to be started again. */
export const STARTED: Duration = 34 * MINUTE;

/** The span in which all of it happened. */
export interface Extent {
  /** When it is looked at. */
  readonly now: Instant;
  readonly span: Duration;
}

/** Thirty apps in every status, up to when the service was stopped for the update. */
export function fillBelievable(path: string, extent: Extent): Promise<void> {
  return fill(path, BELIEVABLE_APPS, { ...extent, until: extent.now - STOPPED });
}

/** What the thirty sent, in order. */
export function believableHeartbeats(extent: Extent): readonly Heartbeat[] {
  return heartbeatsOf(BELIEVABLE_APPS, extent);
}

/** Many apps of the same kinds, which are heard once an hour, with a day of history, up to `now`. */
export function fillMany(
  path: string,
  { now, apps = 10_000 }: { readonly now: Instant; readonly apps?: number },
): Promise<void> {
  const many = Array.from({ length: apps }, (_, index) => numbered(index + 1));
  return fill(path, many, { now, span: DAY, until: now });
}

/** The path of the page that acknowledges the app's last incident. */
export function acknowledgeLink(path: string, id: string): string {
  const flip = figure(
    path,
    `SELECT max(flips.id) FROM flips JOIN apps ON apps.id = flips.app
     WHERE apps.app_id = '${id}' AND to_state = 'down'`,
  );
  return acknowledgePath(flip, BELIEVABLE_KEY);
}

/** One of the thirty again, under another name. */
function numbered(number: number): BelievableApp {
  const like = BELIEVABLE_APPS[number % BELIEVABLE_APPS.length];
  if (like === undefined) throw new Error("There are no apps to be like");
  const { settings } = like;
  const name = settings.name === null ? null : `${settings.name} ${number}`;
  return {
    ...like,
    id: `${like.id}-${number}`,
    settings: { ...settings, name, period: HOUR, grace: 2 * MINUTE },
    every: HOUR,
    // To one in ten happens what happened there.
    ...(number % 300 < 30 ? {} : { silent: [], failed: null, hand: null }),
  };
}

async function fill(
  path: string,
  apps: readonly BelievableApp[],
  { until, ...extent }: Extent & { readonly until: Instant },
): Promise<void> {
  const { now, span } = extent;
  const from = now - span;
  const off = OFF.map(([before, length]) => ({ at: now - before, to: now - before + length }));
  const heartbeats = heartbeatsOf(apps, extent)
    .filter(({ at }) => !off.some((gap) => at >= gap.at && at < gap.to));
  await using house = await House.build(path, { at: from, heartbeats });
  for (const { id, settings } of apps) await house.store.register(id, settings, from);
  for (const window of windows(now)) await house.store.addMaintenance(window, from);
  const turns = [
    ...off.map(({ at, to }) => ({ at, take: () => house.restart(to) })),
    ...apps.flatMap(({ id, hand }) =>
      hand === null ? [] : [{ at: now - hand.before, take: () => house.lay(hand.deed, id) }]
    ),
  ];
  for (const { at, take } of turns.sort((a, b) => a.at - b.at)) {
    await house.live(at);
    await take();
  }
  await house.live(until);
}

function heartbeatsOf(apps: readonly BelievableApp[], extent: Extent): readonly Heartbeat[] {
  return apps.flatMap((app, index) => life(app, extent, seeded(index)))
    .sort((a, b) => a.at - b.at);
}

/** All that an app sent. */
function life(app: BelievableApp, { now, span }: Extent, random: Random): readonly Heartbeat[] {
  const { id, every, says, silent, failed } = app;
  if (says.length === 0) return [];
  const sender = { appId: id, address: "192.0.2.7", userAgent: "curl/8.14.1" };
  const heartbeats: Heartbeat[] = [];
  const last = app.phase ?? random() * every;
  let number = 0;
  for (
    let before = last + every * Math.floor((span - last) / every);
    before >= 0;
    before -= every
  ) {
    // Timers are never quite on time.
    const at = Math.min(Math.round(now - before + between(random, 0, every / 60)), now);
    const message = says[number++ % says.length] ?? null;
    const isSilent = silent.some(([from, length]) => at >= now - from && at < now - from + length);
    if (!isSilent) heartbeats.push({ ...sender, kind: "success", message, at });
  }
  if (failed !== null) {
    const { before, message } = failed;
    heartbeats.push({ ...sender, kind: "fail", message, at: now - before });
  }
  return heartbeats;
}

/** Two that come again and again, and one that is to come tomorrow. */
function windows(now: Instant): readonly NewWindow[] {
  const timeZone = "Europe/Moscow";
  return [
    {
      scope: { kind: "tag", tag: "backup" },
      recurrence: { kind: "daily", timeOfDay: 2 * HOUR + 30 * MINUTE, timeZone },
      length: 2 * HOUR,
      note: "Disks are moved",
    },
    {
      scope: { kind: "app", appId: "shop-web" },
      recurrence: { kind: "weekly", weekday: "sun", timeOfDay: 6 * HOUR, timeZone },
      length: HOUR,
      note: null,
    },
    {
      scope: { kind: "all" },
      recurrence: { kind: "once", at: now + DAY },
      length: 4 * HOUR,
      note: "New router",
    },
  ];
}
