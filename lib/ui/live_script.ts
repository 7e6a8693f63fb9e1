/**
 * The part of the script that keeps a page as things are, and says so when it
 * cannot.
 *
 *   proved        heard, asked          4 s: asks       8 s: says that it is not live
 *      |-------------|---------------------|-----------------|----------
 *
 * What proves that a page shows how things are: that it was asked for anew, or
 * that the stream is alive while nothing it has told of is missing. After four
 * seconds without either the page is asked for; after eight it says that it is
 * not live, and as of when it is. So it does not flicker when a stream is
 * opened anew, and whatever ends it, within ten seconds nothing on it passes
 * for what is: the session is over, the service or the network is gone, a proxy
 * holds the stream back, the machine slept.
 *
 * Two clocks count, the later one: the one may be set, and the other stands
 * still while the machine sleeps. Timers of tabs that nobody sees are slow, and
 * may stand still: such a tab gives its stream up, for a browser has six for a
 * host, and asks now and then, for its title.
 *
 * @module
 */

/** Runs within the script of all pages. */
export const LIVE_SCRIPT = `
  const ASK_AFTER = 4000, STALE_AFTER = 8000;
  const HIDDEN_ASK_AFTER = 30000, HIDDEN_STALE_AFTER = 120000;
  const ASK_AGAIN_AFTER = 3000, ASK_AGAIN_WHEN_OVER = 15000;
  const LISTEN_AGAIN_AFTER = 1000, LISTEN_AFTER = 5000, LISTEN_WHEN_ENDED_AFTER = 60000;
  // Awake again, it has so long to ask before it says anything.
  const WAKING = 2000, ASLEEP = 5000;

  const stamp = () => ({ wall: Date.now(), steady: performance.now() });
  const since = (then) => Math.max(Date.now() - then.wall, performance.now() - then.steady);

  const banner = document.getElementById("not-live");
  const parts = () => document.querySelectorAll("[data-part]");
  const script = (of) => of.querySelector("script[src]")?.getAttribute("src");

  let title = document.title;
  let proved = { wall: Date.now() - lag, steady: performance.now() - lag };
  let asked = proved, ticked = stamp(), woke = { wall: 0, steady: -WAKING };
  // What the last answer was: "" for none that is a page.
  let answer = "", isRenewed = false;
  // A change before the stream was open may have been missed.
  let isBehind = true, isAsking = false, isToAskAgain = false;

  function isTouched(part) {
    if (part.dataset.typed !== undefined) return true;
    const focused = document.activeElement;
    if (part.contains(focused) && focused.matches("input,select,textarea")) return true;
    return [...part.querySelectorAll("input,select,textarea")].some((field) =>
      field.type === "hidden" ? false
        : field.type === "radio" || field.type === "checkbox"
          ? field.checked !== field.defaultChecked
        : field.options
          ? field.selectedIndex !== Math.max([...field.options].findIndex((each) => each.defaultSelected), 0)
        : field.value !== field.defaultValue
    );
  }

  function take(old, fresh) {
    if (old.isEqualNode(fresh)) return;
    if (isTouched(old)) {
      const note = old.querySelector("[data-changed]");
      if (note && old.dataset.mark !== fresh.dataset.mark) note.hidden = false;
      const [mine, theirs] = [old, fresh].map((part) => part.querySelector("form[data-from]"));
      if (mine && theirs) mine.dataset.from = theirs.dataset.from;
      return;
    }
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

  function put(fresh) {
    const heading = () => document.querySelector("h1")?.innerText;
    const said = heading();
    for (const old of parts()) {
      const part = fresh.getElementById(old.id);
      if (part) take(old, document.adoptNode(part));
    }
    // A secret that was changed gives every form another key.
    const key = fresh.querySelector("input[name=key]")?.value;
    if (key) for (const each of document.querySelectorAll("input[name=key]")) each.value = key;
    ahead = Number(fresh.documentElement.dataset.now) - Date.now();
    title = fresh.title;
    // For those who do not see it: what the page says first, when it says something else.
    if (heading() !== said) document.getElementById("told").textContent = heading();
  }

  async function refresh() {
    if (isAsking) {
      isToAskAgain = true;
      return;
    }
    isAsking = true;
    isToAskAgain = false;
    const began = asked = stamp();
    let said = "";
    try {
      const signal = AbortSignal.timeout(ASK_AFTER);
      const response = await fetch(page, { redirect: "manual", cache: "no-store", signal });
      if (response.type === "opaqueredirect") said = "over";
      if (response.status === 404) said = "missing";
      if (!response.ok) return;
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      // Somebody else's page, as a proxy's that wants a login.
      if (!script(fresh)) return;
      if (script(fresh) !== script(document)) {
        isRenewed = [...parts(), ...document.forms].some(isTouched);
        if (!isRenewed) location.replace(page);
        return;
      }
      put(fresh);
      proved = began;
      isBehind = isToAskAgain;
      if (answer) listen();
    } catch {
      // Said by the page when it has lasted.
    } finally {
      answer = said;
      isAsking = false;
      if (isToAskAgain) refresh();
      show();
    }
  }

  function show() {
    const limit = document.hidden ? HIDDEN_STALE_AFTER : STALE_AFTER;
    const isStale = since(proved) > limit && since(woke) > WAKING;
    const kind = isRenewed ? "renewed" : answer || (isStale ? "gone" : "");
    if (kind !== (banner.dataset.shown ?? "")) {
      banner.dataset.shown = kind;
      banner.replaceChildren();
      document.documentElement.toggleAttribute("data-stale", kind !== "");
      if (kind) say(kind);
    }
    const shown = (kind ? banner.dataset.title + " " : "") + title;
    if (document.title !== shown) document.title = shown;
    count();
  }

  function say(kind) {
    const text = document.createElement("p");
    text.className = "alarm";
    text.append(banner.dataset[kind].replace("{}", document.querySelector("#as-of time").textContent));
    if (kind === "over") {
      const link = document.createElement("a");
      link.href = "/login?to=" + encodeURIComponent(page);
      link.textContent = banner.dataset.login;
      // Beside this page, where something was typed into it: it lives on after that.
      if ([...document.forms].some(isTouched)) link.target = "_blank";
      text.append(" ", link);
    }
    banner.append(text);
  }

  function count() {
    // What is not live any more counts no further than it was.
    const at = banner.dataset.shown ? proved.wall : Date.now();
    for (const time of document.querySelectorAll("time[data-at]")) {
      const text = ago.replace("{}", spoken(at + ahead - Number(time.dataset.at)));
      if (time.textContent !== text) time.textContent = text;
    }
  }

  let source = null, again = 0;
  function listen() {
    clearTimeout(again);
    if (!live || source || document.hidden) return;
    let isOpen = false, wait = LISTEN_AFTER;
    source = new EventSource(live);
    source.onopen = () => {
      isOpen = true;
      wait = LISTEN_AGAIN_AFTER;
    };
    source.addEventListener("alive", () => {
      if (!isBehind && !answer) proved = stamp();
      show();
    });
    source.onmessage = () => {
      isBehind = true;
      refresh();
    };
    // The service may say why it ends a stream: for a login that is over, or for newer pages.
    source.addEventListener("ended", () => wait = LISTEN_WHEN_ENDED_AFTER);
    source.onerror = () => {
      hush();
      isBehind = true;
      // Whether the session holds, and what was missed.
      if (isOpen) refresh();
      again = setTimeout(listen, wait);
    };
  }
  function hush() {
    source?.close();
    source = null;
  }

  function wake() {
    woke = stamp();
    isBehind = true;
    if (document.hidden) return;
    listen();
    refresh();
  }

  function tick() {
    if (since(ticked) > ASLEEP) wake();
    ticked = stamp();
    const isDue = since(proved) > (document.hidden ? HIDDEN_ASK_AFTER : ASK_AFTER);
    if (isDue && since(asked) > (answer ? ASK_AGAIN_WHEN_OVER : ASK_AGAIN_AFTER)) refresh();
    show();
  }

  if (page) {
    document.addEventListener("visibilitychange", () => document.hidden ? hush() : wake());
    document.addEventListener("resume", wake);
    addEventListener("online", wake);
    addEventListener("pageshow", ({ persisted }) => persisted && wake());
    addEventListener("pagehide", hush);
    // The answer to a form has the address of the form, where there is nothing to be asked for.
    const { pathname } = new URL(page, location.href);
    if (pathname !== location.pathname) history.replaceState(null, "", page);
    setInterval(tick, 1000);
    listen();
  }
`;
