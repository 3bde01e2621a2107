// A document in the list, and an uploaded file that is none: an archive, a list of captions.

import { count, el, fileLabel, icon, iconButton } from "./dom.js";
import { saveOriginal } from "./download.js";

/** @typedef {import("./manage-api.js").UploadedFile} UploadedFile */

const KINDS = { captions: "Captions of pictures", other: "No document yet" };

/**
 * @param {string} kb
 * @param {any} document
 * @param {(document: any) => void} remove
 * @param {(error: Error) => void} fail
 */
export function documentEntry(kb, document, remove, fail) {
  const state =
    document.state === "failed"
      ? el("span", { class: "tag failed" }, "Failed")
      : document.state === "writing"
        ? el("span", { class: "tag" }, "Being read")
        : el("span", { class: "fine" }, count(document.n_records, "part"));
  return el(
    "li",
    { class: "document" },
    icon("file"),
    el(
      "div",
      { class: "document-words" },
      el("div", { class: "document-name" }, fileLabel(document.source), state),
      el("p", { class: "fine path" }, el("bdi", {}, document.title || document.source), document.made && [" · ", el("bdi", {}, document.made)]),
      document.error && el("p", { class: "reason", dir: "auto" }, document.error),
    ),
    saveButton(kb, document.doc_id, document.original, fail),
    iconButton("trash", `Delete ${document.source}`, () => remove(document)),
  );
}

/**
 * @param {string} kb
 * @param {UploadedFile} file
 * @param {(file: UploadedFile) => void} remove
 * @param {(error: Error) => void} fail
 */
export const fileEntry = (kb, file, remove, fail) =>
  el(
    "li",
    { class: "document" },
    icon("files"),
    el(
      "div",
      { class: "document-words" },
      el("div", { class: "document-name" }, fileLabel(file.name)),
      el("p", { class: "fine path" }, KINDS[file.kind] ?? `Archive · ${count(file.documents, "document")}`),
    ),
    saveButton(kb, file.doc_id, file.name, fail),
    iconButton("trash", `Delete ${file.name}`, () => remove(file)),
  );

/** @param {string} kb @param {string} id @param {string | null} [name] @param {(error: Error) => void} [fail] */
const saveButton = (kb, id, name, fail) =>
  name
    ? iconButton("save", `Download ${name}`, () => saveOriginal(kb, id, name).catch(fail))
    : el("span", { class: "no-original", title: "The original is not on this server" }, icon("save"));
