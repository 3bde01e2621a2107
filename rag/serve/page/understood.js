// What a question was understood to say of the files it wants, as chips that can be taken off.

import { el, icon } from "./dom.js";

/**
 * @param {import("./api.js").Understood[]} understood
 * @param {(said: string) => void} without asks again with these words meaning nothing but themselves
 */
export function understoodChips(understood, without) {
  return el(
    "ul",
    { class: "heard", "aria-label": "Understood as filters" },
    understood.map((each) => el("li", {}, chip(each, without))),
  );
}

/** @param {import("./api.js").Understood} each @param {(said: string) => void} without */
function chip(each, without) {
  const means = each.certainty === "certain" ? "Only these are searched" : "Preferred; nothing is left out";
  return el(
    "button",
    {
      type: "button",
      class: `chip ${each.certainty}`,
      title: `${means}: ${each.where}`,
      "aria-label": `Ask without: ${each.label}`,
      on: { click: () => without(each.said) },
    },
    el("span", { dir: "auto" }, each.certainty === "certain" ? each.label : `rather ${each.label}`),
    icon("close"),
  );
}
