import assert from "node:assert/strict";
import type { Limits } from "../../lib/smtp/limits.ts";
import { type Act, DROP, type Script, scriptedServer, SILENCE } from "../support/smtp_script.ts";
import { MAIL, plainConfig, type Result, tryToSend } from "../support/smtp_try.ts";

const LOGIN = { user: "stillalive", password: "correct horse" };

type Outcome = Result["outcome"];

/** What a server does, what becomes of the try, the reason where it is the server's own words, and limits. */
type Row = readonly [string, Script, Outcome, (string | undefined)?, Partial<Limits>?];

const REPLIES: readonly Row[] = [
  ["greets with 421", { greeting: "421 4.3.2 full" }, "unreachable", "421 4.3.2 full"],
  ["greets with 554", { greeting: "554 5.7.1 not you" }, "unreachable", "554 5.7.1 not you"],
  ["answers EHLO with 421", { EHLO: "421 4.3.2 full" }, "unreachable", "421 4.3.2 full"],
  ["knows neither EHLO nor HELO", { EHLO: "502 no", HELO: "502 no" }, "unreachable", "502 no"],
  ["answers AUTH with 421", { AUTH: "421 4.7.0 later" }, "unreachable", "421 4.7.0 later"],
  ["answers AUTH with 454", { AUTH: "454 4.7.0 later" }, "unreachable", "454 4.7.0 later"],
  ["answers AUTH with 535", { AUTH: "535 5.7.8 wrong" }, "unreachable", "535 5.7.8 wrong"],
  ["answers MAIL with 421", { MAIL: "421 4.3.2 bye" }, "deferred", "421 4.3.2 bye"],
  ["answers MAIL with 451", { MAIL: "451 4.3.0 later" }, "deferred", "451 4.3.0 later"],
  ["answers MAIL with 550", { MAIL: "550 5.7.1 no" }, "rejected", "550 5.7.1 no"],
  ["answers MAIL with 553", { MAIL: "553 5.7.1 not owned" }, "rejected", "553 5.7.1 not owned"],
  ["answers RCPT with 421", { RCPT: "421 4.3.2 bye" }, "deferred", "421 4.3.2 bye"],
  ["answers RCPT with 450", { RCPT: "450 4.2.0 greylisted" }, "deferred", "450 4.2.0 greylisted"],
  ["answers RCPT with 452", { RCPT: "452 4.2.2 full" }, "deferred", "452 4.2.2 full"],
  ["answers RCPT with 550", { RCPT: "550 5.1.1 unknown" }, "refused", "550 5.1.1 unknown"],
  ["answers RCPT with 553", { RCPT: "553 5.1.3 bad name" }, "refused", "553 5.1.3 bad name"],
  ["answers RCPT with 530", { RCPT: "530 5.7.0 log in" }, "rejected", "530 5.7.0 log in"],
  ["does not like the sender's domain at RCPT", { RCPT: "550 5.1.8 domain" }, "rejected"],
  ["says at RCPT that policy forbids it", { RCPT: "554 5.7.1 relay denied" }, "rejected"],
  ["answers DATA with 421", { DATA: "421 4.3.2 bye" }, "deferred", "421 4.3.2 bye"],
  ["answers DATA with 451", { DATA: "451 4.3.0 later" }, "deferred", "451 4.3.0 later"],
  ["answers DATA with 554", { DATA: "554 5.5.1 no" }, "rejected", "554 5.5.1 no"],
  ["answers the letter with 250", { letter: "250 2.0.0 taken" }, "sent"],
  ["answers the letter with 421", { letter: "421 4.3.2 bye" }, "deferred", "421 4.3.2 bye"],
  ["answers the letter with 451", { letter: "451 4.3.0 later" }, "deferred", "451 4.3.0 later"],
  ["answers the letter with 452", { letter: "452 4.3.1 disk" }, "deferred", "452 4.3.1 disk"],
  ["answers the letter with 550", { letter: "550 5.7.1 no" }, "rejected", "550 5.7.1 no"],
  ["answers the letter with 554", { letter: "554 5.7.1 spam" }, "rejected", "554 5.7.1 spam"],
  [
    "answers in lines",
    { RCPT: "550-5.1.1 no\n550 5.1.1 such" },
    "refused",
    "550 5.1.1 no 5.1.1 such",
  ],
];

const NONSENSE: readonly Row[] = [
  ["greets with nonsense", { greeting: "HTTP/1.1 400 Bad Request" }, "unreachable"],
  ["answers EHLO with nonsense", { EHLO: "hm", HELO: "hm" }, "unreachable"],
  ["answers AUTH with nonsense", { AUTH: "hm" }, "unreachable"],
  ["answers MAIL with nonsense", { MAIL: "hm" }, "deferred"],
  ["answers RCPT with nonsense", { RCPT: "hm" }, "deferred"],
  ["answers DATA with nonsense", { DATA: "hm" }, "deferred"],
  ["answers the letter with nonsense", { letter: "hm" }, "unanswered"],
  ["answers the letter with half a yes", { letter: "25" }, "unanswered"],
  ["answers the letter with 2 and no code", { letter: "2fast" }, "unanswered"],
  ["answers the letter with 354", { letter: "354 go on" }, "unanswered"],
  ["answers the letter with a code of four digits", { letter: "5500 no" }, "unanswered"],
  [
    "says yes to a letter before its dot",
    { DATA: { first: "354 go", unasked: "250 ok" } },
    "deferred",
  ],
  [
    "says no to a letter before its dot",
    { DATA: { first: "354 go", unasked: "554 no" } },
    "rejected",
  ],
];

const DROPS: readonly Row[] = [
  ["hangs up when called", { greeting: DROP }, "unreachable"],
  ["hangs up at EHLO", { EHLO: DROP }, "unreachable"],
  ["hangs up at AUTH", { AUTH: DROP }, "unreachable"],
  ["hangs up at MAIL", { MAIL: DROP }, "deferred"],
  ["hangs up at RCPT", { RCPT: DROP }, "deferred"],
  ["hangs up at DATA", { DATA: DROP }, "deferred"],
  ["hangs up in the middle of a letter", { DATA: { last: "354 go ahead" } }, "deferred"],
  ["hangs up in the middle of a refusal of MAIL", { MAIL: { fragment: "550 5.7" } }, "deferred"],
  ["hangs up in the middle of a refusal of RCPT", { RCPT: { fragment: "550 5.1" } }, "deferred"],
  ["hangs up after the final dot", { letter: DROP }, "unanswered"],
  ["hangs up in the middle of a yes", { letter: { fragment: "250 2.0.0 ta" } }, "unanswered"],
  ["hangs up in the middle of a no", { letter: { fragment: "554 5.7.1 sp" } }, "unanswered"],
  ["hangs up in the middle of a later", { letter: { fragment: "451 4.3" } }, "unanswered"],
  ["hangs up in the middle of a bye", { letter: { fragment: "421 4.3.2 by" } }, "unanswered"],
  ["hangs up between two lines", { letter: { fragment: "554-5.7.1 no\r\n554" } }, "unanswered"],
];

/** In milliseconds: enough for a server on this machine to come to where it falls silent. */
const SOON = 300;

/** In a pipeline the reply to the next command is taken for the one that is left out. */
const COMMANDS: Partial<Limits> = { command: SOON, data: SOON };

const SILENCES: readonly Row[] = [
  ["never greets", { greeting: SILENCE }, "unreachable", undefined, { greeting: SOON }],
  ["is silent at EHLO", { EHLO: SILENCE }, "unreachable", undefined, { command: SOON }],
  ["is silent at AUTH", { AUTH: SILENCE }, "unreachable", undefined, { command: SOON }],
  ["is silent at MAIL", { MAIL: SILENCE }, "deferred", undefined, COMMANDS],
  ["is silent at RCPT", { RCPT: SILENCE }, "deferred", undefined, COMMANDS],
  ["is silent at DATA", { DATA: SILENCE }, "deferred", undefined, { data: SOON }],
  ["stops reading a letter", { DATA: { deaf: "354 go" } }, "deferred", undefined, { block: SOON }],
  ["is silent after the dot", { letter: SILENCE }, "unanswered", undefined, { finalReply: SOON }],
];

/** In milliseconds: what a server has for each reply, and more than half of it, so that none holds two. */
const [LIMIT, LATE] = [900, 500];

const EACH: Partial<Limits> = { greeting: LIMIT, command: LIMIT, data: LIMIT, finalReply: LIMIT };

/** How long the network holds some of a long letter back once all of it has been handed on. */
const READING = 10_000;

function late(reply: string): Act {
  return { late: reply, after: LATE };
}

const SLOW: readonly Row[] = [
  [
    "is slow at every point",
    {
      greeting: late("220 hi"),
      AUTH: late("235 2.7.0 welcome"),
      MAIL: late("250 ok"),
      RCPT: late("250 ok"),
      DATA: late("354 go"),
      letter: late("250 taken"),
    },
    "sent",
    undefined,
    EACH,
  ],
  [
    "reads a long letter slowly",
    { DATA: { drowsy: "354 go", bytes: 2_000_000, rest: LATE } },
    "sent",
    undefined,
    { block: LIMIT, finalReply: READING },
  ],
];

/** More than the network holds for a server that does not read it. */
const LONG_MAIL = { ...MAIL, text: `${"-".repeat(70)}\n`.repeat(150_000) };

const ONE_BY_ONE = "250-script.test\n250 AUTH PLAIN";
/** Everything up to DATA is sent at once, and the answers are read together. */
const IN_ONE_GO = "250-script.test\n250-PIPELINING\n250 AUTH PLAIN";

const TABLES: readonly (readonly [string, string, readonly Row[]])[] = [
  ["decides by the code of a reply", ONE_BY_ONE, REPLIES],
  ["decides by the code of a pipelined reply", IN_ONE_GO, REPLIES],
  ["takes nonsense for no answer", ONE_BY_ONE, NONSENSE],
  ["takes pipelined nonsense for no answer", IN_ONE_GO, NONSENSE],
  ["knows what a server that hangs up can have", ONE_BY_ONE, DROPS],
  ["knows what a server that hangs up on a pipeline can have", IN_ONE_GO, DROPS],
  ["knows what a silent server can have", ONE_BY_ONE, SILENCES],
  ["knows what a server that is silent in a pipeline can have", IN_ONE_GO, SILENCES],
  ["gives each reply its own time", ONE_BY_ONE, SLOW],
  ["gives each reply in a pipeline its own time", IN_ONE_GO, SLOW],
];

for (const [what, hello, rows] of TABLES) {
  Deno.test(`the mailer ${what}`, async (t) => {
    for (const [does, script, outcome, reason, limits = {}] of rows) {
      await t.step(`a server that ${does}: ${outcome}`, async () => {
        await using server = scriptedServer({ EHLO: hello, ...script });
        const isLong = typeof script.DATA === "object" && !("late" in script.DATA);
        const mail = isLong ? LONG_MAIL : MAIL;
        const config = plainConfig(server.port, { login: LOGIN });

        const result = await tryToSend(config, { mail, limits });

        assert.equal(result.outcome, outcome, JSON.stringify(result));
        if (reason !== undefined) assert.equal("reason" in result && result.reason, reason);
      });
    }
  });
}
