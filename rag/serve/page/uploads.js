// Files on their way into a knowledge base: one upload at a time, which goes on when nobody looks at it.

import { upload } from "./api.js";
import { announce, el, fill } from "./dom.js";
import { outcomeView, progressView, progressWords, reportWords, sendingWords } from "./upload-state.js";

/**
 * How an upload ended: `files` says what became of each, `error` why it did not; neither: it was stopped.
 * @typedef {{
 *   kb: string, files?: import("./upload-state.js").UploadedFile[], error?: import("./api.js").ApiError,
 * }} Outcome
 */

/** @param {HTMLElement} button leads to the uploads, and says how far one is while it is not shown */
export function createUploads(button) {
  const state = el("div", { class: "upload-state", "aria-live": "polite" });
  const label = /** @type {HTMLElement} */ (button.querySelector("span"));
  const usual = label.textContent;
  /** @type {Set<() => void>} */
  const watching = new Set();
  /** @type {AbortController | null} */
  let running = null;
  let news = "";

  /** @param {string} words of what is under way or was not seen to end */
  function tell(words) {
    news = words;
    drawButton();
  }

  function drawButton() {
    const shown = state.isConnected ? "" : news;
    label.textContent = shown || usual;
    button.classList.toggle("has-news", shown !== "");
    if (shown) button.setAttribute("aria-label", `${usual}: ${shown}`);
    else button.removeAttribute("aria-label");
  }

  /**
   * @param {string} kb
   * @param {File[]} files
   * @param {{create?: boolean, again: () => void}} options `again`: the person wants another try
   * @returns {Promise<Outcome>}
   */
  async function take(kb, files, { create = false, again }) {
    const stopper = new AbortController();
    running = stopper;
    const view = progressView(kb, files.length, () => stopper.abort());
    fill(state, view.element);
    tell(sendingWords(files.length));
    watching.forEach((each) => each());
    /** @type {Outcome} */
    let outcome = { kb };
    try {
      for await (const { event, data } of upload(kb, files, { create, signal: stopper.signal })) {
        if (event === "progress") {
          view.update(data);
          tell(progressWords(data));
        } else if (event === "report") outcome = { kb, files: data.files };
      }
    } catch (error) {
      if (!stopper.signal.aborted) outcome = { kb, error };
    }
    running = null;
    ended(outcome, again);
    watching.forEach((each) => each());
    return outcome;
  }

  /** @param {Outcome} outcome @param {() => void} again */
  function ended(outcome, again) {
    fill(state, outcomeView(outcome, again));
    const { kb, files, error } = outcome;
    const words = files ? reportWords(kb, files) : error ? "Not added" : "Stopped";
    tell(state.isConnected ? "" : words);
    announce(words);
  }

  // The server reads no further for a page that is gone.
  addEventListener("beforeunload", (event) => running && event.preventDefault());

  return {
    take,
    isRunning: () => running !== null,
    /** Calls when an upload begins and when it has ended. @param {() => void} call @returns {() => void} ends that */
    watch(call) {
      watching.add(call);
      return () => watching.delete(call);
    },
    /** Shows it as the last part of a place. @param {Element} place */
    show(place) {
      place.append(state);
      if (!running) news = "";
      drawButton();
    },
    /** Its place goes; what has ended was seen. */
    leave() {
      state.remove();
      if (!running) fill(state);
      drawButton();
    },
  };
}
