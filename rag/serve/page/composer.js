// Where the question is put: words, a picture, a filter.

import { announce, byId, el, fill, icon, iconButton } from "./dom.js";
import { createFilter } from "./filter.js";
import { pictureOfAsset, preparePicture } from "./pictures.js";

/** @typedef {import("./pictures.js").Picture} Picture */

const LONGEST_QUESTION = 20_000;

/**
 * @typedef {import("./request.js").Request} Request
 * @param {{send: (request: Request) => void, stop: () => void, begun: () => void}} actions `begun`: something is typed
 */
export function createComposer({ send, stop, begun }) {
  const form = byId("composer");
  /** @type {Picture | null} */
  let picture = null;
  let running = false;
  let ready = false;

  const field = el("textarea", {
    id: "question",
    rows: "1",
    maxlength: LONGEST_QUESTION,
    "aria-label": "Question",
    dir: "auto",
    enterkeyhint: "send",
  });
  const chosen = el("input", {
    type: "file",
    accept: "image/*",
    class: "sr-only",
    tabindex: "-1",
    "aria-hidden": "true",
  });
  const preview = el("div", { class: "preview", hidden: true });
  const trouble = el("p", { class: "trouble", role: "alert", hidden: true });
  const filter = createFilter(update);
  const go = el("button", { type: "submit", class: "send", "aria-label": "Ask" }, icon("send"));
  const addPicture = iconButton("image", "Add a picture", () => chosen.click());
  fill(
    form,
    preview,
    field,
    filter.element,
    trouble,
    el("div", { class: "composer-foot" }, addPicture, filter.toggle, el("span", { class: "space" }), go),
    chosen,
  );

  function update() {
    go.classList.toggle("stopping", running);
    go.setAttribute("aria-label", running ? "Stop" : "Ask");
    fill(go, icon(running ? "stop" : "send"));
    go.disabled = !running && (!ready || !(field.value.trim() || picture));
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 220)}px`;
  }

  /** @param {Picture | null} next */
  function setPicture(next) {
    picture = next;
    preview.hidden = !next;
    fill(
      preview,
      next && [
        next.preview ? el("img", { src: next.preview, alt: "" }) : icon("image"),
        el("span", { class: "preview-name" }, el("bdi", {}, next.name)),
        iconButton("close", "Remove the picture", () => {
          setPicture(null);
          field.focus();
        }),
      ],
    );
    update();
  }

  /** @param {Blob} blob @param {string} name */
  async function takePicture(blob, name) {
    complain("");
    try {
      setPicture(await preparePicture(blob, name));
      announce(`Picture added: ${name}`);
      field.focus();
    } catch (error) {
      complain(error.message);
    }
  }

  /** @param {string} message */
  function complain(message) {
    trouble.textContent = message;
    trouble.hidden = !message;
  }

  function submit() {
    if (running) {
      stop();
      return;
    }
    if (go.disabled) return;
    const request = { question: field.value.trim(), picture, where: filter.value() };
    field.value = "";
    complain("");
    filter.complain(null);
    setPicture(null);
    send(request);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  field.addEventListener("input", () => {
    update();
    begun();
  });
  field.addEventListener("keydown", (event) => {
    // While an input method composes a word, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || running) return;
    event.preventDefault();
    submit();
  });
  field.addEventListener("paste", (event) => {
    const file = [...(event.clipboardData?.files ?? [])].find((each) => each.type.startsWith("image/"));
    if (!file) return;
    event.preventDefault();
    takePicture(file, file.name || "pasted picture");
  });
  chosen.addEventListener("change", () => {
    const file = chosen.files?.[0];
    if (file) takePicture(file, file.name);
    chosen.value = "";
  });
  update();

  return {
    focus: () => field.focus(),
    takePicture,
    /** Takes a picture of a document. @param {string} kb @param {string} asset @param {string} file */
    async takeAsset(kb, asset, file) {
      try {
        setPicture(await pictureOfAsset(kb, asset, file));
        field.focus();
      } catch (error) {
        complain(error.message);
      }
    },
    complain,
    /** @param {boolean} is */
    setRunning(is) {
      running = is;
      update();
    },
    /** @param {{kb: string, placeholder: string}} about `kb`: what is asked; empty: nothing can be */
    setup(about) {
      ready = about.kb !== "";
      field.disabled = addPicture.disabled = filter.toggle.disabled = !ready;
      field.placeholder = about.placeholder;
      filter.setKb(about.kb);
      update();
    },
    /** @param {string} text */
    setText(text) {
      field.value = text;
      update();
      field.focus();
    },
    /** Puts back what could not be asked. @param {import("./request.js").Request} request @param {any} error */
    refuse(request, error) {
      field.value = request.question;
      setPicture(request.picture);
      filter.complain(error);
    },
  };
}
