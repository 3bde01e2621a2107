// Files on their way into a knowledge base.

import { upload } from "./api.js";
import { announce, count, el, fill, icon } from "./dom.js";

/**
 * @param {string} kb
 * @param {() => void} onDone
 */
export function createUploads(kb, onDone) {
  const chosen = el("input", { type: "file", multiple: true, class: "sr-only", tabindex: "-1", "aria-hidden": "true" });
  const state = el("div", { class: "upload-state", "aria-live": "polite" });
  const place = el("div", { class: "upload" },
    el("button", { type: "button", class: "upload-place", on: { click: () => chosen.click() } }, icon("upload"), el("span", {}, el("strong", {}, "Add documents"), " — drop files here, or choose them")),
    chosen, state);
  /** @type {AbortController | null} */
  let running = null;

  /** @param {File[]} files */
  async function take(files) {
    if (!files.length || running) return;
    running = new AbortController();
    const bar = el("progress", { max: "1", "aria-label": "Progress" });
    const words = el("span", {}, `Sending ${count(files.length, "file")}`);
    const stop = el("button", { type: "button", class: "quiet-button", on: { click: () => running?.abort() } }, "Stop");
    fill(state, el("div", { class: "upload-running" }, bar, words, stop));
    try {
      for await (const { event, data } of upload(kb, files, running.signal)) {
        if (event === "progress") progress(bar, words, data);
        else if (event === "report") report(data);
      }
      onDone();
    } catch (error) {
      const stopped = running.signal.aborted;
      fill(state, el("p", { class: stopped ? "fine" : "trouble", role: "alert" }, stopped ? "Stopped. What was read before is kept." : error.message));
      if (stopped) onDone();
    } finally {
      running = null;
    }
  }

  /** @param {any} data */
  function report(data) {
    const added = (data.new ?? 0) + (data.replaced ?? 0);
    const failures = Array.isArray(data.failed) ? data.failed : [];
    const words = [added && `${count(added, "document")} added`, data.unchanged && `${data.unchanged} known already`, failures.length && `${failures.length} failed`].filter(Boolean).join(", ");
    fill(state, el("p", { class: "upload-done" }, icon(failures.length ? "warn" : "check"), words || "Nothing was added."),
      failures.length > 0 && el("ul", { class: "upload-failed" }, failures.map((each) => el("li", {}, el("bdi", {}, each.source), ": ", el("span", { dir: "auto" }, each.reason)))));
    announce(words);
  }

  chosen.addEventListener("change", () => {
    take([...(chosen.files ?? [])]);
    chosen.value = "";
  });
  for (const type of ["dragenter", "dragover"]) {
    place.addEventListener(type, (event) => {
      event.preventDefault();
      event.stopPropagation();
      place.classList.add("over");
    });
  }
  place.addEventListener("dragleave", () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    place.classList.remove("over");
    take([...(event.dataTransfer?.files ?? [])]);
  });
  return { element: place };
}

/** @param {HTMLProgressElement} bar @param {HTMLElement} words @param {any} data */
function progress(bar, words, { stage, done, total }) {
  if (total) bar.value = done / total;
  else bar.removeAttribute("value");
  words.textContent = total ? `${stage} ${done} of ${total}` : String(stage ?? "");
}
