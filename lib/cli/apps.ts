/**
 * The `apps` command: the registry, through the running service.
 *
 * @module
 */

import { AppError, type ErrorCode } from "../errors.ts";
import { printableLines } from "../printable.ts";
import type { AppsAction } from "./apps_arguments.ts";
import { appsTable, appText, type ShownApp } from "./apps_table.ts";
import type { Owner } from "./owner.ts";

/** How many apps are asked for at once: as many as the service gives. */
const PAGE = 1_000;

/** Does it, and returns what to print: text for people, or JSON. */
export async function manageApps(
  owner: Owner,
  action: AppsAction,
  { isJson }: { readonly isJson: boolean },
): Promise<string> {
  switch (action.kind) {
    case "list": {
      const apps = await listAll(owner, action.query);
      return isJson ? json({ apps }) : appsTable(apps);
    }
    case "show":
      return shown(await owner.ask("GET", pathOf(action.id)), isJson);
    case "set":
      return shown(await set(owner, action.id, action.settings), isJson);
    case "pause":
    case "resume":
    case "ack":
      return shown(await owner.ask("POST", `${pathOf(action.id)}/${action.kind}`), isJson);
    case "snooze": {
      const path = `${pathOf(action.id)}/snooze`;
      return shown(await owner.ask("POST", path, { for: action.length }), isJson);
    }
    case "forget":
      await owner.ask("DELETE", pathOf(action.id));
      return isJson ? JSON.stringify({ forgotten: action.id }) : `Forgotten: ${action.id}`;
  }
}

async function listAll(
  owner: Owner,
  query: Readonly<Record<string, string>>,
): Promise<readonly ShownApp[]> {
  const apps: ShownApp[] = [];
  for (let cursor: string | null = "";;) {
    const asked: URLSearchParams = new URLSearchParams({ ...query, limit: String(PAGE) });
    if (cursor !== "") asked.set("cursor", cursor);
    const page = await owner.ask("GET", `/api/apps?${asked}`) as {
      readonly apps: readonly ShownApp[];
      readonly next: string | null;
    };
    apps.push(...page.apps);
    cursor = page.next;
    if (cursor === null) return apps;
  }
}

/** Changes the app, or registers it if it is not there yet. */
async function set(
  owner: Owner,
  id: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const change = () => owner.ask("PATCH", pathOf(id), settings);
  // What somebody else registers at the same time is not replaced: all that they set would be gone.
  const register = () => owner.ask("PUT", pathOf(id), settings, { "If-None-Match": "*" });
  const otherwise = (code: ErrorCode, work: () => Promise<unknown>) => (error: unknown) => {
    if (error instanceof AppError && error.code === code) return work();
    throw error;
  };
  return await change().catch(otherwise("not_found", register)).catch(otherwise("stale", change));
}

function shown(app: unknown, isJson: boolean): string {
  return isJson ? json(app) : appText(app as ShownApp);
}

/** For programs, and yet fit for a terminal, where it may be looked at first. */
function json(value: unknown): string {
  return printableLines(JSON.stringify(value, null, 2));
}

function pathOf(id: string): string {
  return `/api/apps/${encodeURIComponent(id)}`;
}
