/**
 * Mail servers that take their time: a row of the fault matrix for each.
 *
 * @module
 */

import { type Duration, SECOND } from "../../lib/clock.ts";
import { figure } from "../support/beside.ts";
import { post as beat } from "../support/herd.ts";
import { type Conduct, PostOffice } from "../support/post_office.ts";
import { Proven } from "../support/proven.ts";
import { until } from "../support/until.ts";
import { type FaultRow, type Found, meet, type Promises } from "./fault_row.ts";

/** How long the server takes before its greeting: as a tarpit does. */
const GREETING: Duration = 40 * SECOND;

/** How long it takes over a letter: longer than news waits for a letter to the same address. */
const FINAL_REPLY: Duration = 150 * SECOND;

/** How long one caller waits for another, the digest window, and what a busy machine adds. */
const SLACK: Duration = 8 * SECOND;

/** Until news goes beside a letter that is under way. */
const HELD_UP: Duration = 120 * SECOND;

const THREE = { ADMIN_EMAILS: "a@example.org,b@example.org,c@example.org" };

const LOGIN = { SMTP_USER: "stillalive@example.test", SMTP_PASSWORD: "an-app-password" };

const WAITING = "SELECT COUNT(*) FROM debts WHERE state = 'waiting'";

/** All of them, or those that take less than a minute. */
export function slowRows(isQuick: boolean): Promise<readonly FaultRow[]> {
  const quick = [
    meet("greeting after 40 s, three addresses", slowGreeting),
    meet("greeting after 40 s and a wrong password, three addresses", slowDenial),
  ];
  return Promise.all(
    isQuick ? quick : [...quick, meet("final reply after 150 s, and more news", slowReply)],
  );
}

async function slowGreeting(promises: Promises): Promise<Found> {
  await using post = new PostOffice();
  post.behave(slow("greeting", "220 post.test ESMTP", GREETING));
  await using program = await started(post, THREE);
  const began = performance.now();
  await beat(program.url, { app_id: 23, kind: "fail" });

  const told = until("all three", () => post.delivered.length >= 3, 2 * GREETING);
  await promises.come("all three told", told);
  const took = performance.now() - began;
  await settled(program);

  promises.expect("nobody waits for the others", took < GREETING + SLACK);
  expectOnce(promises, post, 3);
  return { outcome: `each told once, the last after ${seconds(took)}`, repairedAfter: null };
}

async function slowDenial(promises: Promises): Promise<Found> {
  await using post = new PostOffice();
  const greeted = slow("greeting", "220 post.test ESMTP", GREETING);
  let shown = 0;
  post.behave((cue, to) => {
    if (cue !== "AUTH") return greeted(cue, to);
    shown++;
    return "535 5.7.8 not you";
  });
  await using program = await started(post, { ...THREE, ...LOGIN });
  await beat(program.url, { app_id: 23, kind: "fail" });

  const limit = GREETING + SLACK;
  const isTold = () => program.lines.some((line) => /mail server failed.*535/.test(line));
  await promises.come("the refusal", until("the refusal", isTold, limit));
  // Who waits for it is greeted by now, too, and must not show it again. The start tries it as well.
  await new Promise((resolve) => setTimeout(resolve, SLACK));
  promises.expect("the password is shown once by all letters", shown <= 2);
  return {
    outcome: `password shown ${shown} times, by the start and a letter`,
    repairedAfter: null,
  };
}

async function slowReply(promises: Promises): Promise<Found> {
  await using post = new PostOffice();
  post.behave(slow("letter", "250 2.0.0 taken", FINAL_REPLY));
  await using program = await started(post, {});
  const began = performance.now();
  await beat(program.url, { app_id: 23, kind: "fail" });
  await until("the letter", () => post.letters.length === 1, SLACK);
  await beat(program.url, { app_id: 24, kind: "fail" });

  const second = until("the second letter", () => post.letters.length === 2, HELD_UP + SLACK);
  await promises.come("news by a second connection", second);
  const heldUp = performance.now() - began;
  await settled(program, HELD_UP + FINAL_REPLY + SLACK);
  const took = performance.now() - began;

  promises.expect("news waits for two minutes at most", heldUp < HELD_UP + SLACK);
  expectOnce(promises, post, 2);
  const outcome = `taken once after ${seconds(took)}; other news begun after ${seconds(heldUp)}`;
  return { outcome, repairedAfter: null };
}

async function started(
  post: PostOffice,
  settings: Readonly<Record<string, string>>,
): Promise<Proven> {
  const program = new Proven(post, settings);
  await program.start();
  return program;
}

/** Resolves once nothing is owed any more. */
async function settled(program: Proven, limit: Duration = SLACK): Promise<void> {
  await until("all of it to be settled", () => figure(program.database, WAITING) === 0, limit);
}

function expectOnce(promises: Promises, { letters }: PostOffice, expected: number): void {
  const copies = new Set(letters.map(({ messageId, to }) => messageId + to));
  promises.expect("each letter comes", copies.size === expected);
  promises.expect("none comes twice", letters.length === copies.size);
}

function slow(where: "greeting" | "letter", late: string, after: Duration): Conduct {
  return (cue) => cue === where ? { late, after } : null;
}

function seconds(span: Duration): string {
  return `${(span / SECOND).toFixed(1)} s`;
}
