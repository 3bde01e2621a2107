// A source: the picture or the passage in its document, and why it was found.

import { documentOf } from "./api.js";
import { el, fileLabel, fill, icon, plain } from "./dom.js";
import { assetImage } from "./pictures.js";
import { scoreBars } from "./scores.js";
import { wordsOf } from "./sources.js";
import { openPicture } from "./zoom.js";

/** @typedef {import("./api.js").Source} Source */

const NEIGHBOURS = 2;
const MORE = 8;

/**
 * @param {string} kb
 * @param {Source} source
 * @param {Source[]} sources of the same answer
 * @param {{signal: AbortSignal, askWith: (kb: string, source: Source) => void}} options `signal`: it is shown no more
 */
export function sourceView(kb, source, sources, { signal, askWith }) {
  const content = el("div", { class: "panel-content" });
  const around = el("section", { class: "around", "aria-label": "In its document" });
  fill(
    content,
    el("h2", { class: "panel-title" }, icon(source.asset ? "image" : "file"), fileLabel(source.source)),
    el(
      "p",
      { class: "panel-path" },
      el("bdi", {}, source.source),
      source.page && el("span", { class: "tag" }, `Page ${source.page}`),
    ),
    source.made && el("p", { class: "fine made" }, el("bdi", {}, source.made)),
    source.heading_path.length > 0 &&
      el(
        "p",
        { class: "panel-headings" },
        source.heading_path.flatMap((part, at) => [at > 0 && el("span", { class: "sep" }, "›"), el("bdi", {}, part)]),
      ),
    source.asset && picture(kb, source),
    around,
    source.asset &&
      el(
        "button",
        { type: "button", class: "soft-button", on: { click: () => askWith(kb, source) } },
        icon("image"),
        el("span", {}, "Ask with this picture"),
      ),
    el(
      "section",
      { class: "why" },
      el("h3", {}, "Why it was found"),
      scoreBars(source, sources),
      el(
        "p",
        { class: "fine" },
        "Bars show how far each view stands above its own background; σ is a standard deviation.",
      ),
    ),
    source.also.length > 0 &&
      el(
        "section",
        {},
        el("h3", {}, "Also found as"),
        el(
          "ul",
          { class: "also" },
          source.also.map((each) => el("li", {}, el("bdi", {}, each))),
        ),
      ),
    columns(source),
  );
  fill(around, cited(source));
  addNeighbours(kb, source, around, signal);
  return content;
}

/**
 * What stands before and after it in its document.
 * @param {string} kb
 * @param {Source} source
 * @param {HTMLElement} around
 * @param {AbortSignal} signal
 * @param {number} [reach] records on either side
 */
async function addNeighbours(kb, source, around, signal, reach = NEIGHBOURS) {
  try {
    const document = await documentOf(kb, source.doc_id, { limit: 2 * reach + 1, around: source.id, signal });
    if (signal.aborted || document.records.length < 2) return;
    const after = document.n_records - document.offset - document.records.length;
    const more = (label) =>
      el(
        "button",
        { type: "button", class: "more", on: { click: () => addNeighbours(kb, source, around, signal, reach + MORE) } },
        label,
      );
    fill(
      around,
      el("h3", {}, "In its document"),
      document.offset > 0 && more(`${document.offset} before`),
      document.records.map((record) => (record.id === source.id ? cited(source) : neighbour(kb, record))),
      after > 0 && more(`${after} after`),
    );
  } catch {
    // The source itself is shown; that its neighbours are missing is not worth an alarm.
  }
}

/** @param {string} kb @param {Source} source */
function picture(kb, source) {
  const alt = plain(source.text).slice(0, 200) || "the picture";
  return el(
    "button",
    {
      type: "button",
      class: "panel-picture",
      "aria-label": "Show the picture larger",
      on: { click: () => openPicture(kb, source.asset, alt) },
    },
    assetImage(kb, source.asset, 512, alt),
    el("span", { class: "zoom-hint" }, icon("expand")),
  );
}

/** The source itself, among its neighbours. @param {Source} source */
function cited(source) {
  const words = wordsOf(source);
  if (!source.asset) return el("blockquote", { class: "passage cited", dir: "auto" }, words || "(no words)");
  // What was read in a picture comes line by line, and a chart has a line for every number on its axes.
  const inLine = words.split(/\s*\n\s*/).join(" · ");
  return words
    ? el(
        "blockquote",
        { class: "passage cited", dir: "auto" },
        el("span", { class: "passage-label" }, "Words known about the picture"),
        inLine,
      )
    : null;
}

/** @param {string} kb @param {any} record */
function neighbour(kb, record) {
  const heading = record.heading_path.at(-1);
  return el(
    "div",
    { class: "passage", dir: "auto" },
    record.asset && el("span", { class: "passage-picture" }, assetImage(kb, record.asset, 256, "")),
    heading && el("span", { class: "passage-label" }, heading),
    // The first line of a picture's words is its caption; what follows is mostly the text around it, which is here.
    record.asset ? wordsOf(record).split("\n")[0] : wordsOf(record),
  );
}

/** @param {Source} source */
function columns(source) {
  const entries = Object.entries(source.columns ?? {});
  if (!entries.length) return null;
  const shown = (value) => (value !== null && typeof value === "object" ? JSON.stringify(value) : String(value));
  return el(
    "section",
    {},
    el("h3", {}, "Columns"),
    el(
      "dl",
      { class: "columns" },
      entries.map(([name, value]) => [el("dt", {}, el("bdi", {}, name)), el("dd", {}, el("bdi", {}, shown(value)))]),
    ),
  );
}
