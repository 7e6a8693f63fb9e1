/**
 * Crowds at the program's door, and how they behave.
 *
 * @module
 */

import { type Duration, SECOND } from "../../lib/clock.ts";
import { Crowd, KeptConnection, type Manner } from "../support/crowd.ts";
import { pause } from "../support/proof.ts";
import type { Beat } from "./living_apps.ts";

/** A crowd. */
export interface CrowdStory {
  readonly name: string;
  /** How many descriptors the program has. */
  readonly descriptors: number;
  /** Whether it comes once, and leaves room then: nobody else is refused outside of a gap. */
  readonly isGentle: boolean;
  /** Whether it stands for the others where time is short. */
  readonly isExample: boolean;
  /** Has it come; `note` is told of each heartbeat that it sends. Disposed of, it goes. */
  readonly come: (url: string, note: (beat: Beat) => void) => Promise<AsyncDisposable>;
}

/** How often a client that keeps its connection beats. */
const KEPT_EVERY: Duration = 5 * SECOND;

/** Within which time all of them come. */
const KEPT_COME_IN: Duration = 2 * SECOND;

/** How often the next crowd comes. */
const AGAIN_EVERY: Duration = SECOND / 2;

/** All of them. */
export const CROWDS: readonly CrowdStory[] = [
  story("300 silent connections at 256 descriptors", { come: (url) => stays(url, "silent") }),
  {
    name: "1,100 clients that keep their connections at 1,024 descriptors",
    descriptors: 1_024,
    isGentle: true,
    isExample: true,
    come: (url, note) => Promise.resolve(keep(url, 1_100, note)),
  },
  story("300 half heads", { isExample: false, come: (url) => stays(url, "half") }),
  story("300 half bodies", { isExample: false, come: (url) => stays(url, "slow") }),
  story("300 kept connections that fall silent", {
    isExample: false,
    come: (url) => stays(url, "idle"),
  }),
  story("300 other silent connections twice a second", {
    isExample: false,
    isGentle: false,
    come: (url) => Promise.resolve(comeAgain(url)),
  }),
];

function story(
  name: string,
  options: Partial<CrowdStory> & Pick<CrowdStory, "come">,
): CrowdStory {
  return { name, descriptors: 256, isGentle: true, isExample: true, ...options };
}

async function stays(url: string, manner: Manner): Promise<AsyncDisposable> {
  const crowd = new Crowd(url);
  await crowd.storm(300, manner);
  return {
    [Symbol.asyncDispose]() {
      crowd[Symbol.dispose]();
      return Promise.resolve();
    },
  };
}

/** A crowd that gives nobody a rest: as soon as it is sent away, another one is there. */
function comeAgain(url: string): AsyncDisposable {
  let crowd = new Crowd(url);
  const timer = setInterval(() => {
    const next = new Crowd(url);
    void next.storm(300, "silent").then(() => crowd[Symbol.dispose]()).then(() => crowd = next);
  }, AGAIN_EVERY);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await pause(AGAIN_EVERY);
      crowd[Symbol.dispose]();
    },
  };
}

/** Apps that each keep a connection as long as they are let, and beat on it. */
function keep(url: string, count: number, note: (beat: Beat) => void): AsyncDisposable {
  const isOver = { now: false };
  const clients = Array.from({ length: count }, async (_, index) => {
    const appId = `kept-${index}`;
    using connection = new KeptConnection(url);
    for (let at = Date.now() + KEPT_COME_IN * index / count; !isOver.now; at += KEPT_EVERY) {
      await pause(Math.max(at - Date.now(), 0));
      if (isOver.now) return;
      const sentAt = Date.now();
      const answer = await connection.beat(appId);
      note({ appId, sentAt, isHeard: answer.startsWith("HTTP/1.1 200"), answer });
    }
  });
  return {
    async [Symbol.asyncDispose]() {
      isOver.now = true;
      await Promise.all(clients);
    },
  };
}
