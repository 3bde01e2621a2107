// The choice among the knowledge bases; its last entry makes a new one, for those who may.

import { byId, el, fill } from "./dom.js";

const NEW = "+"; // no knowledge base can be called so

/** @param {{choose: (name: string) => void, startNew: () => void}} actions */
export function createChooser({ choose, startNew }) {
  const select = /** @type {HTMLSelectElement} */ (byId("kb"));
  /** @type {string[]} */
  let names = [];
  let chosen = "";

  select.addEventListener("change", () => {
    if (select.value !== NEW) return choose(select.value);
    select.value = chosen;
    startNew();
  });

  return {
    names: () => names,
    /** @param {import("./api.js").KnowledgeBase[]} all @param {boolean} mayCreate */
    draw(all, mayCreate) {
      names = all.map((each) => each.name);
      const own = all.map((each) => el("option", { value: each.name }, each.title || each.name));
      const last = mayCreate ? [el("hr"), el("option", { value: NEW }, "New knowledge base…")] : [];
      fill(select, ...own, ...last);
      select.value = chosen;
      byId("chooser").hidden = all.length === 0;
    },
    /** @param {string} name */
    mark(name) {
      chosen = select.value = name;
    },
  };
}
