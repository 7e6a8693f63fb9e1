/** What the pages say in English. */

import { GAP_CAUSES } from "../gap_words.ts";
import { counted, numeral } from "../language.ts";
import { APP_WORDS } from "./app_words.ts";
import type { Words } from "./words.ts";

const apps = (count: number) => counted("en", count, { one: "app", other: "apps" });

export const ENGLISH: Words = {
  status: {
    up: "up",
    late: "late",
    down: "down",
    unknown: "unknown",
    new: "new",
    paused: "paused",
    ignored: "ignored",
  },
  standing: {
    up: "up",
    down: "down",
    unknown: "unknown",
    new: "not judged",
    paused: "paused",
  },
  gapCause: GAP_CAUSES.en,

  frame: {
    overview: "Apps",
    outbox: "Outbox",
    gaps: "Gaps",
    maintenance: "Maintenance",
    settings: "Settings",
    logOut: "Log out",
    pages: "Pages",
    skip: "To the content",
    zone: (name) => `Times are in ${name}`,
  },

  login: {
    title: "Log in",
    token: "Admin token",
    hint: "It was shown at the first start, or is what ADMIN_TOKEN says. " +
      "`stillalive token` makes a new one.",
    button: "Log in",
    codeHint: "The link that you opened lets you in.",
    refused: "This opens nothing: the token is not the right one, or the link is too old.",
    wait: (span) =>
      "This opens nothing either: too many wrong tokens have come from your address. " +
      `Wait ${span} before you guess on; the right one lets you in at any time.`,
  },

  overview: {
    empty: "No app yet",
    welcome: "Send the first heartbeat from wherever your app runs. " +
      "It registers itself, and from then on its silence is told by mail.",
    waiting: "This page shows it as soon as it has arrived.",
    allWell: (count) => count === 1 ? "The one app is well" : `All ${apps(count)} are well`,
    watchedWell: (count) =>
      count === 1
        ? "The one app that is watched is well"
        : `All ${apps(count)} that are watched are well`,
    late: (all, { late, well }) =>
      well === 1 ? "The one app that is watched is late" : `${all}, ${late} of them late`,
    down: (count, span) =>
      count === 1
        ? `1 app is down, for ${span}`
        : `${apps(count)} are down, the longest for ${span}`,
    unknownToo: (count) => count === 1 ? "1 is unknown" : `${numeral("en", count)} are unknown`,
    unknown: (count, well) =>
      `${apps(count)} ${count === 1 ? "is" : "are"} unknown` +
      (well === 0 ? "" : well === 1 ? "; 1 is well" : `; ${numeral("en", well)} are well`),
    unwatched: "No app is watched now",
    nothingFound: "No app is like that.",
    search: "Search",
    searchHint: "Name or app_id",
    anyStatus: "Any status",
    statusFilter: "Status",
    tagFilter: "Tag",
    find: "Find",
    clear: "Show all",
    app: "App",
    lastHeartbeat: "Last heartbeat",
    lastDay: "Last 24 hours",
    uptime: "30 days",
    shares: "Percentages: uptime in the last 30 days, of the time in which we could know.",
    never: "never",
    marks: {
      snoozed: (until) => `snoozed until ${until}`,
      maintenance: (until) => `in maintenance until ${until}`,
      acknowledged: "acknowledged",
    },
    more: "More",
    first: "To the first",
    ago: (span) => `${span} ago`,
    strip: (parts) => `Last 24 hours: ${parts.join(", ")}`,
  },

  app: APP_WORDS.en,

  statusPage: {
    none: "There is nothing to show",
    well: "All is well",
    watchedWell: "All that is watched is well",
    shownWell: "All that is shown here is well",
    down: (count) => `${apps(count)} ${count === 1 ? "is" : "are"} down`,
    cut: (count) => `Only the first ${numeral("en", count)} are shown.`,
  },

  fault: {
    notFound: {
      title: "There is no such page",
      advice: "The address may be mistyped, or what was here was forgotten.",
    },
    forbidden: {
      title: "This is not for you to do",
      advice: "Log in with the admin token, go back to the page and try again.",
    },
    otherHost: (page, asked) => ({
      title: "This form came from another host",
      advice:
        `Your browser sent it from a page of “${page}”, and it arrived here for “${asked}”. ` +
        "If a proxy of yours stands between, have it pass the host on (nginx: proxy_set_header " +
        "Host $http_host), or set BASE_URL to what your browser's address bar shows, and start " +
        "again. Nothing was changed.",
    }),
    unavailable: {
      title: "This cannot be done just now",
      advice: "Nothing was changed. Try again in a moment.",
    },
    refused: { title: "This cannot be done", advice: "Go back and look at what was typed." },
    internal: { title: "Internal error", advice: "What went wrong stands in the log." },
    back: "To the apps",
  },
};
