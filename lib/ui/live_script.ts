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
  const DEAF_AFTER = 30000;
  const LISTEN_AGAIN_AFTER = 1000, LISTEN_AFTER = 5000, LISTEN_WHEN_ENDED_AFTER = 60000;
  // Awake again, it has so long to ask before it says anything.
  const WAKING = 2000, ASLEEP = 5000;

  const stamp = () => ({ wall: Date.now(), steady: performance.now() });
  const since = (then) => Math.max(Date.now() - then.wall, performance.now() - then.steady);

  const banner = document.getElementById("not-live");
  const script = (of) => of.querySelector("script[src]")?.getAttribute("src");

  let proved = { wall: Date.now() - lag, steady: performance.now() - lag };
  let asked = proved, ticked = stamp(), woke = { wall: 0, steady: -WAKING };
  // What the last answer was that was no page: "over", "missing", or "" for none of these.
  let answer = "", isRenewed = false;
  // A change before the stream was open may have been missed.
  let isBehind = true, isAsking = false, isToAskAgain = false;

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
      const signal = AbortSignal.timeout?.(ASK_AFTER);
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
      isRenewed = false;
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

  let source = null, again = 0, heard = stamp();
  function listen() {
    clearTimeout(again);
    if (!live || source || document.hidden) return;
    let isOpen = false, wait = LISTEN_AFTER;
    source = new EventSource(live);
    heard = stamp();
    source.onopen = () => {
      isOpen = true;
      wait = LISTEN_AGAIN_AFTER;
    };
    source.addEventListener("alive", () => {
      heard = stamp();
      if (!isBehind && !answer) proved = stamp();
      show();
    });
    source.onmessage = () => {
      heard = stamp();
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
    // What was open may be so no longer, and nobody has said so.
    hush();
    listen();
    refresh();
  }

  function tick() {
    if (since(ticked) > ASLEEP) wake();
    ticked = stamp();
    const isDue = since(proved) > (document.hidden ? HIDDEN_ASK_AFTER : ASK_AFTER);
    if (source && since(heard) > DEAF_AFTER) {
      hush();
      listen();
    }
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
