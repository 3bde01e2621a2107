// Light, dark, or as the system has it.

import { fill, icon } from "./dom.js";

const KEY = "rag.theme";
/** @type {[string, import("./dom.js").IconName, string][]} */
const THEMES = [
  ["auto", "auto", "as the system"],
  ["light", "sun", "light"],
  ["dark", "moon", "dark"],
];

/** @param {HTMLElement} button */
export function createThemeSwitch(button) {
  const root = document.documentElement;
  const draw = () => {
    const at = THEMES.findIndex(([name]) => name === (root.dataset.theme ?? "auto"));
    const [, picture, label] = THEMES[at];
    const words = `Theme: ${label}`;
    button.setAttribute("aria-label", words);
    button.title = words;
    fill(button, icon(picture));
    return at;
  };
  button.addEventListener("click", () => {
    const [next] = THEMES[(draw() + 1) % THEMES.length];
    if (next === "auto") delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // Storage is off: the theme holds until the page is left.
    }
    draw();
  });
  draw();
}
