// What is shown of an upload: how far it is, what became of each file, why it failed.

import { count, el, icon } from "./dom.js";
import { failureLabel } from "./labels.js";

/** @typedef {{stage: string, done: number, total: number | null}} Progress */
/** @typedef {{name: string, state: string, error: string}} UploadedFile */

const STAGES = { waiting: "Waiting for other uploads", starting: "Starting to read", documents: "Reading" };

/** @param {Progress} progress */
export const progressWords = ({ stage, done, total }) =>
  (STAGES[stage] ?? "Working") + (total ? `, ${done.toLocaleString("en")} of ${total.toLocaleString("en")}` : "");

/** @param {number} nFiles */
export const sendingWords = (nFiles) => `Sending ${count(nFiles, "file")}`;

/**
 * @param {string} kb
 * @param {number} nFiles
 * @param {() => void} stop
 */
export function progressView(kb, nFiles, stop) {
  const bar = el("progress", { max: "1", "aria-label": "Progress" });
  const words = el("span", {}, sendingWords(nFiles));
  const element = el(
    "div",
    { class: "upload-running" },
    el("p", {}, "To ", el("bdi", {}, kb)),
    words,
    el("button", { type: "button", class: "quiet-button", on: { click: stop } }, "Stop"),
    bar,
  );
  return {
    element,
    /** @param {Progress} progress */
    update(progress) {
      if (progress.total) bar.value = progress.done / progress.total;
      else bar.removeAttribute("value");
      words.textContent = progressWords(progress);
    },
  };
}

/** Files that did not go in, each with why. @param {UploadedFile[]} files @returns {string[][]} */
function failuresOf(files) {
  const by = (state) => files.filter((file) => file.state === state);
  return [
    ...by("failed").map((file) => [file.name, file.error]),
    ...by("hidden").map((file) => [file.name, "left out: hidden files are not read"]),
  ];
}

/** @param {string} kb @param {UploadedFile[]} files */
export function reportWords(kb, files) {
  const nFailed = failuresOf(files).length;
  // An archive has no document of its own: it counts as added, its documents are in the list.
  const nAdded = files.length - nFailed;
  if (!nAdded) return `${count(nFailed, "file")} not added to ${kb}`;
  return `${count(nAdded, "file")} added to ${kb}${nFailed ? `, ${nFailed} not` : ""}`;
}

/** @param {string} kb @param {UploadedFile[]} files */
function reportView(kb, files) {
  const failures = failuresOf(files);
  const done = el("p", { class: "upload-done" }, icon(failures.length ? "warn" : "check"), reportWords(kb, files));
  if (!failures.length) return [done];
  const entries = failures.map(([name, why]) =>
    el("li", {}, el("bdi", {}, name), ": ", el("span", { dir: "auto" }, why)),
  );
  return [done, el("ul", { class: "upload-failed" }, entries)];
}

/** @param {import("./api.js").ApiError} error */
const mayPass = (error) => error.retryAfter > 0 || error.status === 0 || error.status >= 500;

/**
 * @param {import("./uploads.js").Outcome} outcome
 * @param {(() => void) | null} [again] another try
 * @returns {Element[]}
 */
export function outcomeView({ kb, files, error }, again = null) {
  if (files) return reportView(kb, files);
  if (error) return [failureLabel(error.message, error.retryAfter, mayPass(error) ? again : null)];
  return [el("p", { class: "fine" }, "Stopped. What was read before is kept.")];
}
