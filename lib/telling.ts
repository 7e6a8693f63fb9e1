/**
 * Who will be told of an app's fall, when at the earliest, and why not.
 *
 * @module
 */

import type { Duration, Instant } from "./clock.ts";
import type { ExplanationFacts, Next } from "./explanation.ts";
import { heldUntil } from "./flip.ts";
import type { Flapping, IncidentDebt, Refusal } from "./known_app.ts";
import type { Mute } from "./mute.ts";
import { firstTryAt, type LastLetter, type Outbox, type Queue, type Timing } from "./outbox.ts";

/** Whom a fall of the app is told. */
export type Telling =
  | { readonly kind: "nobody"; readonly because: Unheeded }
  | { readonly kind: "addresses"; readonly addresses: readonly Told[] };

/** Why nobody is told. */
export type Unheeded =
  | "ignored"
  | "paused"
  /** There is nothing to tell of before it was heard. */
  | "unheard"
  /** No address is set up. */
  | "no_address"
  /** No mail server is: what is owed waits. */
  | "no_mail";

/** One address, and how it learns of the fall. */
export interface Told {
  readonly address: string;
  readonly plan: Plan;
  /** The mail server refuses the address now: what is owed to it is tried again each hour. */
  readonly refusal: Omit<Refusal, "address"> | null;
}

/** How an address learns of a fall. */
export type Plan =
  /** By a letter, at the earliest then. */
  | { readonly kind: "mail"; readonly at: Instant; readonly heldBy: HeldBy }
  /** A letter is on its way this moment. */
  | { readonly kind: "sending" }
  /** It took a letter that said so. No reminder comes where it is null. */
  | { readonly kind: "told"; readonly at: Instant; readonly reminderAt: Instant | null }
  /** Not while this lasts; then by a letter, if the app is still down. */
  | { readonly kind: "muted"; readonly mute: Mute; readonly at: Instant }
  /** It is not told, for that reason. */
  | { readonly kind: "suppressed"; readonly reason: string }
  /** It could not be told for 3 days: the next letter that is taken says so. */
  | { readonly kind: "failed"; readonly reason: string };

/** What a letter waits for. */
export type HeldBy =
  /** For more news that is to go with it. */
  | "digest"
  /** For the mail interval after the last letter. */
  | "interval"
  /** For the hour of an app that is flapping. */
  | "flapping"
  /** For the next try after one that was not taken. */
  | "retry"
  /** For the mail server, which lets nobody in. */
  | "server";

/** Who will be told of what comes next, or has come. */
export function tellingOf(facts: ExplanationFacts, next: Next): Telling {
  const because = unheeded(facts);
  if (because !== null) return { kind: "nobody", because };
  const { known, outbox } = facts;
  const addresses = outbox.queues.map((queue): Told => {
    const { address } = queue;
    const refused = known.refusals.find((each) => each.address === address);
    const refusal = refused === undefined ? null : { since: refused.since, reply: refused.reply };
    return { address, plan: planOf(facts, queue, next), refusal };
  });
  return { kind: "addresses", addresses };
}

function unheeded({ known: { app }, outbox, hasMail }: ExplanationFacts): Unheeded | null {
  if (app.isIgnored) return "ignored";
  if (app.state.kind === "paused") return "paused";
  if (outbox.queues.length === 0) return "no_address";
  if (!hasMail) return "no_mail";
  return app.state.kind === "new" ? "unheard" : null;
}

function planOf(facts: ExplanationFacts, queue: Queue, next: Next): Plan {
  switch (next.kind) {
    case "alarm": {
      const { mute } = next;
      if (mute === null) return newsAt(facts, queue, Math.max(next.at, facts.now));
      return { kind: "muted", mute, at: newsAt(facts, queue, mute.until).at };
    }
    case "told_after_all": {
      const { mute } = next;
      return { kind: "muted", mute, at: newsAt(facts, queue, mute.until).at };
    }
    case "nothing":
      return debtPlan(facts, queue);
  }
}

/** What becomes of news of a fall that was made. */
function debtPlan({ known, outbox, timing, now }: ExplanationFacts, queue: Queue): Plan {
  const debts: readonly IncidentDebt[] = known.incident?.debts ?? [];
  const fate = debts.find(({ address }) => address === queue.address)?.fate;
  // It fell before the address was set up.
  if (fate === undefined) return { kind: "suppressed", reason: "unowed" };
  switch (fate.state) {
    case "owed": {
      const isHeld = known.flapping !== null && fate.from > now;
      return letterAt({ outbox, timing, queue }, fate.from, isHeld ? "flapping" : "digest");
    }
    case "trying":
      if (fate.nextTryAt === null) return { kind: "sending" };
      return afterServer(outbox, { kind: "mail", at: fate.nextTryAt, heldBy: "retry" });
    case "sent":
      return {
        kind: "told",
        at: fate.takenAt,
        reminderAt: fate.isReminded ? reminderAt(queue, timing.remindEvery) : null,
      };
    case "suppressed":
    case "failed":
      return { kind: fate.state, reason: fate.reason };
  }
}

function reminderAt({ occasions }: Queue, every: Duration | null): Instant | null {
  return every === null || occasions.remindedAt === null ? null : occasions.remindedAt + every;
}

type MailPlan = Extract<Plan, { readonly kind: "mail" }>;

/** When a fall that is noticed at `at` is told at the earliest. */
function newsAt({ known, outbox, timing }: ExplanationFacts, queue: Queue, at: Instant): MailPlan {
  const held = heldFrom(known.flapping, at);
  return letterAt({ outbox, timing, queue }, held ?? at, held === null ? "digest" : "flapping");
}

/** From when on the news of a flapping app is owed; null for at once. */
function heldFrom(flapping: Flapping | null, at: Instant): Instant | null {
  if (flapping === null || at >= flapping.calmFrom) return null;
  const from = heldUntil(flapping.since, at);
  return from > at ? from : null;
}

/** Where news of a fall goes. */
interface Way {
  readonly outbox: Outbox;
  readonly timing: Timing;
  readonly queue: Queue;
}

/** When news of a fall is tried that is owed from `from` on. */
function letterAt(
  { outbox, timing, queue }: Way,
  from: Instant,
  heldBy: "digest" | "flapping",
): MailPlan {
  const { messages } = queue;
  const { server } = outbox;
  // A message that can be written anew takes along what is owed by its next try.
  const open = messages.find((each) => !each.isFrozen && each.kind === "news");
  if (open !== undefined && open.nextTryAt >= from) {
    return afterServer(outbox, { kind: "mail", at: open.nextTryAt, heldBy: "retry" });
  }
  const owed = open === undefined ? queue.owed : null;
  const earlierAt = owed === null
    ? Infinity
    : Math.max(firstTryAt(owed, queue, timing), server.nextTryAt ?? 0);
  const isTaken = owed !== null && earlierAt < from;
  // What is owed before goes first, and this waits for the interval after it, unless it was held up.
  const letters = isTaken && server.failures === 0
    ? afterLetter(queue, { takenAt: earlierAt, isGoodNews: owed.firstDownAt === null })
    : queue;
  const all = isTaken || owed === null ? { firstAt: from, firstDownAt: from } : {
    firstAt: Math.min(owed.firstAt, from),
    firstDownAt: Math.min(owed.firstDownAt ?? from, from),
  };
  const at = firstTryAt(all, letters, timing);
  const isByInterval = at > all.firstAt + timing.digestWindow && at > from + timing.digestWindow;
  return afterServer(outbox, { kind: "mail", at, heldBy: isByInterval ? "interval" : heldBy });
}

/** What counts of the letters to an address once another one was taken. */
function afterLetter(
  { alarmsAt }: Queue,
  lastLetter: LastLetter,
): Pick<Queue, "lastLetter" | "alarmsAt"> {
  const { takenAt, isGoodNews } = lastLetter;
  return { lastLetter, alarmsAt: isGoodNews ? alarmsAt : [takenAt, ...alarmsAt] };
}

function afterServer({ server }: Outbox, plan: MailPlan): MailPlan {
  if (server.nextTryAt === null || server.nextTryAt <= plan.at) return plan;
  return { kind: "mail", at: server.nextTryAt, heldBy: "server" };
}
