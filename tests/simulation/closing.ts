/** The account at the end of a run: all that is owed has been told, once. */

import { type Duration, type Instant, MINUTE } from "../../lib/clock.ts";
import { Failure } from "./failure.ts";
import { heardIn, type Told, toldBy, unknownIn } from "./letter_reader.ts";
import { REFUSED_FOR } from "./mail_rules.ts";
import type { Witness } from "./witness.ts";
import type { World } from "./world.ts";

/** What arose so shortly before the end may still wait. */
const FRESH: Duration = 2 * MINUTE;

interface DebtRow {
  readonly appId: string;
  readonly address: string;
  readonly isDown: number;
  readonly state: string;
  readonly owedFrom: Instant;
  readonly reason: string | null;
  readonly messageId: string | null;
}

const SELECT_DEBTS = `
  SELECT app_id AS appId, debts.address, is_down AS isDown, debts.state,
    debts.owed_from AS owedFrom, debts.reason,
    message_id AS messageId
  FROM debts
  JOIN flips ON flips.id = flip
  JOIN apps ON apps.id = app
  LEFT JOIN messages ON messages.id = debts.message
`;

const COUNT_NEWS = `
  SELECT COUNT(*) AS news
  FROM flips
  WHERE to_state = 'down' OR (from_state = 'down' AND to_state = 'up')
`;

/** Throws for whatever is not accounted for. */
export function closeAccount({ post, config, time }: World, witness: Witness): void {
  const debts = witness.all(SELECT_DEBTS) as readonly DebtRow[];
  const [{ news }] = witness.all(COUNT_NEWS) as readonly [{ readonly news: number }];
  if (debts.length !== news * config.adminEmails.length) {
    throw new Failure("lost", null, `${news} pieces of news make ${debts.length} debts`);
  }
  for (const debt of debts) {
    const isFresh = debt.state === "waiting" && debt.owedFrom > time.wall - FRESH;
    // A clock that is set ahead while nobody can notice makes a refusal seem longer.
    const ahead = time.setUnnoticedAt > 0 ? time.most - time.passed : 0;
    if (!isFresh) judge(debt, post.longestRefusal(debt.address) + ahead);
  }

  for (const address of config.adminEmails) {
    const told = new Map<string, Count>();
    const texts = [...lastTexts(post.trials, address)];
    for (const text of texts) {
      for (const [appId, its] of toldBy(text)) told.set(appId, counted(told.get(appId), its));
    }
    compare(address, debts, told);
    closePutOffs({ post, config, time }, witness, { address, texts });
  }
}

interface PutOffDebtRow {
  readonly appId: string;
  readonly state: string;
  readonly owedFrom: Instant;
  readonly reason: string | null;
  /** The letter that says that it was heard after all. */
  readonly heardNamedBy: number | null;
}

const SELECT_PUT_OFF_DEBTS = `
  SELECT app_id AS appId, debts.state, owed_from AS owedFrom, debts.reason,
    (
      SELECT id
      FROM messages
      WHERE over = 'heard' AND messages.id = debts.named_by AND messages.state = 'sent'
    ) AS heardNamedBy
  FROM debts
  JOIN put_offs ON put_offs.id = debts.put_off
  JOIN apps ON apps.id = app
  WHERE address = '$address'
`;

/** Why it need not be told that nobody knows how an app is. */
const OVER: readonly (string | null)[] = ["heard", "down", "put off again"];

/** The same of the news that nobody knows how an app is, and that it was heard after all. */
function closePutOffs(
  { post, time }: Pick<World, "post" | "config" | "time">,
  witness: Witness,
  { address, texts }: { readonly address: string; readonly texts: readonly string[] },
): void {
  const sql = SELECT_PUT_OFF_DEBTS.replace("$address", address);
  const debts = witness.all(sql) as readonly PutOffDebtRow[];
  const ahead = time.setUnnoticedAt > 0 ? time.most - time.passed : 0;
  for (const { appId, state, owedFrom, reason } of debts) {
    const isFresh = state === "waiting" && owedFrom > time.wall - FRESH;
    const isOver = state === "suppressed" && OVER.includes(reason);
    const isRefused = state === "failed" && post.longestRefusal(address) + ahead >= REFUSED_FOR;
    if (state === "sent" || isFresh || isOver || isRefused) continue;
    const message = `that nobody knows is ${state} to ${address}: ${reason}`;
    throw new Failure("lost", appId, message);
  }
  const unknown = texts.flatMap(unknownIn);
  const heard = texts.flatMap(heardIn);
  for (const appId of new Set(debts.map((each) => each.appId))) {
    const its = debts.filter((each) => each.appId === appId);
    const sent = its.filter(({ state }) => state === "sent").length;
    const failed = its.filter(({ state }) => state === "failed").length;
    const times = unknown.filter((each) => each === appId).length;
    if (times < sent || times > sent + failed) {
      const message = `${address} was told ${times} times that nobody knows, not ${sent}`;
      throw new Failure(times < sent ? "lost" : "doubled", appId, message);
    }
    const named = new Set(its.map(({ heardNamedBy }) => heardNamedBy).filter(isNumber)).size;
    const namings = heard.filter((each) => each === appId).length;
    if (namings !== named) {
      const message = `${address} was told ${namings} times that it was heard, not ${named}`;
      throw new Failure(namings < named ? "lost" : "doubled", appId, message);
    }
  }
}

/** What an address knows of an app. */
interface Count {
  readonly falls: number;
  readonly recoveries: number;
  readonly isDown: boolean;
}

/** A further letter's part: an absence is news of a fall, unless that had been told before. */
function counted(
  before: Count = { falls: 0, recoveries: 0, isDown: false },
  { absences, isDown }: Told,
): Count {
  const known = before.isDown && absences > 0 ? 1 : 0;
  return {
    falls: before.falls + absences - known + Number(isDown),
    recoveries: before.recoveries + absences,
    isDown,
  };
}

function judge({ appId, address, state, reason, isDown }: DebtRow, refusedFor: number): void {
  const debt = `the debt of ${isDown === 1 ? "a fall" : "a recovery"} to ${address}`;
  if (state === "waiting") throw new Failure("lost", appId, `${debt} still waits`);
  if (state === "suppressed") throw new Failure("lost", appId, `${debt} is suppressed: ${reason}`);
  if (state === "failed" && refusedFor < REFUSED_FOR) {
    throw new Failure("lost", appId, `${debt} has failed: ${reason}`);
  }
}

function isNumber(value: number | null): value is number {
  return value !== null;
}

/** The letters that an address has, in the order they were begun, each as it came last. */
function lastTexts(trials: World["post"]["trials"], address: string): Iterable<string> {
  const texts = new Map<string, string>();
  for (const { mail, isTaken } of trials) {
    if (mail.to !== address) continue;
    const before = texts.get(mail.messageId);
    texts.set(mail.messageId, isTaken ? mail.text : before ?? "");
  }
  return texts.values();
}

function compare(
  address: string,
  debts: readonly DebtRow[],
  told: ReadonlyMap<string, Count>,
): void {
  for (const appId of new Set(debts.map((each) => each.appId))) {
    const its = debts.filter((each) => each.appId === appId && each.address === address);
    const sent = its.filter((each) => each.state === "sent");
    const falls = sent.filter((each) => each.isDown === 1).length;
    const recoveries = sent.length - falls;
    // Where a fall could not be told, its recovery tells of it; where a recovery could not, the
    // next absence passes for the one that it ended. And what failed may have been taken at a try
    // that was never answered.
    const failed = its.filter((each) => each.state === "failed");
    const untold = failed.filter((each) => each.isDown === 1).length;
    const unended = failed.length - untold;
    const { falls: toldFalls, recoveries: toldRecoveries } = told.get(appId) ??
      { falls: 0, recoveries: 0 };
    const isLess = toldFalls < falls - unended || toldRecoveries < recoveries;
    const isMore = toldFalls > falls + untold || toldRecoveries > recoveries + unended;
    if (!isLess && !isMore) continue;
    const message = `${address} was told of ${toldFalls} falls and ${toldRecoveries} recoveries, ` +
      `not ${falls} and ${recoveries}`;
    throw new Failure(isMore ? "doubled" : "lost", appId, message);
  }
}
