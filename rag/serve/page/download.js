// An original, saved on this device. A link could not bring a token along, so the file is fetched first where one is needed.

import { request, token } from "./api.js";
import { el } from "./dom.js";
import { originalPath } from "./manage-api.js";

/** @param {string} kb @param {string} id of the document @param {string} name */
export async function saveOriginal(kb, id, name) {
  const path = originalPath(kb, id);
  if (!token()) return press(path, name);
  const url = URL.createObjectURL(await (await request(path)).blob());
  press(url, name);
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** @param {string} href @param {string} name */
function press(href, name) {
  const link = el("a", { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}
