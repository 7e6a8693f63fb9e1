/** A program that ends by a fault of its own, for what becomes of its last words. */

import { Streams } from "../../streams.ts";

const streams = new Streams({
  now: () => Date.now(),
  elapsed: () => performance.now(),
  stopwatch: () => performance.now(),
  wakeAt: (at, wake) => {
    const timer = setTimeout(wake, at - Date.now());
    return { cancel: () => clearTimeout(timer) };
  },
});
streams.takeConsole();
const crashed = streams.crashed();
// deno-lint-ignore no-console -- what a package may do
console.error("a package says", 1);
if (Deno.args[0] === "rejection") void Promise.reject(new Error("nobody waits for this"));
else {setTimeout(() => {
    throw new Error("nobody catches this");
  });}
await crashed;
await streams.end();
Deno.exit(1);
