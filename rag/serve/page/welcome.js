// What is there before anything was asked: a greeting, and ways to start that come from the documents themselves.

import { documentOf, documents } from "./api.js";
import { byId, count, el, fileLabel, fileName, fill, icon, iconButton, plain } from "./dom.js";
import { copyText } from "./copy.js";
import { assetImage } from "./pictures.js";

const N_WORDS = 3;
const N_PICTURES = 3;
const MAX_LOOKED_AT = 6;
const RECORDS = 12;
const PICTURE = /\.(png|jpe?g|webp|gif|bmp|tiff?|avif|heic)$/i;

/** @typedef {import("./api.js").KnowledgeBase} Kb */

/** @param {Kb} kb @param {boolean} [isFilled] whether a job puts documents in */
export function greet(kb, isFilled = false) {
  const holds = [kb.documents && count(kb.documents, "document"), kb.images && count(kb.images, "picture")]
    .filter(Boolean)
    .join(" and ");
  fill(
    byId("hero"),
    el("h1", {}, "What would you like to know?"),
    el(
      "p",
      {},
      kb.documents
        ? ["Answers come from ", el("strong", { dir: "auto" }, kb.title || kb.name), `: ${holds}. Every answer shows its sources.`]
        : [el("strong", { dir: "auto" }, kb.title || kb.name), isFilled ? " is being filled." : " is empty."],
    ),
    kb.description && el("p", { class: "hero-about", dir: "auto" }, kb.description),
  );
  if (!kb.documents && isFilled) fill(byId("starts"));
  else if (!kb.documents)
    fill(byId("starts"), command("Add documents by hand in Documents, or with", `ingest PATH --kb ${kb.name}`));
}

/** There is nothing to ask yet. @param {Element} [form] makes a knowledge base, for those who may */
export function greetEmpty(form) {
  fill(
    byId("hero"),
    el("h1", {}, "Nothing to ask yet"),
    el(
      "p",
      {},
      form
        ? "A knowledge base is a set of your documents and pictures. Name one and add some files: they stay on the machine that runs this server."
        : "No knowledge base is open to this token. Whoever runs the server can open one.",
    ),
  );
  if (!form) return fill(byId("starts"), lookAgain());
  fill(
    byId("starts"),
    form,
    el(
      "div",
      { class: "commands" },
      el("h2", {}, "Or in a terminal, on that machine"),
      command("A folder of files", "ingest PATH --kb mine"),
      command("The sample that comes with it", "rag demo"),
      lookAgain(),
    ),
  );
}

const lookAgain = () =>
  el(
    "button",
    { type: "button", class: "soft-button", on: { click: () => location.reload() } },
    icon("retry"),
    el("span", {}, "Look again"),
  );

/** @param {import("./api.js").ApiError} error @param {() => void} retry asks for the token again where that is missing */
export function greetTrouble({ message, status }, retry) {
  if (status === 401) {
    fill(byId("hero"), el("h1", {}, "This server needs a token"), el("p", {}, "Who runs it gives it out."));
    const button = { type: "button", class: "soft-button", on: { click: retry } };
    fill(byId("starts"), el("button", button, icon("key"), el("span", {}, "Enter the token")));
    return;
  }
  fill(byId("hero"), el("h1", {}, "The server cannot be asked"), el("p", { role: "alert" }, message));
  fill(
    byId("starts"),
    el(
      "div",
      { class: "commands" },
      command("If it was stopped, start it again", "rag serve"),
      el(
        "button",
        { type: "button", class: "soft-button", on: { click: retry } },
        icon("retry"),
        el("span", {}, "Try again"),
      ),
    ),
  );
}

/** @param {string} label @param {string} line */
function command(label, line) {
  return el(
    "div",
    { class: "command" },
    el("span", {}, label),
    el(
      "div",
      { class: "code" },
      el("pre", {}, line),
      iconButton("copy", "Copy the command", (event) => copyText(line, event.currentTarget)),
    ),
  );
}

/**
 * Cards from the documents: a heading to ask about, a picture to ask with.
 * @param {string} kb
 * @param {{askAbout: (question: string) => void, askWith: (asset: string, name: string) => void}} actions
 * @param {() => boolean} wanted whether the person still looks at this
 */
export async function offerStarts(kb, actions, wanted) {
  const place = byId("starts");
  const { documents: all } = await documents(kb, { state: "done", limit: 100 });
  const [pictures, words] = [
    all.filter((each) => PICTURE.test(each.source)),
    all.filter((each) => !PICTURE.test(each.source)),
  ];
  const candidates = [...everyNth(words, MAX_LOOKED_AT), ...everyNth(pictures, N_PICTURES)];
  const looked = (
    await Promise.all(candidates.map((each) => documentOf(kb, each.doc_id, { limit: RECORDS }).catch(() => null)))
  ).filter(Boolean);
  if (!wanted()) return;
  // A document with headings offers a better question than one that only has a name.
  const told = looked
    .filter((each) => !PICTURE.test(each.source))
    .sort((a, b) => headingsOf(b).length - headingsOf(a).length);
  const cards = [
    ...told.slice(0, N_WORDS).map((document) => wordsStart(document, actions)),
    ...looked.map((document) => pictureStart(kb, document, actions)),
  ].filter(Boolean);
  fill(
    place,
    cards.length > 0 && [
      el("h2", {}, "Start with"),
      el(
        "ul",
        { class: "start-cards" },
        cards.map((card) => el("li", {}, card)),
      ),
    ],
  );
}

function pictureStart(kb, document, actions) {
  const asset = document.records.length <= 2 && document.records.find((record) => record.asset)?.asset;
  if (!asset || !PICTURE.test(document.source)) return null;
  const name = fileName(document.source);
  return el(
    "button",
    { type: "button", class: "start start-picture", on: { click: () => actions.askWith(asset, name) } },
    el("span", { class: "thumb" }, assetImage(kb, asset, 256, "")),
    el("span", { class: "start-words" }, el("strong", {}, "Ask with this picture"), fileLabel(document.source)),
  );
}

function wordsStart(document, actions) {
  const topic = topicOf(document);
  if (!topic) return null;
  return el(
    "button",
    {
      type: "button",
      class: "start",
      on: { click: () => actions.askAbout(`What do the documents say about “${topic}”?`) },
    },
    icon("search"),
    el("span", { class: "start-words" }, el("strong", { dir: "auto" }, topic), fileLabel(document.source)),
  );
}

/** A heading inside the document says more about it than its title does. */
function topicOf(document) {
  const headings = headingsOf(document);
  return (
    headings[Math.min(1, headings.length - 1)] ??
    (plain(document.title).trim() ||
      fileName(document.source)
        .replace(/\.[^.]+$/, "")
        .replace(/[-_]+/g, " "))
  );
}

const headingsOf = (document) =>
  [...new Set(document.records.map((record) => plain(record.heading_path?.at(-1)).trim()))].filter(
    (each) => each.length > 3 && each.length < 70,
  );

/** @template T @param {T[]} items @param {number} n @returns {T[]} spread over the list */
const everyNth = (items, n) =>
  items.length <= n ? items : Array.from({ length: n }, (_, at) => items[Math.floor((at * items.length) / n)]);
