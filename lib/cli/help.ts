/**
 * What `--help` says.
 *
 * @module
 */

import { fileKey, flag, SETTING_NAMES, type SettingName, SETTINGS } from "../settings.ts";
import { COMMAND_NAMES, type CommandName } from "./arguments.ts";

/** What is to be said of one command. */
interface CommandHelp {
  /** What follows the program's name. */
  readonly usage: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** Whole lines, for the command's own help. */
  readonly details: readonly string[];
  /** Its own options, each with what it does. */
  readonly options?: readonly (readonly [string, string])[];
  readonly example: string;
}

const COMMANDS: Readonly<Record<CommandName, CommandHelp>> = {
  serve: {
    usage: "[serve] [--SETTING VALUE]...",
    summary: "take heartbeats and mail alarms, until stopped; the command when none is named",
    details: [
      "Makes the database when it is missing, and says where it listens, whether mail is",
      "set up, and how to send a first heartbeat. Ctrl-C or SIGTERM stops it: what was",
      "answered is on disk, and what waits to be mailed goes on waiting.",
    ],
    example: "stillalive serve --port 8080 --period 5m",
  },
  check: {
    usage: "check [--SETTING VALUE]...",
    summary: "look for silent apps and mail what is due, now and once",
    details: [
      "Where stillalive is serving from the same database, it is asked to do so; otherwise",
      "it is done here.",
    ],
    example: "stillalive check --database /var/lib/stillalive/stillalive.db",
  },
  import: {
    usage: "import FILE [--watch] [--SETTING VALUE]...",
    summary: "bring the history of the original system over, from its db.sqlite",
    details: [
      "FILE is left untouched. May be stopped and repeated at any moment: nothing comes twice.",
      "Its apps are registered as new: they are judged from their first heartbeat here on.",
      "Rows that cannot be are counted and listed. Stop the service first: it owns the database.",
    ],
    options: [["--watch", "have the apps that are new judged from now on"]],
    example: "stillalive import db.sqlite",
  },
  "mail-test": {
    usage: "mail-test [ADDRESS] [--alarm] [--SETTING VALUE]...",
    summary: "send a letter, and say what became of it",
    details: [
      "Mails to ADDRESS, or to everyone in ADMIN_EMAILS. What the mail server refuses is",
      "told with what to do about it.",
    ],
    options: [["--alarm", "send an alarm as it would look, about an app that does not exist"]],
    example: "stillalive mail-test admin@example.com --alarm",
  },
  apps: {
    usage: "apps [show|set|ack|snooze|pause|resume|forget ID] [OPTION]... [--SETTING VALUE]...",
    summary: "show and change the apps, through the running service",
    details: [
      "Without more, lists all apps. set registers an app that is not there yet; an empty value,",
      'or "default" for a duration, takes back what was set. ack ends the reminders that an app',
      "is still down. snooze wants no alarm of it for a while: what is silent then alarms at the",
      "end. pause stops judging it, resume has it judged again from its next heartbeat on, forget",
      "erases it with all its history.",
    ],
    options: [
      ["--json", "print JSON, for programs"],
      ["--status S, --tag T, --q TEXT", "list only apps of that status, tag, or part of a name"],
      ["--name N, --note N", "what to call an app, and what to remember of it"],
      ["--tags A,B", "its tags"],
      ["--period 5m, --grace 1m", "its own, instead of PERIOD and GRACE"],
      ["--for 20m, --end", "how long to snooze, and to end a snooze now"],
      ["--yes", "forget without being asked once more"],
    ],
    example: "stillalive apps set billing --period 5m --name 'Billing, nightly run'",
  },
  backup: {
    usage: "backup FILE [--SETTING VALUE]...",
    summary: "copy the database to a file that is not there yet, also while it serves",
    details: [
      "The copy is opened again and checked before it gets its name. To restore it, stop the",
      "service and put the copy in the place of the database.",
    ],
    example: "stillalive backup /var/backups/stillalive-monday.db",
  },
  verify: {
    usage: "verify [--SETTING VALUE]...",
    summary: "check the database against the rules, also while it serves",
    details: [
      "Whether the file is whole, its schema is ours, each app is where its history led, and every",
      "piece of news is accounted for. Prints what is wrong, and ends with 1 if anything is.",
    ],
    example: "stillalive verify --database /var/lib/stillalive/stillalive.db",
  },
  config: {
    usage: "config [--SETTING VALUE]...",
    summary: "show each setting, its value and where it came from",
    details: ["Secrets are masked. No database is opened, and nothing is sent."],
    example: "stillalive config --log-format json",
  },
  token: {
    usage: "token [--links] [--SETTING VALUE]...",
    summary: "make a new admin token, and show it once",
    details: [
      "The old one opens nothing any more, and whoever logged in by it is logged out. Where",
      "ADMIN_TOKEN is set, that one counts and there is none to make. The links in letters and",
      "the addresses of badges need no token, so they go on working. --links makes them anew:",
      "those in letters sent so far open nothing then, and badges' addresses are to be copied",
      "again from the apps' pages. A service that runs takes both up at once.",
    ],
    options: [["--links", "make the links in letters and the addresses of badges anew as well"]],
    example: "stillalive token",
  },
  version: {
    usage: "version",
    summary: "say which version this is",
    details: [],
    example: "stillalive --version",
  },
};

const EXIT_CODES = [
  "Exit codes",
  "  0   done",
  "  1   failed",
  "  2   wrong usage",
];

const SECRETS = SETTING_NAMES.filter((name) => SETTINGS[name].isSecret);

/** The help on one command, or on the whole program; without a line break at its end. */
export function helpText(command: CommandName | null): string {
  const lines = command === null ? programHelp() : commandHelp(command);
  return lines.join("\n");
}

function programHelp(): readonly string[] {
  return [
    "stillalive: apps send heartbeats; when one falls silent, the admin gets a mail",
    "",
    "Usage: stillalive [COMMAND] [--SETTING VALUE]...",
    "",
    "Commands",
    ...columns(COMMAND_NAMES.map((name) => [name, COMMANDS[name].summary])),
    "",
    "stillalive COMMAND --help says more.",
    "",
    "Settings",
    "  Read from .env in the working folder, then the environment, then flags: the last one counts.",
    "  The flag for SMTP_HOST is --smtp-host. Durations are written like 90s, 5m, 2h, 1d or 1w.",
    ...columns(SETTING_NAMES.map((name) => [flag(name), settingLine(name)])),
    "",
    "Secrets",
    "  Anyone on the machine sees a flag in the list of processes. So rather have a secret in a file,",
    "  and name that file: --admin-token-file PATH, or ADMIN_TOKEN_FILE=PATH in the environment.",
    ...columns(SECRETS.map((name) => [flag(fileKey(name)), `a file that holds ${name}`])),
    "",
    ...EXIT_CODES,
  ];
}

function commandHelp(name: CommandName): readonly string[] {
  const { usage, summary, details, options = [], example } = COMMANDS[name];
  return [
    `stillalive ${name}: ${summary}`,
    "",
    `Usage: stillalive ${usage}`,
    ...(details.length > 0 ? ["", ...details] : []),
    "",
    "Options",
    ...columns([...options, ["-h, --help", "say this"]]),
    "  Every setting is an option too: stillalive --help lists them.",
    "",
    ...EXIT_CODES,
    "",
    "Example",
    `  ${example}`,
  ];
}

/** What a setting means, and what it is when nobody sets it. */
function settingLine(name: SettingName): string {
  const { meaning, fallback } = SETTINGS[name];
  const parts = [meaning];
  if (fallback !== null) parts.push(`(default ${fallback})`);
  return parts.join(" ");
}

/** Rows of two, the second ones below each other. */
function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `  ${first.padEnd(width)}   ${second}`);
}
