/**
 * The service from source, with V8's inspector at hand.
 *
 * @module
 */

import { ENVIRONMENT } from "../support/program.ts";
import { temporaryFolder } from "../support/store.ts";
import { TextLineStream } from "../support/text_lines.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** A service that can be asked by V8's inspector. Disposed of, it is killed. */
export interface Inspected extends AsyncDisposable {
  readonly url: string;
  /** Asks a method of https://chromedevtools.github.io/devtools-protocol/v8/. */
  ask(method: string): Promise<unknown>;
}

/** Starts it on an empty database. */
export async function inspected(): Promise<Inspected> {
  const folder = temporaryFolder();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--inspect=127.0.0.1:0", "--no-prompt", "-RWNE", MAIN],
    cwd: folder.path,
    clearEnv: true,
    env: { ...ENVIRONMENT, HOST: "127.0.0.1", PORT: "0", PERIOD: "1h", NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const said = reader(child.stderr);
  const inspector = await said(/(ws:\S+)/);
  const url = await said(/listening url=(\S+)/);
  const socket = new WebSocket(inspector);
  await new Promise((resolve) => socket.onopen = resolve);
  const asked = new Map<number, (result: unknown) => void>();
  socket.onmessage = ({ data }) => {
    const { id, result } = JSON.parse(data);
    asked.get(id)?.(result);
  };
  return {
    url,
    ask(method) {
      const id = asked.size + 1;
      const { promise, resolve } = Promise.withResolvers<unknown>();
      asked.set(id, resolve);
      socket.send(JSON.stringify({ id, method }));
      return promise;
    },
    async [Symbol.asyncDispose]() {
      socket.close();
      child.kill("SIGKILL");
      await child.status;
      folder[Symbol.dispose]();
    },
  };
}

/** Reads a stream to its end; what is returned finds something in its next lines. */
function reader(stream: ReadableStream<Uint8Array>): (pattern: RegExp) => Promise<string> {
  const lines = stream.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
  const iterator = lines[Symbol.asyncIterator]();
  return async (pattern) => {
    for (;;) {
      const { value, done } = await iterator.next();
      if (done) throw new Error(`The service ended without saying ${pattern}`);
      const found = pattern.exec(value)?.[1];
      if (found !== undefined) return found;
    }
  };
}
