// A picture over the whole window.

import { el, iconButton } from "./dom.js";
import { assetImage } from "./pictures.js";

/** @param {string} kb @param {string} asset @param {string} alt */
export function openPicture(kb, asset, alt) {
  const dialog = el("dialog", { class: "zoom", "aria-label": "Picture" });
  dialog.append(
    assetImage(kb, asset, 1024, alt),
    iconButton("close", "Close the picture", () => dialog.close()),
  );
  dialog.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
