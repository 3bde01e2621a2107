// What is shown of a job: how far it is, what became of what came, what can be done about it.

import { announce, count, el, fill, icon, iconButton } from "./dom.js";
import { isActive } from "./jobs.js";
import { cancelJob, forgetJob, jobOf, retryJob } from "./manage-api.js";

/** @typedef {import("./manage-api.js").Job} Job */

const KINDS = { demo: "The sample dump", update: "Looking again at what is left" };
const MAX_FAILURES = 50;

/** What came. @param {Job} job */
export const jobTitle = (job) => KINDS[job.kind] ?? count(job.n_files, "file");

/** How far it is, or how it ended. @param {Job} job */
export function jobWords(job) {
  const failed = job.failed ? `${job.failed.toLocaleString("en")} failed` : "";
  if (job.state === "waiting") {
    return job.ahead ? `Waiting for ${count(job.ahead, "job")} before it` : "Waiting for its turn";
  }
  if (job.state === "running") {
    if (job.total === null) return "Starting to read";
    const done = `Reading, ${job.done.toLocaleString("en")} of ${job.total.toLocaleString("en")}`;
    return [done, failed, leftWords(job.left_s)].filter(Boolean).join(" · ");
  }
  if (job.state === "cancelled") return "Cancelled. What was read before is kept.";
  if (job.state === "failed") return `Failed: ${job.error?.message ?? "the server's log says why"}`;
  return failed ? `Done · ${failed}` : "Done";
}

/** Seconds for people. @param {number | null} seconds */
function leftWords(seconds) {
  if (seconds === null) return "";
  if (seconds < 90) return `about ${Math.max(1, Math.round(seconds))} s left`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min left`;
  return `about ${Math.round(seconds / 3600)} h left`;
}

/**
 * A card of one job; `update` draws it as it is now.
 * @param {Job} first
 * @param {() => void} changed it was cancelled, tried again or taken away
 */
export function createJobCard(first, changed) {
  let job = first;
  const bar = el("progress", { max: "1", "aria-label": "Progress" });
  const sign = el("span", { class: "job-sign" });
  const words = el("p", { class: "job-words", dir: "auto" });
  const trouble = el("p", { class: "trouble", role: "alert", hidden: true });
  const failures = el("ul", { class: "upload-failed" });
  const actions = el("div", { class: "job-actions" });
  const element = el(
    "li",
    { class: "job" },
    el("div", { class: "job-head" }, sign, el("strong", {}, jobTitle(job)), el("bdi", { class: "job-kb" }, job.kb), actions),
    bar,
    words,
    trouble,
    failures,
  );
  let shown = "";

  /** @param {() => Promise<any>} work @param {string} said */
  async function act(work, said) {
    actions.querySelectorAll("button").forEach((button) => (button.disabled = true));
    trouble.hidden = true;
    try {
      await work();
      announce(said);
    } catch (error) {
      trouble.textContent = error.message;
      trouble.hidden = false;
    }
    shown = "";
    changed();
  }

  function drawActions() {
    fill(
      actions,
      isActive(job) && button("Cancel", () => act(() => cancelJob(job.id), "Cancelled")),
      job.may_retry && button("Try again", () => act(() => retryJob(job.id), "Tried again")),
      !isActive(job) &&
        iconButton("close", "Take this from the list", () => act(() => forgetJob(job.id), "Taken from the list")),
    );
  }

  /** @param {string} label @param {() => void} press */
  const button = (label, press) => el("button", { type: "button", class: "quiet-button", on: { click: press } }, label);

  async function drawFailures() {
    if (isActive(job) || !job.n_files) return fill(failures);
    try {
      const { files } = await jobOf(job.id);
      const odd = files.filter((file) => file.error || file.state === "hidden");
      fill(
        failures,
        odd.slice(0, MAX_FAILURES).map((file) => failure(file)),
        odd.length > MAX_FAILURES && el("li", {}, `and ${(odd.length - MAX_FAILURES).toLocaleString("en")} more`),
      );
    } catch {
      fill(failures); // it was taken away meanwhile
    }
  }

  /** @param {import("./manage-api.js").JobFile} file */
  const failure = (file) =>
    el(
      "li",
      { class: file.state === "failed" ? "" : "fine" },
      el("bdi", {}, file.name),
      ": ",
      el("span", { dir: "auto" }, file.error || "left out: hidden files are not read"),
    );

  /** @param {Job} now */
  function update(now) {
    job = now;
    bar.hidden = !isActive(job);
    if (job.total) bar.value = job.done / job.total;
    else bar.removeAttribute("value");
    words.textContent = jobWords(job);
    const state = `${job.state} ${job.ended}`;
    if (state === shown) return;
    shown = state;
    const isBad = job.state === "failed" || (!isActive(job) && job.failed > 0);
    element.className = `job job-${job.state}${isBad ? " job-bad" : ""}`;
    fill(sign, icon(isActive(job) ? "upload" : isBad ? "warn" : job.state === "cancelled" ? "stop" : "check"));
    drawActions();
    drawFailures();
  }

  update(first);
  return { element, update };
}
