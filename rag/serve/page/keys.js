// The keys of the page, where nothing else has the keyboard.

import { dialogIsOpen, showKeys } from "./dialogs.js";
import { byId } from "./dom.js";

/**
 * @param {{leave: () => void, ask: () => void, openSource: (number: number) => void}} actions
 *   `leave`: ends or closes the uppermost thing
 */
export function takeKeys({ leave, ask, openSource }) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || dialogIsOpen())
      return;
    if (event.key === "Escape") {
      leave();
      return;
    }
    if (event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (event.key === "/") {
      event.preventDefault();
      ask();
    } else if (event.key === "?") showKeys();
    else if (event.key === "n" || event.key === "N") byId("new-conversation").click();
    else if (/^[1-9]$/.test(event.key)) openSource(Number(event.key));
  });
}
