/**
 * The service from source, with V8's inspector at hand.
 *
 * @module
 */

import { Program } from "../support/program.ts";
import { temporaryFolder } from "../support/store.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** A service that can be asked by V8's inspector. Disposed of, it is killed. */
export interface Inspected extends AsyncDisposable {
  readonly url: string;
  /** Asks a method of https://chromedevtools.github.io/devtools-protocol/v8/. */
  ask(method: string, params?: object): Promise<unknown>;
}

/** Starts it on an empty database. */
export async function inspected(): Promise<Inspected> {
  const folder = temporaryFolder();
  const program = new Program({
    folder: folder.path,
    command: [Deno.execPath(), "run", "--inspect=127.0.0.1:0", "--no-prompt", "-RWNE", MAIN],
    env: { HOST: "127.0.0.1", PORT: "0", PERIOD: "1h", NO_COLOR: "1" },
  });
  const [, inspector = ""] = await program.says(/(ws:\S+)/);
  const [, url = ""] = await program.says(/listening url=(\S+)/);
  const socket = new WebSocket(inspector);
  await new Promise((resolve) => socket.onopen = resolve);
  const asked = new Map<number, (result: unknown) => void>();
  socket.onmessage = ({ data }) => {
    const { id, result } = JSON.parse(data);
    asked.get(id)?.(result);
  };
  return {
    url,
    ask(method, params = {}) {
      const id = asked.size + 1;
      const { promise, resolve } = Promise.withResolvers<unknown>();
      asked.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
      return promise;
    },
    async [Symbol.asyncDispose]() {
      socket.close();
      await program[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}
