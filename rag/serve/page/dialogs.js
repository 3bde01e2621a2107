// Small questions to the person: a token, a confirmation; and the list of keys.

import { count, el, fill, icon, iconButton } from "./dom.js";

/**
 * Shows a dialog until it is closed.
 * @template T
 * @param {string} title
 * @param {(close: (value: T) => void) => any[]} content
 * @param {T} otherwise for Escape and the close button
 * @returns {Promise<T>}
 */
export function showDialog(title, content, otherwise) {
  return new Promise((resolve) => {
    let value = otherwise;
    const dialog = el("dialog", { class: "small-dialog", "aria-label": title });
    const close = (given) => {
      value = given;
      dialog.close();
    };
    fill(
      dialog,
      el(
        "header",
        {},
        el("h2", {}, title),
        iconButton("close", "Close", () => dialog.close()),
      ),
      ...content(close),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(value);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** @param {boolean} refused whether a token was given before @returns {Promise<string | null>} */
export const askToken = (refused) =>
  showDialog(
    "This server needs a token",
    (close) => {
      const field = el("input", {
        type: "password",
        class: "text-field",
        id: "token",
        autocomplete: "off",
        spellcheck: "false",
        "aria-label": "Token",
        autofocus: true,
      });
      const form = el(
        "form",
        {},
        el(
          "p",
          {},
          "Who runs the server gives it out (RAG_SERVE_TOKEN). It is kept in this tab only, until the tab is closed.",
        ),
        refused && el("p", { class: "trouble", role: "alert" }, "That token is not accepted here."),
        field,
        el(
          "div",
          { class: "dialog-buttons" },
          el("button", { type: "submit", class: "primary-button" }, icon("key"), "Go on"),
        ),
      );
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        if (field.value.trim()) close(field.value.trim());
      });
      return [form];
    },
    /** @type {string | null} */ (null),
  );

/**
 * @param {string} title
 * @param {any} text
 * @param {string} action what the button says
 * @param {{keep?: string, kind?: string, sign?: import("./dom.js").IconName}} [look] without: something is deleted
 */
export const confirmed = (title, text, action, { keep = "Keep", kind = "danger-button", sign = "trash" } = {}) =>
  showDialog(
    title,
    (close) => [
      el("p", {}, text),
      el(
        "div",
        { class: "dialog-buttons" },
        el(
          "button",
          { type: "button", class: "soft-button", autofocus: true, on: { click: () => close(false) } },
          keep,
        ),
        el("button", { type: "button", class: kind, on: { click: () => close(true) } }, icon(sign), action),
      ),
    ],
    false,
  );

const NAMED = 5;

/** @param {string} kb @param {File[]} files */
export const addingConfirmed = (kb, files) =>
  confirmed(
    `Add ${count(files.length, "file")}?`,
    [
      files.slice(0, NAMED).map((file, at) => [at > 0 && ", ", el("bdi", {}, file.name)]),
      files.length > NAMED && ` and ${files.length - NAMED} more`,
      " will be part of ",
      el("bdi", {}, kb),
      ".",
    ].flat(2),
    "Add",
    { keep: "Cancel", kind: "primary-button", sign: "upload" },
  );

const KEYS = [
  ["/", "put a question"],
  ["Enter", "ask"],
  ["Shift + Enter", "a new line in the question"],
  ["Esc", "stop the answer, or close what is open"],
  ["1 … 9", "open a source of the last answer"],
  ["← →", "the source before, the next one"],
  ["N", "a new conversation"],
  ["?", "this list"],
];

export const showKeys = () =>
  showDialog(
    "Keyboard",
    () => [
      el(
        "dl",
        { class: "keys" },
        KEYS.map(([key, what]) => el("div", {}, el("dt", {}, el("kbd", {}, key)), el("dd", {}, what))),
      ),
    ],
    undefined,
  );

/** Whether a dialog is open, which then has the keyboard. */
export const dialogIsOpen = () => document.querySelector("dialog[open]") !== null;
