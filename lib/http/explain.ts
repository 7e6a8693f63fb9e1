/**
 * Explanations over HTTP: how an app stands and why, and who will be told.
 *
 * @module
 */

import { durationText } from "../duration.ts";
import { explain } from "../explaining.ts";
import type { Explanation, Next, Why } from "../explanation.ts";
import { explanationText } from "../explanation_text.ts";
import type { Flapping } from "../known_app.ts";
import type { Language } from "../language.ts";
import type { Mute } from "../mute.ts";
import type { Mailer, Timing } from "../outbox.ts";
import type { RefusedHeartbeat } from "../refused.ts";
import type { Plan, Telling, Told } from "../telling.ts";
import { appIdOf, type AppParts, unknownApp } from "./apps.ts";
import { instantText } from "./pages.ts";
import type { Handler } from "./routes.ts";

/** What the route works with. */
export interface ExplainParts extends AppParts {
  readonly language: Language;
  /** An IANA name. */
  readonly timeZone: string;
  readonly timing: Timing;
  /** Null while mail is not set up. */
  readonly mailer: Mailer | null;
}

/** Explains an app. */
export function getExplain(parts: ExplainParts): Handler {
  const { store, access, mailer } = parts;
  return async (exchange) => {
    await access.permit(exchange.req.raw, "read");
    const id = appIdOf(exchange);
    const found = await explain(store, id, { ...parts, hasMail: mailer !== null });
    if (found === null) throw unknownApp(id);
    return exchange.json({ ...explanationJson(found), text: explanationText(found, parts) });
  };
}

function explanationJson(found: Explanation): object {
  const { app, status, why, mute, flapping, refused, next, telling } = found;
  return {
    app_id: app.id,
    status,
    last_heartbeat_at: instantText(app.lastHeartbeat?.at ?? null),
    why: whyJson(why),
    muted: muteJson(mute),
    flapping: flappingJson(flapping),
    refused: refusedJson(refused),
    next: nextJson(next),
    telling: tellingJson(telling),
  };
}

function whyJson(why: Why): object {
  const { rule } = why;
  switch (rule) {
    case "ignored":
    case "unheard":
      return { rule };
    case "paused":
      return { rule, since: instantText(why.since) };
    case "silence":
    case "fail": {
      const { since, acknowledgedAt } = why;
      return { rule, since: instantText(since), acknowledged_at: instantText(acknowledgedAt) };
    }
    case "heard":
    case "overdue":
    case "excused":
    case "put_off":
      return {
        rule,
        success_at: instantText(why.successAt),
        period: durationText(why.period),
        grace: durationText(why.grace),
        due_at: instantText(why.dueAt),
        deadline_at: instantText(why.deadlineAt),
        ...(rule === "excused" ? { excused_at: instantText(why.excusedAt) } : {}),
      };
  }
}

function nextJson(next: Next): object {
  const { kind } = next;
  switch (kind) {
    case "nothing":
      return { kind };
    case "alarm": {
      const { dueAt, unknownAt, at, mute } = next;
      return {
        kind,
        due_at: instantText(dueAt),
        unknown_told_at: instantText(unknownAt),
        at: instantText(at),
        muted: muteJson(mute),
      };
    }
    case "told_after_all":
      return { kind, muted: muteJson(next.mute) };
  }
}

function tellingJson(telling: Telling): object {
  const { kind } = telling;
  if (kind === "nobody") return { kind, because: telling.because };
  return { kind, addresses: telling.addresses.map(toldJson) };
}

function toldJson({ address, plan, refusal }: Told): object {
  return {
    to: address,
    ...planJson(plan),
    refused: refusal === null ? null : { since: instantText(refusal.since), reply: refusal.reply },
  };
}

function planJson(plan: Plan): object {
  const { kind } = plan;
  switch (kind) {
    case "mail":
      return { plan: kind, at: instantText(plan.at), held_by: plan.heldBy };
    case "sending":
      return { plan: kind };
    case "told": {
      const { at, reminderAt } = plan;
      return { plan: kind, at: instantText(at), reminder_at: instantText(reminderAt) };
    }
    case "muted":
      return { plan: kind, muted: muteJson(plan.mute), at: instantText(plan.at) };
    case "suppressed":
    case "failed":
      return { plan: kind, reason: plan.reason };
  }
}

function muteJson(mute: Mute | null): object | null {
  return mute === null ? null : { by: mute.reason, until: instantText(mute.until) };
}

function refusedJson(refused: RefusedHeartbeat | null): object | null {
  if (refused === null) return null;
  const { at, reason, address, times } = refused;
  return { at: instantText(at), reason, from: address, times };
}

function flappingJson(flapping: Flapping | null): object | null {
  if (flapping === null) return null;
  const { since, calmFrom } = flapping;
  return { since: instantText(since), calm_from: instantText(calmFrom) };
}
