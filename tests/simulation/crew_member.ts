/** Carries out one run after the other in a thread of its own, as it is told. */

import { parentPort } from "node:worker_threads";
import { episode, type Plan } from "./episode.ts";

parentPort?.on("message", async (plan: Plan) => parentPort?.postMessage(await episode(plan)));
