/**
 * The page that acknowledges an incident. Every value goes through `html`,
 * which escapes it; nothing is loaded, and nothing runs.
 *
 * @module
 */

import { html } from "hono/html";
import type { App } from "../app.ts";
import { type Calendar, calendar } from "../calendar.ts";
import type { Duration, Instant } from "../clock.ts";
import { spokenDuration } from "../duration.ts";
import type { Language } from "../language.ts";
import { DARK, LIGHT, type Palette } from "../letter_look.ts";
import { excerpt, printable } from "../printable.ts";
import { NAME_LENGTH } from "../registry.ts";
import type { Incident } from "../store.ts";
import { ACKNOWLEDGE_WORDS, type AcknowledgeWords } from "./acknowledge_words.ts";

type Html = ReturnType<typeof html>;

/** How the page is written. */
export interface PageStyle {
  readonly language: Language;
  /** An IANA name. */
  readonly timeZone: string;
  readonly now: Instant;
  /** Lets the page's own style sheet through its policy. */
  readonly nonce: string;
}

/** A style, made ready for use. */
interface Voice {
  readonly words: AcknowledgeWords;
  readonly calendar: Calendar;
  readonly now: Instant;
  span(duration: Duration): string;
}

/** What the page shows. */
interface Card {
  readonly tone: "bad" | "good" | "calm";
  readonly app: App | null;
  /** Behind the app's name, if there is one. */
  readonly heading: string;
  readonly body: Html;
}

/** The page as a whole document; null for a link that opens nothing. */
export function acknowledgePage(incident: Incident | null, style: PageStyle): string {
  const { language, timeZone, now, nonce } = style;
  const speaker: Voice = {
    words: ACKNOWLEDGE_WORDS[language],
    calendar: calendar(language, timeZone, { now }),
    now,
    span: (duration) => spokenDuration(duration, language),
  };
  const { tone, app, heading, body } = card(incident, speaker);
  const name = app === null ? "" : nameOf(app);
  const document = html`
    <!DOCTYPE html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex,nofollow">
        <title>${`${name} ${heading}`.trim()}</title>
        <style nonce="${nonce}">${STYLESHEET}</style>
      </head>
      <body>
        <main class="${tone}">
          <h1>${app === null ? "" : html`
            <bdi>${name}</bdi>
          `}${heading}</h1>
          ${app === null || name === app.id ? "" : html`<p class="quiet">${printable(app.id)}</p>`}
          ${body}
        </main>
        ${app === null ? "" : html`
          <footer>${speaker.words.asOf(speaker.calendar.moment(now))}
            ${speaker.words.zone(speaker.calendar.zone)}</footer>
        `}
      </body>
    </html>
  `;
  // `html` answers with a promise only where a value is one; none is here.
  if (document instanceof Promise) throw new Error("Cannot write a page: a value is a promise");
  return document.toString().trim();
}

function card(incident: Incident | null, speaker: Voice): Card {
  const { words } = speaker;
  if (incident === null) {
    const body = html`<p>${words.unknownAdvice}</p>`;
    return { tone: "calm", app: null, heading: words.unknown, body };
  }
  return incident.endedAt === null
    ? openCard(incident, speaker)
    : overCard(incident, incident.endedAt, speaker);
}

function openCard({ app, since, acknowledgedAt }: Incident, speaker: Voice): Card {
  const { words, calendar, now, span } = speaker;
  const below = acknowledgedAt === null
    ? html`
      <form method="post"><button>${words.button}</button></form>
      <p class="quiet">${words.effect}</p>
    `
    : html`<p><b>${words.acknowledged(calendar.instant(acknowledgedAt))}</b></p>`;
  const body = html`<p>${words.since(calendar.instant(since), span(now - since))}</p>${below}`;
  return { tone: "bad", app, heading: words.isDown, body };
}

function overCard({ app, since }: Incident, endedAt: Instant, speaker: Voice): Card {
  const { words, calendar, span } = speaker;
  const times = [calendar.instant(since), calendar.instant(endedAt)] as const;
  const body = html`<p>${words.over(...times, span(endedAt - since))}</p>`;
  switch (app.state.kind) {
    case "up":
      return { tone: "good", app, heading: words.isUp, body };
    case "down":
      return { tone: "bad", app, heading: words.isDownAgain, body };
    case "new":
    case "paused":
      return { tone: "calm", app, heading: words.isNotJudged, body };
  }
}

function nameOf({ id, name }: App): string {
  return name === null || name.trim() === "" ? printable(id) : excerpt(name, NAME_LENGTH);
}

/** Without quotes and angle brackets: inside `style` an escape would be read as it stands. */
const STYLESHEET = [
  `:root{${variables(LIGHT)}}`,
  `@media (prefers-color-scheme:dark){:root{${variables(DARK)}}}`,
  "*{box-sizing:border-box}",
  "body{margin:0;padding:24px 12px;background:var(--page);color:var(--text);",
  "font:17px/1.5 -apple-system,BlinkMacSystemFont,system-ui,Roboto,Helvetica,Arial,sans-serif}",
  "@media (min-width:640px){body{padding-top:12vh}}",
  "main{max-width:480px;margin:0 auto;padding:24px 20px;background:var(--card);",
  "border-top:4px solid;overflow-wrap:anywhere}",
  "h1{margin:0;font-size:24px;line-height:1.25;font-weight:600}",
  "p{margin:12px 0 0;color:var(--text)}",
  ".quiet{color:var(--quiet);font-size:15px}",
  "h1+.quiet{margin-top:2px}",
  ".bad{border-color:var(--bad)}.bad h1{color:var(--bad)}",
  ".good{border-color:var(--good)}.good h1{color:var(--good)}",
  ".calm{border-color:var(--calm)}.calm h1{color:var(--calm)}",
  "form{margin:20px 0 0}",
  "button{width:100%;min-height:48px;padding:10px 16px;border:0;border-radius:6px;font:inherit;",
  "font-weight:600;color:var(--card);background:var(--text);cursor:pointer}",
  "button:focus-visible{outline:3px solid var(--quiet);outline-offset:2px}",
  "footer{max-width:480px;margin:12px auto 0;padding:0 20px;color:var(--quiet);font-size:14px}",
].join("");

function variables(palette: Palette): string {
  return Object.entries(palette).map(([part, colour]) => `--${part}:${colour}`).join(";");
}
