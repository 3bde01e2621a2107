// The server's jobs, as they are now: asked for while somebody may look, more often while one works.

import { jobs as listJobs } from "./manage-api.js";

const WORKING_MS = 1000;
const IDLE_MS = 20_000;

/** @typedef {import("./manage-api.js").Job} Job */

export function createJobs() {
  /** @type {Job[]} */
  let known = [];
  /** @type {Set<(jobs: Job[]) => void>} */
  const watching = new Set();
  /** @type {Set<(job: Job) => void>} */
  const ending = new Set();
  let timer = 0;
  let turn = 0;

  async function look() {
    clearTimeout(timer);
    const mine = ++turn;
    try {
      const found = await listJobs();
      if (mine !== turn) return; // a later look overtook this one
      const before = new Map(known.map((job) => [job.id, job]));
      known = found;
      watching.forEach((call) => call(known));
      for (const job of known) if (!isActive(job) && isActive(before.get(job.id))) ending.forEach((call) => call(job));
    } catch {
      // the next look may work; what is asked of the server elsewhere says what is wrong
    }
    if (mine === turn && !document.hidden) timer = setTimeout(look, known.some(isActive) ? WORKING_MS : IDLE_MS);
  }

  document.addEventListener("visibilitychange", () => !document.hidden && look());

  return {
    look,
    all: () => known,
    /** Takes a job that the server has just told of. @param {Job} job */
    take(job) {
      turn += 1;
      known = [job, ...known.filter((each) => each.id !== job.id)];
      watching.forEach((call) => call(known));
      look();
    },
    /** @param {(jobs: Job[]) => void} call @returns {() => void} ends that */
    watch(call) {
      watching.add(call);
      return () => watching.delete(call);
    },
    /** Calls with each job that ends while this page looks. @param {(job: Job) => void} call @returns {() => void} ends that */
    onEnd(call) {
      ending.add(call);
      return () => ending.delete(call);
    },
    /** Waits until none of these works any more. @param {string[]} ids */
    async ended(ids) {
      while (known.some((job) => ids.includes(job.id) && isActive(job))) {
        await new Promise((then) => {
          const unwatch = this.watch(() => then(unwatch()));
        });
      }
    },
  };
}

/** @param {Job | undefined} job */
export const isActive = (job) => job !== undefined && ["waiting", "running"].includes(job.state);
