/**
 * What is wrong with the service itself: with its storage, its door, and its mail.
 *
 * @module
 */

import { capacity } from "../capacity.ts";
import type { Clock, Instant } from "../clock.ts";
import { isMailLate } from "../health.ts";
import { hintText } from "../hint.ts";
import type { Language } from "../language.ts";
import type { MailSetup } from "../mail_setup.ts";
import type { Timing } from "../outbox.ts";
import { printable } from "../printable.ts";
import type { Health, Store } from "../store.ts";
import type { Alarm } from "./document.tsx";
import type { Speech } from "./speech.ts";
import { TROUBLE_WORDS } from "./trouble_words.ts";

/** Addresses that are named: who has more of them that fail sees the rest when these are mended. */
const ADDRESSES_LIMIT = 10;

/** What it is read from. */
export interface TroubleParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly mail: MailSetup;
  readonly trustedProxies: readonly string[];
  readonly sender: {
    /** The address of a proxy that is not trusted, if there was one. */
    readonly strangeProxy: string | null;
  };
}

/** All there is, the worst first. */
export async function troubles(parts: TroubleParts, speech: Speech): Promise<readonly Alarm[]> {
  const health = await parts.store.health();
  return [
    ...ofStorage(health, speech),
    ...ofDoor(health, speech),
    ...ofCapacity(health, speech),
    ...await ofMail(parts, health, speech),
    ...ofAddresses(parts, health, speech),
    ...ofProxy(parts, speech),
  ];
}

function ofStorage({ failure, loss }: Health, { language, calendar }: Speech): readonly Alarm[] {
  const words = TROUBLE_WORDS[language];
  const rest = { to: null, test: null };
  if (loss !== null) {
    return [{ text: words.lost(loss.what), quote: null, advice: null, ...rest }];
  }
  if (failure === null) return [];
  const text = words.unstored(calendar.instant(failure.since));
  return [{ text, quote: printable(failure.reason), advice: words.unstoredAdvice, ...rest }];
}

function ofCapacity({ occupancy }: Health, { language }: Speech): readonly Alarm[] {
  if (capacity(occupancy, "ample") === "ample") return [];
  const words = TROUBLE_WORDS[language];
  const text = words.capacity(occupancy);
  return [{ text, quote: null, advice: words.capacityAdvice, to: null, test: null }];
}

/** Whoever reads it has a connection from before. */
function ofDoor({ shutSince }: Health, { language, calendar }: Speech): readonly Alarm[] {
  if (shutSince === null) return [];
  const text = TROUBLE_WORDS[language].shut(calendar.instant(shutSince));
  return [{ text, quote: null, advice: null, to: null, test: null }];
}

async function ofMail(
  { store, clock, timing: { mailInterval }, mail }: TroubleParts,
  health: Health,
  { language, calendar }: Speech,
): Promise<readonly Alarm[]> {
  const words = TROUBLE_WORDS[language];
  const to = { path: "/outbox", label: words.toOutbox };
  if (mail.kind === "missing") {
    const advice = words.setUp(mail.settings);
    return [{ text: words.notSetUp, quote: null, advice, to, test: null }];
  }
  const { trouble } = mail.mailer;
  if (trouble !== null) {
    const next = await nextTryAt(store);
    const since = words.unreachable(calendar.instant(trouble.since));
    const text = next === null ? since : `${since} ${words.nextTry(calendar.instant(next))}`;
    return [{ text, ...said(trouble.reason, mail, language), to, test: words.test }];
  }
  const { waitingSince } = health;
  if (waitingSince === null || !isMailLate(health, { now: clock.now(), mailInterval })) return [];
  const { messages: [letter] } = await store.messages({ limit: 1, state: "waiting", before: null });
  const text = words.late(calendar.instant(waitingSince));
  return [{ text, ...said(letter?.reply ?? null, mail, language), to, test: words.test }];
}

function ofAddresses(
  { mail }: TroubleParts,
  { failedAddresses }: Health,
  { language, calendar }: Speech,
): readonly Alarm[] {
  // Without mail nobody can be told, wherever: that is said already.
  if (mail.kind === "missing") return [];
  const words = TROUBLE_WORDS[language];
  return failedAddresses.slice(0, ADDRESSES_LIMIT).map(({ address, since, reason }) => {
    const { quote, advice } = said(reason, mail, language);
    return {
      text: words.refused(printable(address), calendar.instant(since)),
      quote,
      advice: advice ?? words.refusedAdvice,
      to: { path: "/outbox", label: words.toOutbox },
      test: words.test,
    };
  });
}

function ofProxy(
  { sender: { strangeProxy }, trustedProxies }: TroubleParts,
  { language }: Speech,
): readonly Alarm[] {
  if (strangeProxy === null) return [];
  const words = TROUBLE_WORDS[language];
  const text = words.strangeProxy(strangeProxy);
  const advice = words.trustProxy([...trustedProxies, strangeProxy].join(","));
  return [{ text, quote: null, advice, to: null, test: null }];
}

/** The server's words, and what to do about them. */
function said(
  reason: string | null,
  { mailer }: MailSetup & { kind: "ready" },
  language: Language,
): Pick<Alarm, "quote" | "advice"> {
  if (reason === null) return { quote: null, advice: null };
  const hint = mailer.hint(reason);
  return {
    quote: printable(reason),
    advice: hint === null ? null : hintText(hint, language),
  };
}

/** When the server is asked again; null unless something waits for it. */
async function nextTryAt(store: Store): Promise<Instant | null> {
  return (await store.outbox()).server.nextTryAt;
}
