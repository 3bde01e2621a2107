// The documents of a knowledge base: looked through, added, deleted.

import { documents, knowledgeBase, removeDocument } from "./api.js";
import { confirmed } from "./dialogs.js";
import { documentEntry, fileEntry } from "./document-entries.js";
import { announce, count, el, fill, icon, iconButton } from "./dom.js";
import { createDropPlace } from "./drop-place.js";
import { showKbSettings } from "./kb-settings.js";
import { uploadedFiles } from "./manage-api.js";

const PAGE = 100;
const TYPING_MS = 200;
const STATES = [
  ["", "All"],
  ["failed", "Failed"],
];

/**
 * @param {string} kb
 * @param {{
 *   uploads: ReturnType<typeof import("./uploads.js").createUploads>,
 *   jobs: ReturnType<typeof import("./jobs.js").createJobs>, onChange: () => void,
 *   onSettings: () => void, files?: File[],
 * }} options `onChange`: documents went; `onSettings`: it was described, emptied or removed; `files`: to be added at once
 */
export function openDocuments(kb, { uploads, jobs, onChange, onSettings, files = [] }) {
  const wanted = { contains: "", state: "", offset: 0 };
  let asked = 0;
  let timer = 0;

  const called = el("bdi", {}, kb);
  const list = el("ul", { class: "documents" });
  const summary = el("p", { class: "fine", role: "status" });
  const more = el(
    "button",
    { type: "button", class: "soft-button", hidden: true, on: { click: () => load(wanted.offset + PAGE) } },
    "Show more",
  );
  const search = el("input", {
    type: "search",
    placeholder: "Search",
    "aria-label": "Search names and titles",
    dir: "auto",
  });
  const tabs = STATES.map(([state, label]) =>
    el(
      "button",
      { type: "button", class: "tab", "aria-pressed": String(state === ""), on: { click: () => pick(state) } },
      label,
    ),
  );
  const place = createDropPlace("Add documents", add);
  const adding = el("div", {}, place.element);
  const unwatch = uploads.watch(() => place.setBusy(uploads.isSending()));
  const unheard = jobs.onEnd((job) => job.kb === kb && load(0));
  const whole = el("ul", { class: "documents whole-files", "aria-label": "Archives and tables" });
  const settings = iconButton("edit", "Title, description, removal", changeKb);
  settings.hidden = true;
  const dialog = el(
    "dialog",
    { class: "drawer", "aria-labelledby": "documents-title" },
    el(
      "header",
      {},
      el("div", {}, el("h2", { id: "documents-title" }, "Documents"), el("p", { class: "fine" }, called)),
      el(
        "div",
        { class: "drawer-buttons" },
        settings,
        iconButton("close", "Close the documents", () => dialog.close()),
      ),
    ),
    adding,
    el(
      "div",
      { class: "documents-bar" },
      el("label", { class: "search" }, icon("search"), search),
      el("div", { class: "tabs", role: "group", "aria-label": "Which" }, tabs),
    ),
    summary,
    whole,
    list,
    more,
  );

  async function changeKb() {
    const change = await showKbSettings(await knowledgeBase(kb));
    if (change) {
      dialog.close();
      onSettings();
    }
  }

  /** What was uploaded and is no document of its own. */
  async function loadFiles() {
    const found = wanted.contains || wanted.state ? [] : await uploadedFiles(kb).catch(() => []);
    fill(whole, found.map((file) => fileEntry(kb, file, removeFile, fail)));
  }

  /** @param {import("./manage-api.js").UploadedFile} file */
  const removeFile = (file) =>
    removed(
      "Delete this file?",
      [el("bdi", {}, file.name), file.documents ? ` and the ${count(file.documents, "document")} in it are deleted.` : " is deleted."],
      file.doc_id,
    );

  /** @param {Error} error */
  const fail = (error) => void fill(summary, el("span", { class: "trouble" }, error.message));

  /** @param {File[]} some */
  async function add(some) {
    if (!uploads.isSending()) await uploads.take(kb, some, { again: add });
  }

  /** @param {string} state */
  function pick(state) {
    wanted.state = state;
    tabs.forEach((tab, at) => tab.setAttribute("aria-pressed", String(STATES[at][0] === state)));
    load(0);
  }

  /** @param {number} offset */
  async function load(offset) {
    const turn = ++asked;
    wanted.offset = offset;
    if (!offset) loadFiles();
    try {
      const found = await documents(kb, { ...wanted, limit: PAGE });
      if (turn !== asked) return; // a later question overtook this one
      const entries = found.documents.map((each) => documentEntry(kb, each, remove, fail));
      if (offset) list.append(...entries);
      else fill(list, entries);
      summary.textContent = found.total
        ? count(found.total, "document")
        : wanted.contains || wanted.state
          ? "No document is like that."
          : "No documents yet. Drop some above.";
      more.hidden = offset + PAGE >= found.total;
    } catch (error) {
      if (turn === asked) summary.textContent = error.message;
    }
  }

  /** @param {any} document */
  const remove = (document) =>
    removed(
      "Delete this document?",
      [
        el("bdi", {}, document.source),
        document.uploaded
          ? " and its uploaded file are deleted."
          : " leaves the knowledge base. Its file stays; the next ingest of that folder brings it back.",
      ],
      document.doc_id,
    );

  /** @param {string} question @param {any} text @param {string} id */
  async function removed(question, text, id) {
    if (!(await confirmed(question, text, "Delete"))) return;
    try {
      await removeDocument(kb, id);
      announce("Deleted");
      load(0);
      jobs.look();
      onChange();
    } catch (error) {
      fail(error);
    }
  }

  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      wanted.contains = search.value.trim();
      load(0);
    }, TYPING_MS);
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    unwatch();
    unheard();
    uploads.leave();
    dialog.remove();
  });
  document.body.append(dialog);
  uploads.show(adding, kb);
  place.setBusy(uploads.isSending());
  dialog.showModal();
  search.focus();
  load(0);
  knowledgeBase(kb).then(
    (about) => {
      settings.hidden = !about.writable;
      fill(called, about.title || kb);
    },
    () => {}, // the list says what is wrong
  );
  if (files.length) add(files);
}
