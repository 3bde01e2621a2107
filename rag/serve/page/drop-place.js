// A place where files are dropped, or chosen by a press: some of them, or all of a folder.

import { el, icon, iconButton } from "./dom.js";
import { filesBelow, filesOf } from "./dropped.js";

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
  const folder = el("input", { type: "file", webkitdirectory: true });
  const whole = iconButton("files", "Choose a folder", () => folder.click(), { class: "quiet-button", shown: true });
  whole.hidden = !folder.webkitdirectory;
  const element = el("div", { class: "upload" }, button, chosen, whole);

  chosen.addEventListener("change", () => {
    if (chosen.files?.length) take([...chosen.files]);
    chosen.value = "";
  });
  folder.addEventListener("change", () => {
    const files = filesBelow(folder.files);
    if (files.length) take(files);
    folder.value = "";
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
      button.disabled = whole.disabled = is;
    },
  };
}
