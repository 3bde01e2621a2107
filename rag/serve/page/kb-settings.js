// What a knowledge base is called and what is said of it; emptied and removed only by who types its name.

import { showDialog } from "./dialogs.js";
import { announce, el, icon } from "./dom.js";
import { changeKb, dropKb, emptyKb } from "./manage-api.js";

/** @typedef {"changed" | "emptied" | "dropped" | null} Change */

/**
 * @param {import("./api.js").KnowledgeBase} kb
 * @returns {Promise<Change>} what was done; null: nothing
 */
export const showKbSettings = (kb) =>
  showDialog("Knowledge base", (close) => [describing(kb, close), removing(kb, close)], /** @type {Change} */ (null));

/** @param {import("./api.js").KnowledgeBase} kb @param {(change: Change) => void} close */
function describing(kb, close) {
  const title = el("input", { type: "text", id: "kb-title", class: "text-field", value: kb.title, maxlength: 200, placeholder: kb.name, dir: "auto" });
  const description = el("textarea", { id: "kb-description", class: "text-field", rows: 3, maxlength: 4000, dir: "auto" });
  description.value = kb.description ?? "";
  const trouble = el("p", { class: "trouble", role: "alert", hidden: true });
  const form = el(
    "form",
    { class: "kb-form" },
    el("label", { for: "kb-title" }, "Title"),
    title,
    el("label", { for: "kb-description" }, "Description"),
    description,
    el("p", { class: "fine" }, "In commands and addresses it stays ", el("bdi", {}, kb.name), "."),
    trouble,
    el("div", { class: "dialog-buttons" }, el("button", { type: "submit", class: "primary-button" }, "Save")),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = { title: title.value.trim(), description: description.value.trim() };
    attempt(form, trouble, () => changeKb(kb.name, said), () => close("changed"));
  });
  return form;
}

/** @param {import("./api.js").KnowledgeBase} kb @param {(change: Change) => void} close */
function removing(kb, close) {
  const field = el("input", { type: "text", id: "kb-confirm", class: "text-field", autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
  const trouble = el("p", { class: "trouble", role: "alert", hidden: true });
  /** @param {string} label @param {() => Promise<any>} work @param {Change} change */
  const button = (label, work, change) =>
    el(
      "button",
      { type: "button", class: "danger-button", disabled: true, on: { click: () => attempt(section, trouble, work, () => close(change)) } },
      icon("trash"),
      label,
    );
  const buttons = [
    button("Empty it", () => emptyKb(kb.name, field.value), "emptied"),
    button("Remove it", () => dropKb(kb.name, field.value), "dropped"),
  ];
  const section = el(
    "form",
    { class: "kb-form kb-danger" },
    el("p", {}, "Emptied, it loses all documents and what was uploaded. Removed, it is gone. Files of your own stay. Neither can be undone."),
    el("label", { for: "kb-confirm" }, "Type ", el("code", {}, kb.name), " to do either"),
    field,
    trouble,
    el("div", { class: "dialog-buttons" }, buttons),
  );
  section.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", () => buttons.forEach((each) => (each.disabled = field.value.trim() !== kb.name)));
  return section;
}

/** @param {HTMLElement} form @param {HTMLElement} trouble @param {() => Promise<any>} work @param {() => void} then */
async function attempt(form, trouble, work, then) {
  const buttons = [...form.querySelectorAll("button")].filter((each) => !each.disabled);
  buttons.forEach((each) => (each.disabled = true));
  trouble.hidden = true;
  try {
    await work();
    announce("Done");
    then();
  } catch (error) {
    trouble.textContent = error.message;
    trouble.hidden = false;
    buttons.forEach((each) => (each.disabled = false));
  }
}
