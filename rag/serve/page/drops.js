// Files dropped anywhere on the page. Without this the browser would leave the page and show the file.

import { dialogIsOpen } from "./dialogs.js";
import { byId } from "./dom.js";

/**
 * @param {(file: File) => void} onPicture
 * @param {() => void} onOther
 */
export function takeDrops(onPicture, onOther) {
  const hint = byId("drop-hint");
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0;

  const show = (is) => {
    depth = is ? depth : 0;
    hint.hidden = !is;
  };
  document.addEventListener("dragenter", (event) => {
    if (!hasFiles(event) || dialogIsOpen()) return;
    depth += 1;
    show(true);
  });
  document.addEventListener("dragleave", () => {
    depth -= 1;
    if (depth <= 0) show(false);
  });
  document.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  document.addEventListener("drop", (event) => {
    show(false);
    if (!hasFiles(event)) return;
    event.preventDefault();
    if (dialogIsOpen()) return;
    const files = [...(event.dataTransfer?.files ?? [])];
    const picture = files.find((file) => file.type.startsWith("image/"));
    if (picture) onPicture(picture);
    else if (files.length) onOther();
  });
}
