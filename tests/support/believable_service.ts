/**
 * A service that looks as if somebody had used it for days: thirty apps in
 * every status, seen half an hour after an update.
 *
 * @module
 */

import { type Duration, HOUR } from "../../lib/clock.ts";
import { type Config, readConfig } from "../../lib/config.ts";
import { believableHeartbeats, fillBelievable, STARTED } from "./believable.ts";
import { BELIEVABLE_SETTINGS } from "./believable_house.ts";
import { NOW } from "./letters.ts";
import type { MailServer } from "./smtp_server.ts";
import { type TestService, testService } from "./service.ts";

/** What its page of settings shows: some from each place, and secrets. */
const SOURCES = {
  dotenv: {
    ADMIN_EMAILS: BELIEVABLE_SETTINGS.adminEmails.join(", "),
    IGNORED_APPS: [...BELIEVABLE_SETTINGS.ignoredApps].join(", "),
    SMTP_USER: "stillalive@example.org",
    SMTP_PASSWORD: "a-secret-nobody-sees",
    SMTP_HOST: "smtp.example.org",
    MAIL_PROOF: "7d",
    DIGEST_WINDOW: "3s",
  },
  environment: {
    STATUS_TAGS: BELIEVABLE_SETTINGS.statusTags.join(", "),
    HEARTBEAT_TOKEN: "a-token-that-nobody-sees",
  },
  unclear: [],
  flags: { PORT: "8000" },
  timeZone: "Europe/Moscow",
};

/** Starts one, and has it live through that half hour; then its clock stands at {@linkcode NOW}. */
export async function believableService(
  { span = 30 * HOUR, config = {}, mail }: {
    /** How long ago it all began; every status is there from the default on. */
    readonly span?: Duration;
    readonly config?: Partial<Config>;
    readonly mail?: MailServer;
  } = {},
): Promise<TestService> {
  const extent = { now: NOW, span };
  const service = await testService({
    ...(mail === undefined ? {} : { mail }),
    config: { ...BELIEVABLE_SETTINGS, ...config },
    settings: readConfig(SOURCES, () => "").settings,
    now: NOW - STARTED,
    fill: (path) => fillBelievable(path, extent),
  });
  try {
    for (const { at, appId, kind, message } of believableHeartbeats(extent)) {
      if (at < NOW - STARTED) continue;
      service.clock.moveTo(at);
      await service.beat(appId, { kind, message });
    }
    service.clock.moveTo(NOW);
    await (await service.request("POST", "/api/check")).body?.cancel();
    return service;
  } catch (error) {
    await service[Symbol.asyncDispose]();
    throw error;
  }
}
