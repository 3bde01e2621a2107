// What jobs bring is shown: documents that are in can be asked for before their job has ended.

import { isActive } from "./jobs.js";

/**
 * @param {{
 *   jobs: ReturnType<typeof import("./jobs.js").createJobs>, kb: () => string, isEmpty: () => boolean,
 *   isUnasked: () => boolean, isMaking: () => boolean, list: () => Promise<any>, load: () => Promise<void>,
 *   choose: (name: string) => Promise<void>,
 * }} page `isEmpty`: nothing is in the chosen one; `isMaking`: the form that makes the first one waits
 */
export function followJobs({ jobs, kb, isEmpty, isUnasked, isMaking, list, load, choose }) {
  jobs.watch((all) => {
    if (isMaking()) return; // it waits for its own jobs, and turns to what they made
    if (kb() === "" && all.some((job) => job.state === "running" && job.done > 0)) load();
    else if (kb() !== "" && isEmpty() && isUnasked() && all.some((job) => job.kb === kb() && isActive(job))) again(() => choose(kb()));
  });
  jobs.onEnd((job) => {
    if (isMaking()) return;
    if (kb() === "") load();
    else again(() => list().then(() => (job.kb === kb() && isUnasked() ? choose(kb()) : undefined)));
  });
}

/** What cannot be seen now is seen with the next step. @param {() => Promise<any>} step */
const again = (step) => void step().catch(() => {});
