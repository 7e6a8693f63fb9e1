/**
 * Maintenance windows as the contract shows them: what is shown can be sent to
 * make another like it.
 *
 * @module
 */

import { durationText } from "./duration.ts";
import type { MaintenanceWindow, Recurrence, WindowScope } from "./maintenance.ts";
import { timeOfDayText } from "./time_forms.ts";

/** A window in JSON. */
export function windowJson({ id, scope, recurrence, length, note }: MaintenanceWindow): object {
  return {
    id,
    ...scopeJson(scope),
    ...recurrenceJson(recurrence),
    for: durationText(length),
    time_zone: recurrence.kind === "once" ? null : recurrence.timeZone,
    note,
  };
}

function scopeJson(scope: WindowScope): object {
  switch (scope.kind) {
    case "app":
      return { app_id: scope.appId };
    case "tag":
      return { tag: scope.tag };
    case "all":
      return { all: true };
  }
}

function recurrenceJson(recurrence: Recurrence): object {
  switch (recurrence.kind) {
    case "once":
      return { at: new Date(recurrence.at).toISOString() };
    case "daily":
      return { daily: timeOfDayText(recurrence.timeOfDay) };
    case "weekly":
      return { weekly: `${recurrence.weekday} ${timeOfDayText(recurrence.timeOfDay)}` };
  }
}
