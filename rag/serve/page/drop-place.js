// A place where files are dropped, or chosen by a press.

import { el, icon } from "./dom.js";
import { filesOf } from "./dropped.js";

/**
 * @param {string} action what is done with them
 * @param {(files: File[]) => void} take
 */
export function createDropPlace(action, take) {
  const chosen = el("input", { type: "file", multiple: true, class: "sr-only", tabindex: "-1", "aria-hidden": "true" });
  const button = el(
    "button",
    { type: "button", class: "upload-place", on: { click: () => chosen.click() } },
    icon("upload"),
    el("span", {}, el("strong", {}, action), " — drop files here, or choose them"),
  );
  const element = el("div", { class: "upload" }, button, chosen);

  chosen.addEventListener("change", () => {
    if (chosen.files?.length) take([...chosen.files]);
    chosen.value = "";
  });
  for (const type of ["dragenter", "dragover"]) {
    element.addEventListener(type, (event) => {
      event.preventDefault();
      event.stopPropagation();
      element.classList.toggle("over", !button.disabled);
    });
  }
  element.addEventListener("dragleave", () => element.classList.remove("over"));
  element.addEventListener("drop", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    element.classList.remove("over");
    if (button.disabled) return;
    const files = await filesOf(event.dataTransfer);
    if (files.length) take(files);
  });

  return {
    element,
    choose: () => chosen.click(),
    /** @param {boolean} is whether it takes nothing now */
    setBusy(is) {
      button.disabled = is;
    },
  };
}
