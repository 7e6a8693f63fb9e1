/** The way of heartbeats from apps to the service. */

import { type Duration, SECOND } from "../../lib/clock.ts";
import type { HeartbeatKind } from "../../lib/heartbeat.ts";
import type { Sent } from "./chronicle.ts";
import { type Manner, spoken } from "./speech.ts";
import type { World } from "./world.ts";

/** How long an app waits for an answer. */
const PATIENCE: Duration = 10 * SECOND;

/** Sends for all apps. */
export class Clients {
  readonly #world: World;
  #underWay = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** Whether somebody waits for an answer. */
  get isWaiting(): boolean {
    return this.#underWay > 0;
  }

  /** Sends heartbeats in one request, as an app does: it may find nobody there. */
  send(signals: readonly { readonly appId: string; readonly kind: HeartbeatKind }[]): void {
    const { host, time, agenda, observer } = this.#world;
    if (observer === null) return;
    const manner = this.#mannerOf(signals);
    const sent = signals.map((signal) => observer.sending({ ...signal, manner }));
    const wait = host.pausedUntil - time.passed;
    if (host.state === "on" && wait > 0 && wait < PATIENCE) {
      agenda.add(host.pausedUntil, () => this.#deliver(sent));
    } else this.#deliver(sent);
  }

  /** Has an app beat beside its script. */
  beatBeside(appId: string): void {
    this.#world.apps.find(({ character: { id } }) => id === appId)?.interrupt();
    this.send([{ appId, kind: "success" }]);
  }

  /** Says of each app that a person sets up what is to be expected of it. */
  register(): void {
    for (const { character: { id, period, grace, isSetUp } } of this.#world.apps) {
      if (!isSetUp) continue;
      const settings = { period: `${period / SECOND}s`, grace: `${grace / SECOND}s` };
      void this.#world.host.request("PUT", `/api/apps/${id}`, settings);
    }
  }

  /** How a request says what it says. */
  #mannerOf(signals: readonly { readonly appId: string }[]): Manner {
    const [first, ...more] = signals;
    if (more.length > 0) return "json";
    const app = this.#world.apps.find(({ character: { id } }) => id === first?.appId);
    return app?.character.manner ?? "json";
  }

  #ask(sent: readonly Sent[]): Promise<Response | null> {
    const { host } = this.#world;
    const [first] = sent;
    if (first !== undefined && first.manner !== "json") {
      const { appId, kind, number, manner } = first;
      const path = `/ping/${appId}${kind === "success" ? "" : `/${kind}`}`;
      return host.ask("POST", path, spoken(number, manner));
    }
    const body = sent.map(({ number, appId, kind }) => ({ app_id: appId, kind, message: number }));
    return host.request("POST", "/api/apps/", body.length === 1 ? body[0] : body);
  }

  /** Whether who sends has kept a connection from before: then a shut door is no matter. */
  #isConnected([first]: readonly Sent[]): boolean {
    const app = this.#world.apps.find(({ character: { id } }) => id === first?.appId);
    return app?.character.isConnected ?? false;
  }

  #deliver(sent: readonly Sent[]): void {
    const { host, observer } = this.#world;
    const isOutside = host.doorway?.isShut === true && !this.#isConnected(sent);
    if (!host.isListening || isOutside) {
      for (const each of sent) observer?.missed(each);
      return;
    }
    this.#underWay++;
    this.#ask(sent).then((response) => {
      this.#underWay--;
      for (const each of sent) observer?.answered(each, response?.status ?? null);
    });
  }
}
