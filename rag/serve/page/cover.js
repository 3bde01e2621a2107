// What lies over the page on a screen without room beside it: what is under it must not be reached.

import { byId } from "./dom.js";

export const narrow = matchMedia("(max-width: 1080px)");

/** @param {boolean} is whether something lies over the page */
export function cover(is) {
  byId("scrim").hidden = !is;
  byId("main").inert = is;
}
