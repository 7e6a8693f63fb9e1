/** How the service is set up in simulations. */

import { DAY, MINUTE, SECOND, WEEK } from "../../lib/clock.ts";
import type { Config } from "../../lib/config.ts";

/** How the service is set up; the rest differs from run to run. */
export const CONFIG: Omit<Config, "database" | "adminEmails" | "defaults"> = {
  host: "127.0.0.1",
  port: 0,
  smtp: null,
  checkEvery: 30 * MINUTE,
  ignoredApps: new Set(),
  autoRegister: true,
  maxApps: 1_000,
  timing: { digestWindow: 3 * SECOND, mailInterval: MINUTE, remindEvery: DAY, mailProof: WEEK },
  flappingFlips: 6,
  watchdogUrl: null,
  language: "en",
  timeZone: "UTC",
  baseUrl: null,
  adminToken: "an-admin-token-for-simulations",
  readToken: null,
  heartbeatToken: null,
  trustedProxies: [],
  statusTags: [],
  retainHeartbeats: 3 * DAY,
  retainFlips: 730 * DAY,
  pruneImported: false,
  logLevel: "info",
  logFormat: "text",
};
