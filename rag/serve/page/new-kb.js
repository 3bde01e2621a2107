// A form that makes a knowledge base: a name, and its first files.

import { showDialog } from "./dialogs.js";
import { count, el, plain } from "./dom.js";
import { createDropPlace } from "./drop-place.js";

const LONGEST = 63;
const SUGGESTED = "documents";

/**
 * @typedef {{
 *   uploads: ReturnType<typeof import("./uploads.js").createUploads>,
 *   jobs: ReturnType<typeof import("./jobs.js").createJobs>,
 * }} Parts
 */

/** What is wrong with a name; empty: nothing. @param {string} name @param {string[]} taken */
function problemOf(name, taken) {
  if (!name) return "Give it a name.";
  if (!/^[A-Za-z]/.test(name)) return "A name begins with a letter, a to z.";
  const odd = name.match(/[^A-Za-z0-9_]/u)?.[0];
  if (odd === " ") return "No spaces in a name; use _ instead.";
  if (odd) return `No ‘${odd}’ in a name: letters a to z, digits and _ only.`;
  if (name.length > LONGEST) return `A name has at most ${LONGEST} characters.`;
  const same = taken.find((each) => each.toLowerCase() === name.toLowerCase());
  return same ? `There is ‘${same}’ already. Choose it, and add to it in Documents.` : "";
}

/** @param {string[]} taken */
function suggestion(taken) {
  const names = [SUGGESTED, ...taken.map((_, at) => `${SUGGESTED}_${at + 2}`)];
  return names.find((name) => !problemOf(name, taken)) ?? "";
}

/**
 * @param {Parts} parts
 * @param {string[]} taken names that there are
 * @param {(name: string, shown: boolean) => void} onEnd `shown`: whether the form is still there
 */
export function createNewKb({ uploads, jobs }, taken, onEnd) {
  /** @type {File[]} */
  let waiting = [];
  let busy = false;
  const field = el("input", {
    type: "text",
    id: "new-kb",
    class: "text-field",
    value: suggestion(taken),
    maxlength: LONGEST,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    "aria-describedby": "new-kb-problem",
  });
  const problem = el("p", { id: "new-kb-problem", class: "trouble", role: "alert", hidden: true });
  const place = createDropPlace("Add documents", take);
  const element = el(
    "form",
    { class: "new-kb" },
    el("label", { for: "new-kb" }, "Name"),
    field,
    problem,
    place.element,
  );

  /** @param {string} wrong empty: nothing is */
  function complain(wrong) {
    const toDo =
      waiting.length > 0 && `${wrong ? "Then press" : "Press"} Enter to add ${count(waiting.length, "file")}.`;
    problem.textContent = plain([wrong, toDo].filter(Boolean).join(" "));
    problem.hidden = !problem.textContent;
    problem.className = wrong ? "trouble" : "fine";
    if (wrong) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }

  /** Keeps files that wait for another name. @param {string} wrong @param {File[]} files */
  function refuse(wrong, files) {
    waiting = files;
    complain(wrong);
    field.focus();
  }

  /** @param {File[]} files */
  async function take(files) {
    if (busy) return;
    const name = field.value.trim();
    const wrong = problemOf(name, taken);
    if (wrong) return refuse(wrong, files);
    waiting = [];
    complain("");
    busy = true;
    draw();
    const outcome = await uploads.take(name, files, { create: true, again: take });
    if ([403, 404].includes(outcome.error?.status) && element.isConnected) {
      busy = false;
      uploads.leave();
      uploads.show(element);
      draw();
      refuse(`Your token may not make ‘${name}’. Take another name, or ask who runs the server.`, files);
      return;
    }
    await jobs.ended(outcome.jobs);
    busy = false;
    draw();
    if (outcome.jobs.length) onEnd(name, element.isConnected);
  }

  const draw = () => {
    field.disabled = busy;
    place.setBusy(busy);
  };
  field.addEventListener("input", () => complain(field.value.trim() && problemOf(field.value.trim(), taken)));
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    if (waiting.length) take(waiting);
    else if (problemOf(field.value.trim(), taken)) refuse(problemOf(field.value.trim(), taken), []);
    else place.choose();
  });
  return {
    element,
    take,
    isBusy: () => busy,
    /** To be called when it is on the page. */
    show() {
      uploads.show(element);
      field.select();
    },
    close() {
      uploads.leave();
      element.remove();
    },
  };
}

/**
 * The same in a dialog. An upload goes on when it is closed.
 * @param {Parts} parts
 * @param {string[]} taken
 * @param {(...end: Parameters<Parameters<typeof createNewKb>[2]>) => Promise<boolean>} onEnd whether it is done
 */
export async function showNewKb(parts, taken, onEnd) {
  /** @type {(value: null) => void} */
  let close = () => {};
  const form = createNewKb(parts, taken, async (...end) => {
    if (await onEnd(...end)) close(null);
  });
  const cancel = el("button", { type: "button", class: "soft-button", on: { click: () => close(null) } });
  const draw = () => {
    cancel.textContent = form.isBusy() ? "Go on in the background" : "Cancel";
  };
  const unwatch = parts.uploads.watch(draw);
  draw();
  const closed = showDialog(
    "New knowledge base",
    (end) => {
      close = end;
      return [form.element, el("div", { class: "dialog-buttons" }, cancel)];
    },
    null,
  );
  form.show();
  await closed;
  unwatch();
  form.close();
}
