/**
 * Backtests over HTTP: which alarms another period and grace would have made.
 *
 * @module
 */

import type { Defaults } from "../app.ts";
import type { BacktestAlarm, Verdict } from "../backtest.ts";
import { backtestText } from "../backtest_words.ts";
import type { Backtests } from "../backtests.ts";
import type { Duration } from "../clock.ts";
import { durationText } from "../duration.ts";
import { AppError, type Detail } from "../errors.ts";
import { FieldReader, ofForm } from "../fields.ts";
import { span } from "../forms.ts";
import type { Language } from "../language.ts";
import { LONGEST, SHORTEST } from "../registry.ts";
import { appIdOf, type AppParts, unknownApp } from "./apps.ts";
import { instantText } from "./pages.ts";
import type { Handler } from "./routes.ts";

/** What the route works with. */
export interface BacktestParts extends AppParts {
  readonly language: Language;
  readonly backtests: Backtests;
}

/** Tells what the app's history says of a period and a grace. */
export function getBacktest({ access, backtests, language }: BacktestParts): Handler {
  return async (exchange) => {
    await access.permit(exchange.req.raw, "read");
    const id = appIdOf(exchange);
    const asked = readSettings(exchange.req.query());
    const found = await backtests.run(id, asked);
    if (found === null) throw unknownApp(id);
    return exchange.json({
      from: instantText(found.from),
      to: instantText(found.to),
      silences: found.silences,
      thinned_until: instantText(found.thinnedUntil),
      current: verdictJson(found.current),
      asked: verdictJson(found.asked),
      proposal: found.proposal === null ? null : verdictJson(found.proposal),
      text: backtestText(found, language),
    });
  };
}

/** The settings that a query names. */
function readSettings(query: Readonly<Record<string, string>>): Partial<Defaults> {
  const reader = new FieldReader(query);
  const form = ofForm<Duration>(span(SHORTEST, LONGEST));
  const asked = { ...reader.read("period", form), ...reader.read("grace", form) };
  const { details } = reader;
  if (details.length > 0) throw invalid(details);
  return asked;
}

function invalid(details: readonly Detail[]): AppError {
  return new AppError("invalid", `Cannot backtest app: ${details[0]?.message}`, { details });
}

function verdictJson(verdict: Verdict): object {
  const { period, grace, alarms, underMinute, underTenMinutes, uncertain, latest } = verdict;
  return {
    period: durationText(period),
    grace: durationText(grace),
    alarm_after: durationText(period + grace),
    alarms,
    under_a_minute: underMinute,
    under_ten_minutes: underTenMinutes,
    uncertain,
    latest: latest.map(alarmJson),
  };
}

function alarmJson({ since, at, endedAt }: BacktestAlarm): object {
  return {
    silent_since: instantText(since),
    at: instantText(at),
    ended_at: instantText(endedAt),
  };
}
