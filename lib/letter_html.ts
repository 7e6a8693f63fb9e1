/**
 * Letters as HTML that mail programs show: tables, styles on the elements,
 * nothing from outside. Every value goes through `html`, which escapes it.
 *
 * @module
 */

import { html } from "hono/html";
import type { Language } from "./language.ts";
import type { Entry } from "./letter_entry.ts";
import { unlinked } from "./letter_links.ts";
import { headStyle, STYLES, STYLESHEET, STYLESHEET_FOR_WORD } from "./letter_look.ts";
import type { Footer, Outline, Section } from "./letter_outline.ts";

type Html = ReturnType<typeof html>;

/** The outline as a whole HTML document. */
export function htmlText(
  outline: Outline,
  { subject, language }: { readonly subject: string; readonly language: Language },
): string {
  const document = html`
    <!DOCTYPE html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="supported-color-schemes" content="light dark">
        <meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
        <title>${subject}</title>
        <style>${STYLESHEET}</style>
        <!--[if mso]><style>${STYLESHEET_FOR_WORD}</style><![endif]-->
      </head>
      <body class="page" style="${STYLES.page}">
        <div style="${STYLES.preheader}">${unlinked(preheader(outline))}</div>
        <table role="presentation" class="page" width="100%" style="${STYLES.page}">
          <tr>
            <td align="center" style="${STYLES.edge}">${column(outline)}</td>
          </tr>
        </table>
      </body>
    </html>
  `;
  return settled(document).trimStart();
}

/** What a mail program shows beside the subject: the worst, then what else there is. */
function preheader({ sections }: Outline): string {
  const [first, ...others] = sections;
  if (first === undefined) return "";
  const worst = first.entries[0];
  const start = worst === undefined
    ? first.sentences[0] ?? first.heading
    : `${worst.title}: ${worst.fact}`;
  return [start, ...others.map((each) => each.heading)].join(" · ");
}

function column({ sections, notes, footer }: Outline): Html {
  const rows = [...sections.map(sectionHtml), ...notes.map(sentenceHtml)];
  return html`
    <table role="presentation" width="100%" cellspacing="0" style="${STYLES.column}">
      ${rows} ${footerHtml(footer)}
    </table>
  `;
}

function sentenceHtml(text: string): Html {
  return html`
    <tr>
      <td class="text" style="${STYLES.sentence}">${text}</td>
    </tr>
  `;
}

function footerHtml({ zone, sender, home }: Footer): Html {
  const from = home === null ? sender : html`${sender}: ${anchor(home, home)}`;
  return html`
    <tr>
      <td class="quiet" style="${STYLES.footer}">${zone}<br>${from}</td>
    </tr>
  `;
}

/** A card. */
function sectionHtml({ tone, heading, sentences, isCompact, entries, more }: Section): Html {
  const said = sentences.map((each, index) => index === 0 ? html`${each}` : html`<br><br>${each}`);
  const rows = [
    ...(said.length === 0 ? [] : [html`${said}`]),
    ...entries.map(isCompact ? compactHtml : entryHtml),
    ...(more === null ? [] : [html`${more}`]),
  ].map(rowHtml);
  return html`
    <tr>
      <td style="${STYLES.gap}">
        <table role="presentation" class="card" width="100%" cellspacing="0" style="${STYLES.card}">
          <tr>
            <td class="${tone}" style="${headStyle(tone)}">
              <h2 style="${STYLES.title}">${heading}</h2>
            </td>
          </tr>
          ${rows}
        </table>
      </td>
    </tr>
  `;
}

function rowHtml(content: Html): Html {
  return html`
    <tr>
      <td class="rule text" style="${STYLES.row}">${content}</td>
    </tr>
  `;
}

function compactHtml(entry: Entry): Html {
  const { fact, action } = entry;
  return html`${titleHtml(entry)} ${quiet(fact)}${actionHtml(action)}`;
}

function entryHtml(entry: Entry): Html {
  const { fact, message, asides, action } = entry;
  const said = message === null
    ? []
    : [html`${quiet(`${message.label}:`)} <bdi>${unlinked(message.text)}</bdi>`];
  const lines = [fact, ...said, ...asides.map((each) => quiet(each))];
  return html`${titleHtml(entry)}${lines.map((line) => html`<br>${line}`)}${actionHtml(action)}`;
}

function actionHtml(action: Entry["action"]): Html | string {
  return action === null ? "" : html`<br>${anchor(action.link, action.label)}`;
}

/** A name written from right to left is kept apart, or it would turn round what stands beside it. */
function titleHtml({ title, id, link }: Entry): Html {
  const name = (text: string | Html) => html`<b><bdi>${text}</bdi></b>`;
  const linked = link === null ? name(unlinked(title)) : anchor(link, name(title));
  return id === null ? linked : html`${linked} ${quiet(unlinked(id))}`;
}

function anchor(link: string, content: string | Html): Html {
  return html`<a class="link" href="${link}" style="${STYLES.link}">${content}</a>`;
}

function quiet(text: string | Html): Html {
  return html`<span class="quiet" style="${STYLES.quiet}">${text}</span>`;
}

/** `html` answers with a promise only where a value is one; none is here. */
function settled(document: Html): string {
  if (document instanceof Promise) throw new Error("Cannot write a letter: a value is a promise");
  return document.toString();
}
