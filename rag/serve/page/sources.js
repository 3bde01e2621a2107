// The sources of an answer as a row of cards.

import { el, fileLabel, fileName, fill, icon, plain } from "./dom.js";
import { assetImage } from "./pictures.js";

const SNIPPET_CHARS = 200;

/** @typedef {import("./api.js").Source} Source */

/**
 * What a record says, without the line of its headings, which are shown by themselves.
 * @param {{text: string, heading_path: string[]}} record
 */
export function wordsOf({ text, heading_path: path }) {
  const words = plain(text).trim();
  const line = plain(path.join(" > ")).trim();
  return line && words.startsWith(`${line}\n`) ? words.slice(line.length).trim() : words;
}

/** A source in one line, for titles and for copies. @param {Source} source */
export const lineOf = (source) =>
  plain(source.source).replace(/\s+/g, " ") + (source.page ? `, page ${source.page}` : "");

/**
 * One row; the arrow keys move in it, so that it takes one stop of the Tab key.
 * @param {string} kb
 * @param {Source[]} sources
 * @param {(number: number, opener: HTMLElement) => void} open
 */
export function sourceRow(kb, sources, open) {
  const cards = sources.map((source) => sourceCard(kb, source, open));
  const row = el(
    "ol",
    { class: "sources", "aria-label": "Sources" },
    cards.map((card) => el("li", {}, card)),
  );
  cards.forEach((card, at) => (card.tabIndex = at ? -1 : 0));
  row.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = cards.indexOf(/** @type {any} */ (document.activeElement));
    const next = event.key === "Home" ? 0 : event.key === "End" ? cards.length - 1 : step && at >= 0 ? at + step : -1;
    if (!cards[next]) return;
    event.preventDefault();
    cards.forEach((card) => (card.tabIndex = card === cards[next] ? 0 : -1));
    cards[next].focus();
  });
  return row;
}

/** @param {Element} row @param {Set<number>} cited */
export function markCited(row, cited) {
  for (const card of row.querySelectorAll(".source")) {
    const is = cited.has(Number(card.getAttribute("data-number")));
    card.classList.toggle("uncited", cited.size > 0 && !is);
  }
}

/** @param {string} kb @param {Source} source @param {(number: number, opener: HTMLElement) => void} open */
function sourceCard(kb, source, open) {
  const name = fileName(source.source);
  const label = `Source ${source.number}: ${name}${source.page ? `, page ${source.page}` : ""}${source.made ? `, ${source.made}` : ""}`;
  const card = el("button", {
    type: "button",
    class: `source ${source.asset ? "source-picture" : "source-passage"}`,
    data: { number: source.number },
    "aria-label": label,
    on: { click: () => open(source.number, card) },
  });
  fill(
    card,
    source.asset
      ? el("span", { class: "thumb" }, assetImage(kb, source.asset, 256, ""))
      : el("span", { class: "snippet", dir: "auto" }, snippet(wordsOf(source)) || "(no words)"),
    source.made && el("span", { class: "source-made", dir: "auto" }, source.made),
    el(
      "span",
      { class: "source-foot" },
      el("span", { class: "source-number" }, source.number),
      icon(source.asset ? "image" : "file"),
      fileLabel(source.source),
      source.page && el("span", { class: "source-page" }, `p. ${source.page}`),
    ),
  );
  return card;
}

/** The row while the server still searches. */
export const sourceSkeleton = () =>
  el(
    "div",
    { class: "sources skeleton", "aria-hidden": "true" },
    [0, 1, 2, 3].map(() => el("div", { class: "source" })),
  );

/** @param {string} text */
const snippet = (text) => text.replace(/\s+/g, " ").trim().slice(0, SNIPPET_CHARS);
