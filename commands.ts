/**
 * What the commands but `serve` do, with the parts they need wired together.
 *
 * @module
 */

import { manageApps } from "./lib/cli/apps.ts";
import type { AppsAction } from "./lib/cli/apps_arguments.ts";
import { backupReport } from "./lib/cli/backup_report.ts";
import { type Checked, checkedText } from "./lib/cli/check.ts";
import { mailText } from "./lib/cli/greeting.ts";
import { importSummary } from "./lib/cli/import_report.ts";
import { type Owner, ownerAt } from "./lib/cli/owner.ts";
import { testReport, waitingText } from "./lib/cli/test_report.ts";
import { renewedText } from "./lib/cli/token_report.ts";
import { verifyReport } from "./lib/cli/verify_report.ts";
import { type Clock, type Duration, MINUTE, SECOND } from "./lib/clock.ts";
import type { Config, SmtpConfig } from "./lib/config.ts";
import { AppError } from "./lib/errors.ts";
import { sampleLetter, testLetter } from "./lib/letter.ts";
import type { Log } from "./lib/log.ts";
import { drained } from "./lib/loop.ts";
import { Tally } from "./lib/original.ts";
import { backUp } from "./lib/sqlite/backup.ts";
import { readable } from "./lib/sqlite/connection.ts";
import { type Database, openBeside, openDatabase, requireDatabase } from "./lib/sqlite/database.ts";
import { databaseOpenness } from "./lib/sqlite/exposure.ts";
import { Importer } from "./lib/sqlite/importer.ts";
import { secondOwner, takeLock } from "./lib/sqlite/lock.ts";
import { Memory } from "./lib/sqlite/memory.ts";
import { Source } from "./lib/sqlite/source.ts";
import { endUse } from "./lib/sqlite/use.ts";
import { verify } from "./lib/sqlite/verify.ts";
import { sendTest } from "./lib/test_letter.ts";
import { hashToken, makeToken } from "./lib/token.ts";
import type { Machine, Outcome } from "./machine.ts";
import { letterStyle, mailerBy, mailerOf, messageIdOf } from "./mailing.ts";
import { catchUp, takeOver } from "./ownership.ts";

/** How long a pass for a command of this machine is good for. */
const PASS_LIFETIME: Duration = MINUTE;

/** How long a mail server may be silent before whoever looks on is told what is waited for. */
const TELL_WAIT_AFTER: Duration = 10 * SECOND;

/** Rows imported in one transaction: some 50 ms, after which a signal is heard. */
const IMPORT_STEP = 2_000;

/** Rows counted at once: as long. */
const COUNT_STEP = 200_000;

/** Sweeps and delivers once: through the owner if there is one, else here. */
export async function check(config: Config, machine: Machine, log: Log): Promise<Outcome> {
  // Whoever checks in another folder is to hear of that, and not that all is well.
  requireDatabase(config.database);
  const checked = await inWords(config.database, checkAlone(config, machine, log)) ??
    await ownerOf(config, machine.clock).ask("POST", "/api/check") as Checked;
  await machine.print(checkedText(checked));
  return "done";
}

/** Sends a letter to `address`, or to every admin. */
export async function sendTestLetter(
  config: Config,
  machine: Machine,
  { address, isAlarm }: { readonly address: string | null; readonly isAlarm: boolean },
): Promise<Outcome> {
  const { smtp, adminEmails } = config;
  const addresses = address === null ? adminEmails : [address];
  if (smtp === null || addresses.length === 0) {
    machine.complain(`Cannot send a letter: mail is ${mailText(config)}`);
    return "failed";
  }
  const { clock } = machine;
  const now = clock.now();
  const style = { ...letterStyle(config), now };
  const testing = sendTest({
    mailer: mailerBy(smtp),
    clock,
    addresses,
    now,
    messageId: () => messageIdOf(smtp),
    letterTo: (to) =>
      isAlarm ? sampleLetter(style) : testLetter(style, { getsAlarms: isOneOf(to, adminEmails) }),
    signal: new AbortController().signal,
  });
  const tested = await telling(machine, smtp, testing);
  await machine.print(testReport(tested).join("\n"));
  return tested.every(({ result }) => result.outcome === "sent") ? "done" : "failed";
}

/** Waits for a mail server, and says so at a terminal if that takes long. */
async function telling<T>(
  { clock, isTerminal, complain }: Machine,
  smtp: SmtpConfig | null,
  mailing: Promise<T>,
): Promise<T> {
  if (!isTerminal || smtp === null) return await mailing;
  const tell = () => complain(waitingText(smtp));
  const alarm = clock.wakeAt(clock.now() + TELL_WAIT_AFTER, tell);
  try {
    return await mailing;
  } finally {
    alarm.cancel();
  }
}

/** Brings the history of the original system over; what was taken before is not taken again. */
export async function importFile(
  config: Config,
  machine: Machine,
  options: ImportOptions,
): Promise<Outcome> {
  let isStopped = false;
  machine.stopped().then(() => isStopped = true);
  const stoppable = { ...options, isStopped: () => isStopped };
  const summary = await inWords(config.database, imported(config, machine, stoppable));
  const outcome = isStopped ? "failed" : "done";
  // The database is given back by now: whoever reads may take their time.
  await printLast(machine, summary);
  return outcome;
}

/** Shows or changes the registry, through the running service. */
export async function manage(
  config: Config,
  machine: Machine,
  { action, isJson }: { readonly action: AppsAction; readonly isJson: boolean },
): Promise<Outcome> {
  const isForgetting = action.kind === "forget" && !action.isSure;
  if (isForgetting && !await machine.confirm(`Forget app ${action.id} with all its history?`)) {
    machine.complain(`Not forgotten: app ${action.id}. Say --yes to do so without being asked`);
    return "failed";
  }
  await machine.print(await manageApps(ownerOf(config, machine.clock), action, { isJson }));
  return "done";
}

/** Copies the database, and says what is in the copy. */
export async function backUpTo(
  { database }: Config,
  machine: Machine,
  file: string,
): Promise<Outcome> {
  const stopping = new AbortController();
  machine.stopped().then(() => stopping.abort());
  const copied = await backUp(database, file, stopping.signal);
  await printLast(machine, backupReport({ file, ...copied }));
  return "done";
}

/** Checks the database against the rules. */
export async function verifyDatabase(
  { database }: Config,
  machine: Machine,
): Promise<Outcome> {
  const { findings, account } = inDatabase(database, verify);
  await machine.print(verifyReport(findings, account));
  return findings.every(({ faults }) => faults.length === 0) ? "done" : "failed";
}

/** Makes a new admin token in place of the one before, and the links' key if that is asked for. */
export async function renewToken(
  { database, adminToken }: Config,
  machine: Machine,
  { hasLinks }: { readonly hasLinks: boolean },
): Promise<Outcome> {
  if (adminToken !== null && !hasLinks) {
    machine.complain("Cannot make a token: ADMIN_TOKEN is set, and wins over any that is made");
    return "failed";
  }
  const token = adminToken === null ? makeToken() : null;
  // Whether there is one to keep it; then it is shown before it counts: one that nobody could read
  // would lock everybody out.
  inDatabase(database, () => {});
  // Only the token is printed where programs read.
  if (token !== null && !await machine.print(token)) {
    machine.complain("No token was made: whoever was to read it has gone");
    return "failed";
  }
  inDatabase(database, (beside) => {
    const memory = new Memory(beside);
    beside.transaction(() => {
      if (hasLinks) memory.write("acknowledge key", makeToken());
      if (token === null) return;
      memory.addToken({ hash: hashToken(token), purpose: "admin", expiresAt: null });
    });
  });
  machine.complain(renewedText({ hasToken: token !== null, hasLinks }));
  return "done";
}

/** A check by this process; null if another owns the database. */
async function checkAlone(config: Config, machine: Machine, log: Log): Promise<Checked | null> {
  const { clock } = machine;
  await using resources = new AsyncDisposableStack();
  const ending = new AbortController();
  const parts = { config, clock, log, mailer: mailerOf(config) };
  const owned = await takeOver(parts, resources, ending.signal);
  if (owned === null) return null;
  // Nobody has listened since the service ended: silence from then on proves nothing.
  const down = await catchUp(parts, owned, await owned.store.heardUntil() ?? 0);
  // News gathers for the digest window first; nobody else will come to send it.
  const { promise, resolve } = Promise.withResolvers<void>();
  clock.wakeAt(clock.now() + config.timing.digestWindow, resolve);
  await promise;
  const delivered = await telling(machine, config.smtp, owned.watch.deliver({ isRetryNow: true }));
  return { down, ...delivered };
}

/** What to import, and how. */
interface ImportOptions {
  readonly file: string;
  readonly isWatching: boolean;
}

/** Imports, and returns what is to be said of it. */
async function imported(
  config: Config,
  machine: Machine,
  { file, isWatching, isStopped }: ImportOptions & { readonly isStopped: () => boolean },
): Promise<string> {
  const { clock } = machine;
  using source = new Source(file);
  using lock = takeLock(config.database);
  if (lock === null) throw secondOwner(config.database);
  for (const warning of databaseOpenness(config.database)) machine.complain(`Warning: ${warning}`);
  const { database } = await openDatabase(config.database);
  using db = database;
  const importer = new Importer(db, config);

  const tally = new Tally();
  let total = 0;
  for (const counted of source.counts(COUNT_STEP)) {
    total += counted;
    // Of what is counted at once nobody needs to hear.
    if (total > counted) machine.progress({ read: 0, total });
    // Only here can a signal come through, and below.
    await drained();
    if (isStopped()) break;
  }
  for (const rows of isStopped() ? [] : source.rows(IMPORT_STEP)) {
    tally.took(importer.take(tally.readable(rows, clock.now())));
    machine.progress({ read: tally.read, total });
    await drained();
    if (isStopped()) break;
    if (lock.look() === "lost") throw secondOwner(config.database);
  }
  const watched = isWatching && !isStopped() ? importer.watch(config.defaults, clock.now()) : null;
  const { met: apps, registered } = importer;
  machine.progress(null);
  endUse(db);
  return importSummary(tally, { total, apps, registered, watched, isStopped: isStopped() });
}

/** Prints where signals no longer kill us: the next one ends the wait for whoever does not read. */
async function printLast(machine: Machine, text: string): Promise<void> {
  await Promise.race([machine.print(text), machine.stopped()]);
}

/** Waits for work in the database; what SQLite or the system says of that becomes a sentence. */
async function inWords<T>(database: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw readable(database, error);
  }
}

/** Does some work in the database beside its owner. */
function inDatabase<T>(database: string, work: (beside: Database) => T): T {
  using beside = openBeside(database);
  try {
    return work(beside);
  } catch (error) {
    throw readable(database, error);
  }
}

/**
 * The service that owns the database. Who may write its database may have it
 * do things: a pass in there, a new one for each request, proves it.
 *
 * @throws {AppError} `unavailable` if none serves.
 */
function ownerOf({ database }: Config, clock: Clock): Owner {
  const url = inDatabase(database, (beside) => new Memory(beside).read("owner"));
  if (url === null || url === "") {
    throw new AppError("unavailable", "Cannot ask the service: none is running; start stillalive");
  }
  return ownerAt(url, () => {
    const pass = makeToken();
    const expiresAt = clock.now() + PASS_LIFETIME;
    inDatabase(database, (beside) => {
      new Memory(beside).addToken({ hash: hashToken(pass), purpose: "pass", expiresAt });
    });
    return pass;
  });
}

/** Few mail servers tell `A@b.c` from `a@b.c`, and a test letter need not. */
function isOneOf(address: string, addresses: readonly string[]): boolean {
  return addresses.some((each) => each.toLowerCase() === address.toLowerCase());
}
