/**
 * The `serve` command.
 *
 * @module
 */

import { curlLine, greeting, mailText, warnings } from "./lib/cli/greeting.ts";
import { type Clock, type Duration, MINUTE, SECOND, within } from "./lib/clock.ts";
import type { Config, SmtpConfig } from "./lib/config.ts";
import type { EffectiveSetting } from "./lib/effective_settings.ts";
import { AppError, outsideFault } from "./lib/errors.ts";
import { englishHint, silenceHint } from "./lib/hint.ts";
import type { Log } from "./lib/log.ts";
import { MailDoor } from "./lib/mail_door.ts";
import type { Mailer } from "./lib/outbox.ts";
import { makePrivateFile } from "./lib/sqlite/file.ts";
import type { Machine, Outcome } from "./machine.ts";
import { mailerOf } from "./mailing.ts";
import { type Service, startService } from "./service.ts";

/** What is around a service. */
interface Surroundings {
  readonly config: Config;
  readonly machine: Machine;
  readonly log: Log;
}

/** How long a terminal may take to show the greeting; the service itself runs by then. */
const GREETING_PATIENCE: Duration = SECOND;

/** How long the mail server may be silent at the start before that is told. */
const TELL_SILENCE_AFTER: Duration = MINUTE;

/** Serves until it is asked to stop. */
export async function serve(
  config: Config,
  machine: Machine,
  { log, settings }: { readonly log: Log; readonly settings: readonly EffectiveSetting[] },
): Promise<Outcome> {
  // First of all, so that a stop during the start is a clean one too.
  const stopped = machine.stopped();
  const stopping = new AbortController();
  let outcome: Outcome = "done";
  {
    const { clock, program } = machine;
    const parts = { config, clock, log, mailer: mailerOf(config), program, settings };
    await using service = await startService(parts);
    await welcome(service, { config, machine, log });
    const { mailer } = service;
    void machine.takeWarnings().then(() =>
      probeMail({ mailer, smtp: config.smtp, clock, log, signal: stopping.signal })
    );
    const loss = service.lost.then(() => null);
    const signal = await Promise.race([stopped, loss]);
    if (signal === null) outcome = "failed";
    log.info("stopping", { signal: signal ?? undefined });
    stopping.abort();
  }
  log.info("stopped");
  return outcome;
}

/** Says how things are: to a person in a greeting, else to the log. */
async function welcome(
  { url, isNew, madeToken, makeCode }: Service,
  { config, machine, log }: Surroundings,
): Promise<void> {
  const { version } = machine.program;
  if (machine.isTerminal) {
    const code = isNew ? await makeCode() : null;
    const text = greeting({ version, config, url, isNew, madeToken, code });
    if (await isShown(text, machine)) return;
  }
  log.info("listening", { url, host: config.host, version });
  log.info("database", { path: config.database, is_new: isNew });
  log.info("mail", { to: mailText(config) });
  if (madeToken !== null) {
    const file = `${config.database}.admin-token`;
    try {
      makePrivateFile(file, `${madeToken}\n`);
      log.info("admin token made", { file });
    } catch (error) {
      // The service runs by now; another token is to be had at any time.
      const reason = outsideFault(error);
      if (reason === null) throw error;
      log.warn("admin token cannot be kept: make another by stillalive token", { file, reason });
    }
  }
  if (isNew) log.info("try it", { command: curlLine(url, config.heartbeatToken !== null) });
  for (const warning of warnings(config)) log.warn(warning);
}

/** Shows text on a terminal, unless that does not take it: nothing here waits for it. */
async function isShown(text: string, { clock, print }: Machine): Promise<boolean> {
  try {
    return await within(clock, GREETING_PATIENCE, print(text)) === true;
  } catch (error) {
    // It is not there any more: then the log has it all.
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** Tells whether the mail server lets us in; nothing is mailed. */
export async function probeMail({ mailer, smtp, clock, log, signal }: {
  readonly mailer: Mailer | null;
  readonly smtp: SmtpConfig | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}): Promise<void> {
  if (mailer === null) {
    log.warn("mail is not set up: nobody will be told of anything");
    return;
  }
  const server = smtp?.host;
  const alarm = clock.wakeAt(clock.now() + TELL_SILENCE_AFTER, () => {
    const hint = smtp === null ? null : englishHint(silenceHint(smtp));
    log.warn("mail server is slow: it has not let us in yet", { server, hint });
  });
  const connection = await new MailDoor(mailer, clock).enter(signal);
  alarm.cancel();
  if (connection === null) return;
  if (connection.outcome === "ready") {
    connection.session.close();
    log.info("mail works", { server });
  } else {
    const { reason, hint } = connection;
    log.warn("mail does not work", { reason, hint: englishHint(hint) });
  }
}
