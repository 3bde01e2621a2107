// The place of a source beside the answer; over it, where there is no room.

import { cover, narrow } from "./cover.js";
import { byId, el, fill, iconButton } from "./dom.js";
import { sourceView } from "./source-view.js";

/** @typedef {import("./api.js").Source} Source */

/**
 * The panel of the page.
 * @param {{askWith: (kb: string, source: Source) => void}} actions
 */
export function createPanel({ askWith }) {
  const panel = byId("panel");
  /** @type {{kb: string, sources: Source[], number: number, opener: HTMLElement | null} | null} */
  let shown = null;
  let reading = new AbortController();

  /** @param {string} kb @param {Source[]} sources @param {number} number @param {HTMLElement | null} [opener] */
  function open(kb, sources, number, opener = null) {
    const source = sources.find((each) => each.number === number);
    if (!source) return;
    reading.abort();
    reading = new AbortController();
    shown = { kb, sources, number, opener: opener ?? shown?.opener ?? null };
    fill(panel, head(sources, sources.indexOf(source)), sourceView(kb, source, sources, { signal: reading.signal, askWith }));
    panel.hidden = false;
    byId("app").classList.add("has-panel");
    layer();
    mark(number);
    panel.scrollTop = 0;
    panel.focus({ preventScroll: true });
  }

  function close() {
    if (!shown) return;
    const { opener } = shown;
    shown = null;
    reading.abort();
    panel.hidden = true;
    byId("app").classList.remove("has-panel");
    layer();
    mark(0);
    if (opener?.isConnected) opener.focus({ preventScroll: true });
  }

  function layer() {
    const over = shown !== null && narrow.matches;
    cover(over);
    panel.setAttribute("role", over ? "dialog" : "complementary");
  }

  /** @param {number} number */
  function mark(number) {
    const turn = shown?.opener?.closest(".turn");
    for (const each of document.querySelectorAll("[data-number]")) {
      const is = Number(each.getAttribute("data-number")) === number && each.closest(".turn") === turn;
      each.classList.toggle("open", is);
    }
  }

  const step = (by) => {
    const next = shown?.sources[shown.sources.findIndex((each) => each.number === shown?.number) + by];
    if (shown && next) open(shown.kb, shown.sources, next.number);
  };

  /** @param {Source[]} sources @param {number} at which of them is shown, from 0 */
  function head(sources, at) {
    const back = iconButton("back", "Source before", () => step(-1));
    const next = iconButton("next", "Next source", () => step(1));
    back.disabled = at === 0;
    next.disabled = at === sources.length - 1;
    return el(
      "header",
      { class: "panel-head" },
      el("span", { class: "panel-count" }, sources[at].number === at + 1 ? `Source ${at + 1} of ${sources.length}` : `Source ${sources[at].number}`),
      el("span", { class: "panel-buttons" }, back, next, iconButton("close", "Close the source", close)),
    );
  }

  narrow.addEventListener("change", layer);
  byId("scrim").addEventListener("click", close);
  panel.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by && !event.altKey && !event.metaKey && !event.ctrlKey) step(by);
  });
  return { open, close, isOpen: () => shown !== null };
}
