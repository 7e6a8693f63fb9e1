/**
 * What a start says to whoever sits at the terminal.
 *
 * @module
 */

import type { Config } from "../config.ts";
import { enumeration } from "../language.ts";
import { missingForMail } from "../mail_setup.ts";
import { printable } from "../printable.ts";

/** What there is to say of a start. */
export interface Start {
  readonly version: string;
  readonly config: Config;
  /** Where it can be reached from this machine. */
  readonly url: string;
  /** Whether the database was made by this start. */
  readonly isNew: boolean;
  /** The admin token, if this start made one. */
  readonly madeToken: string | null;
  /** Lets in to the pages once; null where nobody needs to be shown the way. */
  readonly code: string | null;
}

/** A heartbeat to try, as a command line. */
export function curlLine(url: string, hasToken: boolean): string {
  const token = hasToken ? ` -H 'authorization: Bearer …'` : "";
  return `curl -X POST ${url}/api/apps/ -H 'content-type: application/json'${token} ` +
    `-d '{"app_id":23,"message":"OK:200"}'`;
}

/** The greeting, whole lines. Token and code are in it: it is for a terminal only. */
export function greeting({ version, config, url, isNew, madeToken, code }: Start): string {
  const rows: (readonly [string, string])[] = [
    ["listening", `${url}  (HOST ${config.host})`],
    ["database", `${printable(config.database)}${isNew ? "  (new)" : ""}`],
    ["mail", mailText(config)],
  ];
  if (madeToken !== null) rows.push(["admin token", `${madeToken}  (shown only now: keep it)`]);
  if (code !== null) {
    const link = `${config.baseUrl ?? url}/login?code=${code}`;
    rows.push(["log in", `${link}  (once, within 10 minutes)`]);
  }
  return [
    `stillalive ${version}`,
    ...rows.map(([name, value]) => `  ${name.padEnd(11)}  ${value}`),
    "",
    "Send a heartbeat:",
    `  ${curlLine(url, config.heartbeatToken !== null)}`,
    ...warnings(config).map((warning) => `\nWarning: ${warning}`),
    "",
  ].join("\n");
}

/** Where mail goes, in words, or what is missing. */
export function mailText({ smtp, adminEmails }: Config): string {
  if (smtp !== null && adminEmails.length > 0) {
    return printable(`${adminEmails.join(", ")} by ${smtp.host}:${smtp.port}, from ${smtp.from}`);
  }
  const missing = enumeration("en", missingForMail({ smtp, adminEmails }));
  return `not set up: nobody is told of anything until you set ${missing}`;
}

/** What the admin should know to be careful of. */
export function warnings({ host, heartbeatToken, baseUrl }: Config): readonly string[] {
  const isOpen = heartbeatToken === null && !["127.0.0.1", "::1", "localhost"].includes(host);
  const path = baseUrl === null ? "/" : new URL(baseUrl).pathname;
  return [
    ...(isOpen
      ? [
        `everyone who reaches ${host} can send heartbeats in any app's name; ` +
        "set HEARTBEAT_TOKEN, or HOST=127.0.0.1",
      ]
      : []),
    ...(path === "/" ? [] : [
      `BASE_URL has the path ${path}: if your proxy takes it off, heartbeats, the API and the ` +
      "links that acknowledge work there; the pages need a host name or a port of their own",
    ]),
  ];
}
