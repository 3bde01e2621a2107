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
  const place = el(
    "div",
    { class: "upload" },
    el(
      "button",
      { type: "button", class: "upload-place", on: { click: () => chosen.click() } },
      icon("upload"),
      el("span", {}, el("strong", {}, "Add documents"), " — drop files here, or choose them"),
    ),
    chosen,
    state,
  );
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
      fill(
        state,
        el(
          "p",
          { class: stopped ? "fine" : "trouble", role: "alert" },
          stopped ? "Stopped. What was read before is kept." : error.message,
        ),
      );
      if (stopped) onDone();
    } finally {
      running = null;
    }
  }

  /** What became of each file of this upload. @param {any} data */
  function report({ files }) {
    const by = (state) => files.filter((file) => file.state === state);
    const failures = [
      ...by("failed").map((file) => [file.name, file.error]),
      ...by("hidden").map((file) => [file.name, "left out: hidden files are not read"]),
    ];
    // An archive has no document of its own: it counts as added, its documents are in the list below.
    const added = files.length - failures.length;
    const words = [added && `${count(added, "file")} added`, failures.length && `${failures.length} not`]
      .filter(Boolean)
      .join(", ");
    fill(
      state,
      el("p", { class: "upload-done" }, icon(failures.length ? "warn" : "check"), words),
      failures.length > 0 &&
        el(
          "ul",
          { class: "upload-failed" },
          failures.map(([name, why]) => el("li", {}, el("bdi", {}, name), ": ", el("span", { dir: "auto" }, why))),
        ),
    );
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

const STAGES = { waiting: "Waiting for other uploads", starting: "Starting to read", documents: "Reading" };

/** @param {HTMLProgressElement} bar @param {HTMLElement} words @param {any} data */
function progress(bar, words, { stage, done, total }) {
  if (total) bar.value = done / total;
  else bar.removeAttribute("value");
  words.textContent = (STAGES[stage] ?? "Working") + (total ? `, ${done} of ${total}` : "");
}
