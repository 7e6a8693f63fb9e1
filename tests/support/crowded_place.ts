/**
 * An address that does not even answer a call: so many have called that nobody
 * gets through.
 *
 * @module
 */

import { type Duration, SECOND } from "../../lib/clock.ts";
import { close } from "./wire.ts";

/** More connections than a listener holds for who does not take them. */
const CROWD = 5_000;

/** How long a connection takes that nobody answers: on this machine any other is there at once. */
const UNANSWERED: Duration = SECOND / 2;

/** Crowds a place that nobody listens at; disposed of, nobody does again. */
export async function crowd(place: Deno.ConnectOptions): Promise<Disposable> {
  const listener = Deno.listen({ hostname: "127.0.0.1", ...place });
  const callers: Deno.Conn[] = [];
  while (callers.length < CROWD) {
    const caller = await called(place);
    if (caller === null) break;
    callers.push(caller);
  }
  return {
    [Symbol.dispose]: () => {
      listener.close();
      for (const caller of callers) close(caller);
    },
  };
}

async function called(place: Deno.ConnectOptions): Promise<Deno.Conn | null> {
  const calling = Deno.connect(place);
  const { promise, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), UNANSWERED);
  const connection = await Promise.race([calling, promise]);
  clearTimeout(timer);
  if (connection === null) calling.then(close, () => {});
  return connection;
}
