// Files on their way to the server, in parts, and its jobs: what becomes of them there goes on when the page is closed.

import { announce, count, el, fill } from "./dom.js";
import { createJobCard, jobTitle, jobWords } from "./job-view.js";
import { isActive } from "./jobs.js";
import { failureLabel } from "./labels.js";
import { upload } from "./manage-api.js";

const PART_FILES = 500;
const PART_BYTES = 256 * 1024 ** 2;
const NEWS_MS = 10 * 60_000;
const TROUBLE_MS = 24 * 3_600_000;
const MAX_CARDS = 12;

/**
 * What became of sending: `jobs` that the server made of it, `error` why the rest did not go; neither: it was stopped.
 * @typedef {{kb: string, jobs: string[], error?: import("./api.js").ApiError}} Outcome
 */

/**
 * @param {HTMLElement} button leads to the jobs, and says how far one is while they are not shown
 * @param {ReturnType<typeof import("./jobs.js").createJobs>} jobs
 */
export function createUploads(button, jobs) {
  const sending = el("div");
  const list = el("ul", { class: "jobs" });
  const state = el("div", { class: "upload-state", "aria-live": "polite" }, sending, list);
  const label = /** @type {HTMLElement} */ (button.querySelector("span"));
  const usual = label.textContent;
  /** @type {Map<string, ReturnType<typeof createJobCard>>} */
  const cards = new Map();
  /** @type {Set<() => void>} */
  const watching = new Set();
  /** @type {AbortController | null} */
  let running = null;
  let news = "";
  let kb = "";

  function drawButton() {
    const working = jobs.all().find(isActive);
    const shown = state.isConnected ? "" : working ? jobWords(working) : news;
    label.textContent = shown || usual;
    button.classList.toggle("has-news", shown !== "");
    button.setAttribute("aria-label", shown ? `${usual}: ${shown}` : String(usual)); // its words are hidden on a phone
  }

  function drawJobs() {
    const wanted = jobs.all().filter((job) => isActive(job) || (isNews(job) && ["", job.kb].includes(kb)));
    const shown = [...wanted.filter(isActive).reverse(), ...wanted.filter((job) => !isActive(job))].slice(0, MAX_CARDS);
    for (const id of [...cards.keys()]) if (!shown.some((job) => job.id === id)) cards.delete(id);
    const elements = shown.map((job) => {
      const card = cards.get(job.id) ?? createJobCard(job, jobs.look);
      cards.set(job.id, card);
      card.update(job);
      return card.element;
    });
    // Only what changed is moved: a button that is moved loses the keyboard.
    if (elements.some((each, at) => list.children[at] !== each) || list.children.length !== elements.length)
      fill(list, elements);
    drawButton();
  }

  /**
   * @param {string} name of the knowledge base
   * @param {File[]} files
   * @param {{create?: boolean, again: (left: File[]) => void}} options `again`: the person wants another try
   * @returns {Promise<Outcome>}
   */
  async function take(name, files, { create = false, again }) {
    const stopper = new AbortController();
    running = stopper;
    watching.forEach((each) => each());
    /** @type {Outcome} */
    const outcome = { kb: name, jobs: [] };
    let nSent = 0;
    try {
      for (const part of partsOf(files)) {
        fill(sending, sendingView(name, nSent, files.length, () => stopper.abort()));
        const job = await upload(name, part, { create, signal: stopper.signal });
        outcome.jobs.push(job.id);
        nSent += part.length;
        jobs.take(job);
      }
      fill(sending);
    } catch (error) {
      if (stopper.signal.aborted) fill(sending, el("p", { class: "fine" }, stoppedWords(nSent, files.length)));
      else {
        outcome.error = error;
        const retry = mayPass(error) ? () => again(files.slice(nSent)) : null;
        fill(sending, failureLabel(error.message, error.retryAfter, retry));
        news = "Not added";
        announce(news);
      }
    }
    running = null;
    watching.forEach((each) => each());
    drawJobs();
    return outcome;
  }

  jobs.watch(drawJobs);
  jobs.onEnd((job) => {
    const words = `${jobTitle(job)}: ${jobWords(job)}`;
    if (!state.isConnected) news = words;
    announce(words);
    drawJobs();
  });
  // What was sent goes on; what was not is lost with the page.
  addEventListener("beforeunload", (event) => running && event.preventDefault());

  return {
    take,
    /** Whether files are being sent. */
    isSending: () => running !== null,
    /** Calls when sending begins and when it has ended. @param {() => void} call @returns {() => void} ends that */
    watch(call) {
      watching.add(call);
      return () => watching.delete(call);
    },
    /**
     * Shows them as the last part of a place.
     * @param {Element} place
     * @param {string} [name] of a knowledge base: what has ended in others is left out
     */
    show(place, name = "") {
      kb = name;
      place.append(state);
      news = "";
      drawJobs();
      jobs.look();
    },
    /** Their place goes. */
    leave() {
      state.remove();
      if (!running) fill(sending);
      drawButton();
    },
  };
}

/** Whether a job that has ended is still worth a place: longer where something is to be done about it. @param {Job} job */
function isNews(job) {
  const age = Date.now() - Date.parse(job.ended ?? job.created);
  return age < (job.may_retry || job.failed ? TROUBLE_MS : NEWS_MS);
}

/** @typedef {import("./manage-api.js").Job} Job */

/** @param {string} kb @param {number} nSent @param {number} nFiles @param {() => void} stop */
function sendingView(kb, nSent, nFiles, stop) {
  const bar = el("progress", { max: "1", "aria-label": "Sent", value: nSent ? String(nSent / nFiles) : null });
  return el(
    "div",
    { class: "upload-running" },
    el("p", {}, `Sending ${count(nFiles, "file")} to `, el("bdi", {}, kb)),
    el("span", {}, nSent ? `${nSent.toLocaleString("en")} sent` : ""),
    el("button", { type: "button", class: "quiet-button", on: { click: stop } }, "Stop"),
    bar,
  );
}

/** @param {number} nSent @param {number} nFiles */
const stoppedWords = (nSent, nFiles) =>
  nSent ? `Stopped. ${nSent.toLocaleString("en")} of ${count(nFiles, "file")} were sent.` : "Stopped. Nothing was sent.";

/** @param {import("./api.js").ApiError} error */
const mayPass = (error) => error.retryAfter > 0 || error.status === 0 || error.status >= 500;

/** So few that a server takes them at once, and that little is lost where one breaks off. @param {File[]} files */
export function* partsOf(files) {
  /** @type {File[]} */
  let part = [];
  let nBytes = 0;
  for (const file of files) {
    if (part.length && (part.length >= PART_FILES || nBytes + file.size > PART_BYTES)) {
      yield part;
      part = [];
      nBytes = 0;
    }
    part.push(file);
    nBytes += file.size;
  }
  if (part.length) yield part;
}
