// The documents of a knowledge base: looked through, added, deleted.

import { documents, removeDocument } from "./api.js";
import { confirmed } from "./dialogs.js";
import { announce, count, el, fileLabel, fill, icon, iconButton } from "./dom.js";
import { createDropPlace } from "./drop-place.js";

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
 *   jobs: ReturnType<typeof import("./jobs.js").createJobs>, onChange: () => void, files?: File[],
 * }} options `onChange`: documents went; `files`: to be added at once
 */
export function openDocuments(kb, { uploads, jobs, onChange, files = [] }) {
  const wanted = { contains: "", state: "", offset: 0 };
  let asked = 0;
  let timer = 0;

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
  const dialog = el(
    "dialog",
    { class: "drawer", "aria-labelledby": "documents-title" },
    el(
      "header",
      {},
      el("div", {}, el("h2", { id: "documents-title" }, "Documents"), el("p", { class: "fine" }, el("bdi", {}, kb))),
      iconButton("close", "Close the documents", () => dialog.close()),
    ),
    adding,
    el(
      "div",
      { class: "documents-bar" },
      el("label", { class: "search" }, icon("search"), search),
      el("div", { class: "tabs", role: "group", "aria-label": "Which" }, tabs),
    ),
    summary,
    list,
    more,
  );

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
    try {
      const found = await documents(kb, { ...wanted, limit: PAGE });
      if (turn !== asked) return; // a later question overtook this one
      const entries = found.documents.map(entry);
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
  function entry(document) {
    const failed = document.state === "failed";
    const state = failed
      ? el("span", { class: "tag failed" }, "Failed")
      : document.state === "writing"
        ? el("span", { class: "tag" }, "Being read")
        : el("span", { class: "fine" }, count(document.n_records, "part"));
    const item = el(
      "li",
      { class: "document" },
      icon("file"),
      el(
        "div",
        { class: "document-words" },
        el("div", { class: "document-name" }, fileLabel(document.source), state),
        el(
          "p",
          { class: "fine path" },
          document.title ? el("bdi", {}, document.title) : el("bdi", {}, document.source),
        ),
        document.error && el("p", { class: "reason", dir: "auto" }, document.error),
      ),
      iconButton("trash", `Delete ${document.source}`, () => remove(document, item)),
    );
    return item;
  }

  /** @param {any} document @param {HTMLElement} item */
  async function remove(document, item) {
    const name = el("bdi", {}, document.source);
    if (
      !(await confirmed(
        "Delete this document?",
        [
          name,
          document.uploaded
            ? " and its uploaded file are deleted."
            : " leaves the knowledge base. Its file stays; the next ingest of that folder brings it back.",
        ],
        "Delete",
      ))
    )
      return;
    try {
      await removeDocument(kb, document.doc_id);
      item.remove();
      announce("Deleted");
      load(0);
      onChange();
    } catch (error) {
      fill(summary, el("span", { class: "trouble" }, error.message));
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
  if (files.length) add(files);
}
