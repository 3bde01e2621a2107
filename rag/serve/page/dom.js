// Elements out of plain values. Nothing here takes markup: what a server says becomes text, never HTML.

const SVG = "http://www.w3.org/2000/svg";
const HIDDEN = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}]/gu;
const LINE_ENDS = /\r\n?|[\v\f\u2028\u2029\x85]/g;

/** Outlines of the icons, drawn in a box of 24 by 24. */
const ICONS = {
  auto: ["M12 3.5a8.5 8.5 0 1 0 0 17z", "M12 3.5a8.5 8.5 0 0 1 0 17"],
  back: ["m14.5 5.5-6.5 6.5 6.5 6.5"],
  check: ["m5 12.5 4.5 4.5L19 7.5"],
  close: ["m6 6 12 12", "M18 6 6 18"],
  copy: ["M9 9h10.5v10.5H9z", "M5.5 15H4.5V4.5H15v1"],
  save: ["M12 4.5V16", "m7 11 5 5 5-5", "M4.5 19.5h15"],
  down: ["M12 5v14", "m6 13 6 6 6-6"],
  expand: ["M14 4.5h5.5V10", "m19.5 4.5-6.5 6.5", "M10 19.5H4.5V14", "m4.5 19.5 6.5-6.5"],
  file: ["M6.5 3.5h7l4 4v13h-11z", "M13.5 3.5v4h4"],
  files: ["M8.5 3.5h7l4 4v9.5h-11z", "M15.5 3.5v4h4", "M4.5 7.5v13h11"],
  filter: [
    "M4 7h9",
    "M18 7h2",
    "M4 17h2",
    "M11 17h9",
    "M13 7a2.5 2.5 0 1 0 5 0 2.5 2.5 0 0 0-5 0",
    "M6 17a2.5 2.5 0 1 0 5 0 2.5 2.5 0 0 0-5 0",
  ],
  help: [
    "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17",
    "M9.7 9.6a2.4 2.4 0 1 1 3.4 2.3c-.8.4-1.1.8-1.1 1.7",
    "M12 16.6v.1",
  ],
  image: ["M4 5.5h16v13H4z", "m4.5 16.5 4.5-4.5 4 4 2.5-2.5 4 4", "M15 9.5v.1"],
  info: ["M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17", "M12 11v5.5", "M12 7.7v.1"],
  key: ["M8 12a3.5 3.5 0 1 0 0 .1", "M11.5 12h9v3", "M16.5 12v2.5"],
  keyboard: ["M3.5 6.5h17v11h-17z", "M7 10v.1", "M10.3 10v.1", "M13.7 10v.1", "M17 10v.1", "M8 14h8"],
  edit: ["M5 19h3.5L18.5 9 15 5.5 5 15.5z", "m12.5 8 3.5 3.5"],
  menu: ["M4 5.5h16v13H4z", "M9.5 5.5v13"],
  moon: ["M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7"],
  next: ["m9.5 5.5 6.5 6.5-6.5 6.5"],
  plus: ["M12 5v14", "M5 12h14"],
  quote: ["M9.5 7C7 8 5.5 10 5.5 13v4h5v-5h-2.5", "M18 7c-2.5 1-4 3-4 6v4h5v-5h-2.5"],
  retry: ["M19 12a7 7 0 1 1-2-4.9", "M19.5 4v4h-4"],
  search: ["M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12", "m15 15 5 5"],
  send: ["M12 19V5", "m6 11 6-6 6 6"],
  stop: ["M8 8h8v8H8z"],
  sun: [
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8",
    "M12 3v1.5",
    "M12 19.5V21",
    "M3 12h1.5",
    "M19.5 12H21",
    "m5.6 5.6 1.1 1.1",
    "m17.3 17.3 1.1 1.1",
    "m5.6 18.4 1.1-1.1",
    "m17.3 6.7 1.1-1.1",
  ],
  trash: ["M5 7h14", "M9.5 7V4.5h5V7", "m7 7 .8 12.5h8.4L17 7", "M10.5 10.5v5.5", "M13.5 10.5v5.5"],
  upload: ["M12 16V4.5", "m7 9.5 5-5 5 5", "M4.5 15v4.5h15V15"],
  warn: ["M12 4.5 3.5 19h17z", "M12 10v4.5", "M12 16.7v.1"],
};

/**
 * Text without control and direction characters: a file name must not be able to turn itself round.
 * @param {unknown} value
 */
export function plain(value) {
  return String(value ?? "")
    .replace(LINE_ENDS, "\n")
    .replace(HIDDEN, "");
}

/**
 * An element. `on` holds listeners, `data` data attributes, `class` the classes; the rest are attributes. Children
 * that are not nodes become text.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [properties]
 * @param {...any} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    else if (name === "data") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : plain(value));
  }
  return fill(node, ...children);
}

/**
 * Replaces what a node holds.
 * @template {Element} T
 * @param {T} node
 * @param {...any} children
 * @returns {T}
 */
export function fill(node, ...children) {
  const kept = children.flat(2).filter((child) => child !== undefined && child !== null && child !== false);
  node.replaceChildren(...kept.map((child) => (child instanceof Node ? child : plain(child))));
  return node;
}

/** @typedef {keyof typeof ICONS} IconName */

/** @param {IconName} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" })) {
    svg.setAttribute(key, value);
  }
  for (const outline of ICONS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", outline);
    svg.append(path);
  }
  return svg;
}

/**
 * A button with an icon, and words that are shown or only read aloud.
 * @param {IconName} name
 * @param {string} label
 * @param {(event: MouseEvent) => void} press
 * @param {{class?: string, shown?: boolean}} [options]
 */
export function iconButton(name, label, press, { class: kind = "icon-button", shown = false } = {}) {
  const words = shown ? { title: undefined } : { "aria-label": label, title: label };
  return el(
    "button",
    { type: "button", class: kind, on: { click: press }, ...words },
    icon(name),
    shown && el("span", {}, label),
  );
}

/** @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** Says a sentence to screen readers. @param {string} words */
export function announce(words) {
  byId("status").textContent = plain(words);
}

/** The last part of a path. @param {string} source */
export const fileName = (source) =>
  plain(source)
    .split(/[/\\]|!\//)
    .filter(Boolean)
    .pop() ||
  plain(source) ||
  "(no name)";

/**
 * A file name that loses its middle, not its ending, where there is no room.
 * @param {string} source
 */
export function fileLabel(source) {
  const name = Array.from(fileName(source));
  const cut = Math.max(0, name.length - 9);
  const head = name.slice(0, cut).join("");
  return el(
    "bdi",
    { class: "file-label", title: source },
    head && el("span", { class: "file-head" }, head),
    el("span", {}, name.slice(cut).join("")),
  );
}

/** @param {number} n @param {string} one @param {string} [many] */
export const count = (n, one, many = `${one}s`) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
