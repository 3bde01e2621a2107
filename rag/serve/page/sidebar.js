// Earlier conversations.

import { cover, narrow } from "./cover.js";
import { confirmed } from "./dialogs.js";
import { byId, el, fill, iconButton } from "./dom.js";
import { conversations, forget } from "./state.js";

const DAY_MS = 86_400_000;

/**
 * @param {{show: (conversation: import("./state.js").Conversation) => void, start: () => void, currentId: () => string}} actions
 */
export function createSidebar({ show, start, currentId }) {
  const list = byId("history");
  const opener = byId("open-sidebar");

  /** @param {boolean} open */
  function toggle(open) {
    byId("app").classList.toggle("has-sidebar", open);
    opener.setAttribute("aria-expanded", String(open));
    cover(open && narrow.matches);
    if (open) byId("new-conversation").focus();
  }

  function draw() {
    const all = conversations();
    const groups = Map.groupBy ? Map.groupBy(all, ageOf) : grouped(all);
    fill(
      list,
      [...groups].map(([age, kept]) => [el("h2", {}, age), el("ul", {}, kept.map(entry))]),
      all.length === 0 && el("p", { class: "fine" }, "What you ask is kept here, in this browser only."),
    );
    fill(
      byId("sidebar-foot"),
      all.length > 1 &&
        el("button", { type: "button", class: "quiet-button", on: { click: deleteAll } }, "Delete all conversations"),
    );
  }

  /** @param {import("./state.js").Conversation} kept */
  function entry(kept) {
    const current = kept.id === currentId();
    const open = () => {
      toggle(false);
      show(kept);
    };
    return el(
      "li",
      { class: current ? "current" : "" },
      el(
        "button",
        {
          type: "button",
          class: "history-entry",
          "aria-current": current ? "true" : null,
          title: `${kept.title}\n${kept.kb}`,
          on: { click: open },
        },
        el("span", { dir: "auto" }, kept.title || "A conversation"),
      ),
      iconButton(
        "trash",
        `Delete “${kept.title}”`,
        () => {
          forget(kept.id);
          if (current) start();
          draw();
        },
        { class: "icon-button entry-delete" },
      ),
    );
  }

  async function deleteAll() {
    if (
      !(await confirmed(
        "Delete all conversations?",
        "They are kept in this browser only and cannot be brought back.",
        "Delete all",
      ))
    )
      return;
    forget();
    start();
    draw();
  }

  opener.addEventListener("click", () => toggle(!byId("app").classList.contains("has-sidebar")));
  byId("close-sidebar").addEventListener("click", () => {
    toggle(false);
    opener.focus();
  });
  byId("scrim").addEventListener("click", () => toggle(false));
  byId("new-conversation").addEventListener("click", () => {
    toggle(false);
    start();
  });
  return { draw, close: () => toggle(false), isOpen: () => byId("app").classList.contains("has-sidebar") };
}

/** @param {import("./state.js").Conversation} kept */
function ageOf(kept) {
  const today = new Date().setHours(0, 0, 0, 0);
  if (kept.when >= today) return "Today";
  if (kept.when >= today - DAY_MS) return "Yesterday";
  return kept.when >= today - 7 * DAY_MS ? "This week" : "Earlier";
}

/** `Map.groupBy` for browsers of before 2024. @param {import("./state.js").Conversation[]} all */
function grouped(all) {
  const groups = new Map();
  for (const each of all) groups.set(ageOf(each), [...(groups.get(ageOf(each)) ?? []), each]);
  return groups;
}
