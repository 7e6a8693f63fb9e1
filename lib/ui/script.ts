/**
 * The script of all pages. Without it every page works too, only not by itself.
 *
 * - The time since something is counted on, by the server's clock.
 * - When the server says that something changed, the page is asked for anew,
 *   and what is different in it takes its place: focus and scrolling stay.
 * - "/" goes to the search, arrows go along the apps, buttons copy.
 *
 * @module
 */

/** Served as it stands. */
export const SCRIPT = `"use strict";
(() => {
  const root = document.documentElement;
  const { live, ago, now } = root.dataset;
  const ahead = now ? Number(now) - Date.now() : 0;
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

  function count() {
    for (const time of document.querySelectorAll("time[data-at]")) {
      const text = ago.replace("{}", spoken(Date.now() + ahead - Number(time.dataset.at)));
      if (time.textContent !== text) time.textContent = text;
    }
  }

  function take(old, fresh) {
    if (old.isEqualNode(fresh)) return;
    const [before, after] = [[...old.children], [...fresh.children]];
    const isSameList = old.tagName === "UL" && before.length === after.length &&
      before.every((child, index) => child.id && child.id === after[index].id);
    if (isSameList) return before.forEach((child, index) => take(child, after[index]));
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(fresh);
    const again = focused?.id ? document.getElementById(focused.id)
      : focused?.getAttribute("href")
        ? fresh.querySelector('[href="' + CSS.escape(focused.getAttribute("href")) + '"]')
        : null;
    again?.focus({ preventScroll: true });
  }

  const heading = () => document.querySelector("h1")?.innerText;

  let isAsking = false, isToAskAgain = false;
  async function refresh() {
    if (isAsking) {
      isToAskAgain = true;
      return;
    }
    isAsking = true;
    try {
      const response = await fetch(location.href, { redirect: "error" });
      if (!response.ok) return;
      const said = heading();
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      for (const old of document.querySelectorAll("[data-part]")) {
        const part = fresh.getElementById(old.id);
        if (part) take(old, document.adoptNode(part));
      }
      document.title = fresh.title;
      // For those who do not see it: what the page says first, when it says something else.
      if (heading() !== said) document.getElementById("told").textContent = heading();
      if (live) count();
    } catch {
      // The stream tells that the server is away.
    } finally {
      isAsking = false;
      if (isToAskAgain) {
        isToAskAgain = false;
        refresh();
      }
    }
  }

  function listen() {
    const source = new EventSource(live);
    const cut = document.getElementById("cut-off");
    source.onopen = () => {
      if (!cut.hidden) refresh();
      cut.hidden = true;
    };
    source.onmessage = refresh;
    source.addEventListener("ended", ({ data }) => {
      source.close();
      if (data === "login") return askAgain();
      document.getElementById("crowded").hidden = false;
      // Its place is taken back by whoever looks at it.
      const look = () => {
        if (document.hidden) return;
        document.removeEventListener("visibilitychange", look);
        removeEventListener("focus", look);
        document.getElementById("crowded").hidden = true;
        refresh();
        listen();
      };
      document.addEventListener("visibilitychange", look);
      addEventListener("focus", look);
    });
    source.onerror = () => {
      cut.hidden = false;
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
    };
  }

  // A secret that was changed ends the stream as well: then the page is still answered.
  async function askAgain() {
    try {
      const { type } = await fetch(location.href, { redirect: "manual" });
      if (type === "opaqueredirect") document.getElementById("logged-out").hidden = false;
      else listen();
    } catch {
      setTimeout(askAgain, 3000);
    }
  }

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

  const form = document.querySelector("form[data-from]");
  const shown = document.getElementById("next-deadline");
  const letters = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 };
  function spanOf(input) {
    const text = input.value.trim();
    const [, count, unit] = /^(\\d{1,9})([smhdw])$/.exec(text) ?? [];
    return text === "" ? Number(input.dataset.usual) : count * letters[unit] * 1000;
  }
  function foretell() {
    const span = spanOf(form.elements.period) + spanOf(form.elements.grace);
    const at = new Date(Math.max(Number(form.dataset.from) + span, Date.now() + ahead));
    shown.hidden = false;
    shown.textContent = Number.isNaN(span) ? shown.dataset.none
      : shown.dataset.text.replace("{}", at.toLocaleString(root.lang === "ru" ? "ru" : "en-GB"));
  }
  if (form) form.addEventListener("input", foretell);

  if (ago) setInterval(count, 1000);
  if (live) listen();
})();
`;
