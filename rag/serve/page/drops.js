// Files dropped anywhere on the page. Without this the browser would leave the page and show the file.

import { dialogIsOpen } from "./dialogs.js";
import { byId } from "./dom.js";
import { filesOf } from "./dropped.js";

/**
 * @param {{canAsk: () => boolean, ask: (picture: File) => void, add: (files: File[]) => void}} actions
 *   one picture is asked with where something can be asked; all else is added
 */
export function takeDrops({ canAsk, ask, add }) {
  const hint = byId("drop-hint");
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0;

  const show = (is) => {
    depth = is ? depth : 0;
    hint.hidden = !is;
  };
  // Before the places that keep these events to themselves.
  document.addEventListener(
    "dragenter",
    (event) => {
      if (!hasFiles(event) || dialogIsOpen()) return;
      depth += 1;
      show(true);
    },
    true,
  );
  document.addEventListener(
    "dragleave",
    () => {
      depth -= 1;
      if (depth <= 0) show(false);
    },
    true,
  );
  document.addEventListener("drop", () => show(false), true);
  document.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  document.addEventListener("drop", async (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    if (dialogIsOpen()) return;
    const files = await filesOf(event.dataTransfer);
    if (files.length === 1 && files[0].type.startsWith("image/") && canAsk()) ask(files[0]);
    else if (files.length) add(files);
  });
}
