/**
 * How HTML letters look: one type face in three sizes, and a colour for each
 * tone, in light and in dark.
 *
 * Every colour of text has a contrast of at least 4.5 to 1 with its ground.
 *
 * @module
 */

import type { Section } from "./letter_outline.ts";

/** What has a colour; also the class by which the style sheet finds it. */
export type Part =
  /** Around the cards. */
  | "page"
  /** What a section stands on. */
  | "card"
  /** Between entries. */
  | "rule"
  | "text"
  | "quiet"
  | "link"
  | Section["tone"];

/** A colour for each part, in CSS. */
export type Palette = Readonly<Record<Part, string>>;

/** By day; pages look the same. */
export const LIGHT: Palette = {
  page: "#f2f2ef",
  card: "#ffffff",
  rule: "#e3e3de",
  text: "#1c1e20",
  quiet: "#5c6166",
  link: "#1c1e20",
  bad: "#b3261e",
  good: "#1a6b3c",
  calm: "#5c6166",
};

/** By night. */
export const DARK: Palette = {
  page: "#141517",
  card: "#1f2124",
  rule: "#36393d",
  text: "#eceded",
  quiet: "#a8adb2",
  link: "#eceded",
  bad: "#ff8a7d",
  good: "#7fd39b",
  calm: "#a8adb2",
};

/** With single quotes, for it stands within attributes. */
const FACE =
  "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const BODY = `${FACE};font-size:15px;line-height:22px`;
const SMALL = `${FACE};font-size:13px;line-height:20px`;

/** Messages have words of any length; a fixed layout keeps the table from growing with them. */
const BOUNDED = "table-layout:fixed;overflow-wrap:anywhere;word-break:break-word";

/** Styles on the elements themselves, light, for programs that drop the style sheet. */
export const STYLES = {
  page: `margin:0;padding:0;background-color:${LIGHT.page}`,
  preheader: "display:none;max-height:0;overflow:hidden;mso-hide:all",
  edge: "padding:16px 8px",
  column: `max-width:600px;text-align:left;${BOUNDED}`,
  gap: "padding:0 0 16px",
  card: `background-color:${LIGHT.card};${BODY};${BOUNDED}`,
  title: "margin:0;font-size:20px;line-height:26px;font-weight:600",
  row: `padding:10px 16px;border-top:1px solid ${LIGHT.rule};color:${LIGHT.text}`,
  sentence: `padding:0 16px 16px;color:${LIGHT.text};${BODY}`,
  footer: `padding:0 16px 16px;color:${LIGHT.quiet};${SMALL}`,
  quiet: `color:${LIGHT.quiet}`,
  link: `color:${LIGHT.link}`,
} as const;

/** The head of a card, told by its edge too. */
export function headStyle(tone: Section["tone"]): string {
  return `padding:16px 16px 12px;border-top:4px solid ${LIGHT[tone]};color:${LIGHT[tone]}`;
}

/** For Word alone, which draws Outlook's letters and forgets the type face in every cell. */
export const STYLESHEET_FOR_WORD = "td{font-family:Arial,sans-serif}";

/**
 * Dark where the reader's system is dark, and where Outlook, which asks no
 * such question, marks what it has recoloured.
 */
export const STYLESHEET: string = [
  `@media (prefers-color-scheme:dark){${rules({ text: "", background: "" })}}`,
  rules({ text: "[data-ogsc] ", background: "[data-ogsb] " }),
].join("");

function rules(inside: { readonly text: string; readonly background: string }): string {
  const parts = Object.entries(DARK) as readonly (readonly [Part, string])[];
  return parts.map(([part, colour]) => {
    switch (part) {
      case "page":
      case "card":
        return `${inside.background}.${part}{background-color:${colour}!important}`;
      case "rule":
        return `${inside.text}.${part}{border-color:${colour}!important}`;
      case "text":
      case "quiet":
      case "link":
        return `${inside.text}.${part}{color:${colour}!important}`;
      case "bad":
      case "good":
      case "calm":
        return `${inside.text}.${part}{color:${colour}!important;border-color:${colour}!important}`;
    }
  }).join("");
}
