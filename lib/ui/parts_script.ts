/**
 * The part of the script that puts on the page what is different in it when it
 * is asked for anew: focus and scrolling stay, and so does what somebody types.
 *
 * @module
 */

/** Runs within the script of all pages. */
export const PARTS_SCRIPT = `
  let title = document.title;
  const parts = () => document.querySelectorAll("[data-part]");

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
    // Each heartbeat changes that: no reason to put another form in its place.
    const [mine, theirs] = [old, fresh].map((part) => part.querySelector("form[data-from]"));
    if (mine && theirs) mine.dataset.from = theirs.dataset.from;
    if (old.isEqualNode(fresh)) return;
    if (isTouched(old)) {
      const note = old.querySelector("[data-changed]");
      if (note && old.dataset.mark !== fresh.dataset.mark) note.hidden = false;
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
`;
