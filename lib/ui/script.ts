/**
 * The script of all pages. Without it every page works too, only not by itself.
 *
 * - It is kept as things are, and says when it is not (live_script.ts).
 * - "/" goes to the search, arrows go along the apps, buttons copy.
 *
 * @module
 */

import { LIVE_SCRIPT } from "./live_script.ts";
import { PARTS_SCRIPT } from "./parts_script.ts";

/** Served as it stands. */
export const SCRIPT = `"use strict";
(() => {
  const root = document.documentElement;
  const { page, live, ago, now } = root.dataset;
  // How old the page is by now: it may have been long on its way.
  const [way] = performance.getEntriesByType("navigation");
  const lag = performance.now() - (way?.responseStart ?? 0);
  let ahead = now ? Number(now) + lag - Date.now() : 0;
  const symbols = root.lang === "ru" ? ["дн.", "ч", "мин", "с"] : ["d", "h", "min", "s"];
  const units = [86400, 3600, 60, 1];

  function spoken(ms) {
    let rest = Math.max(Math.floor(ms / 1000), 0);
    const found = units.findIndex((unit) => rest >= unit);
    const first = found < 0 ? 3 : found;
    const parts = [];
    for (let index = first; index < Math.min(first + 2, 4); index++) {
      const count = Math.floor(rest / units[index]);
      rest -= count * units[index];
      if (count > 0 || parts.length === 0) parts.push(count + " " + symbols[index]);
    }
    return parts.join(" ");
  }

${PARTS_SCRIPT}${LIVE_SCRIPT}
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target.matches("input,select,textarea");
    const search = document.getElementById("search");
    if (event.key === "/" && !isTyping && search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || (isTyping && event.target !== search)) return;
    const links = [...document.querySelectorAll(".apps .name a")];
    if (links.length === 0) return;
    const at = links.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? links[0] : null) : links[at + step] ?? (step < 0 ? search : null);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.copied;
  });

  const letters = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 };
  function spanOf(input) {
    const text = input.value.trim();
    const [, count, unit] = /^(\\d{1,9})([smhdw])$/.exec(text) ?? [];
    return text === "" ? Number(input.dataset.usual) : count * letters[unit] * 1000;
  }
  document.addEventListener("input", ({ target }) => {
    const form = target.closest("form[data-from]");
    if (!form) return;
    const shown = document.getElementById("next-deadline");
    const span = spanOf(form.elements.period) + spanOf(form.elements.grace);
    const at = new Date(Math.max(Number(form.dataset.from) + span, Date.now() + ahead));
    shown.hidden = false;
    shown.textContent = Number.isNaN(span) ? shown.dataset.none
      : shown.dataset.text.replace("{}", at.toLocaleString(root.lang === "ru" ? "ru" : "en-GB"));
  });
})();
`;
