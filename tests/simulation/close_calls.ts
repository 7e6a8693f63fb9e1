/** What happens at the very moment of a deadline. */

import { type Duration, type Instant, SECOND } from "../../lib/clock.ts";
import type { Character } from "./scripted_app.ts";
import type { World } from "./world.ts";

/**
 * Sends a success so that it is read a moment before the app's deadline, and
 * written only when the sweep for that deadline is under way.
 */
export function sendAtLast(world: World, appId: string, deadline: Instant): void {
  const { agenda, time, host, clients } = world;
  const at = time.passed + deadline - 1 - time.wall;
  if (at <= time.passed) return;
  agenda.add(at, () => {
    const next = world.observer?.nextDeadline();
    if (!host.isListening || next?.appId !== appId || next.at !== time.wall + 1) return;
    clients.beatBeside(appId);
    world.isHurried = true;
  });
}

/** Has the loop stand still over a deadline, for less than would be a gap; the app beats meanwhile. */
export function stallAt(
  world: World,
  appId: string,
  { deadline, span }: { readonly deadline: Instant; readonly span: Duration },
): void {
  const { agenda, time, host, clients } = world;
  const at = time.passed + deadline - 1 - time.wall;
  if (at <= time.passed) return;
  agenda.add(at, () => {
    if (!host.isListening) return;
    world.pause(span, "stalled");
    agenda.add(at + 1, () => clients.beatBeside(appId));
  });
}

/** The same for so long that it is a gap, and a short one: the app beats at some moment of it. */
export function stallBrieflyAt(
  world: World,
  appId: string,
  { deadline, span }: { readonly deadline: Instant; readonly span: Duration },
): void {
  const { agenda, time, host, clients } = world;
  const at = time.passed + deadline - 1 - time.wall;
  if (at <= time.passed) return;
  agenda.add(at, () => {
    if (!host.isListening) return;
    world.stallBriefly(span);
    agenda.add(at + Math.ceil(span / 2), () => clients.beatBeside(appId));
  });
}

/** The disk is locked at a deadline; then another app is heard, and then the process dies. */
export function stumbleAt(world: World, deadline: Instant): void {
  const { agenda, time, host, driver, clients, apps } = world;
  const at = time.passed + deadline - 1 - time.wall;
  if (at <= time.passed) return;
  agenda.add(at, () => {
    if (!host.isListening || driver.fault !== null) return;
    world.spoilDisk("locked", SECOND);
    const other = apps.find(({ wellSince }) => wellSince !== null)?.character.id;
    if (other !== undefined) agenda.add(at + 2 * SECOND, () => clients.beatBeside(other));
    agenda.add(at + 3 * SECOND, () => {
      if (!world.isCalm) host.life?.kill();
    });
  });
}

/**
 * Shuts the door just before an app beats: of one that has little grace the
 * deadline may pass before anybody looks at the door again.
 */
export function shutBeforeBeat(world: World, { period, phase, play }: Character): void {
  const { agenda, time, host } = world;
  const least = time.passed + play + SECOND;
  const beat = phase + Math.ceil((least - phase) / period) * period;
  agenda.add(beat - play - SECOND, () => {
    if (host.isListening) world.shutDoor(0);
  });
}
