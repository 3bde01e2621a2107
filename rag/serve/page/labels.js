// What is said about an answer: who wrote it, what failed, how long it took.

import { el, icon, iconButton } from "./dom.js";

/** Why no model wrote the answer; said where it is said what to do about it. */
const WHY_NO_MODEL = ["chat_unreachable", "chat_model_missing", "chat_failed", "chat_stopped"];
const IN_LABEL = ["no_model", "no_evidence", "needs_model", ...WHY_NO_MODEL];

/** Notes of these codes. @param {import("./api.js").Answer} answer @param {string[]} codes */
const notesWith = (answer, codes) => notesIn(answer).filter((note) => codes.includes(note.code));

/** An earlier page kept notes as mere sentences. @param {import("./api.js").Answer} answer */
const notesIn = (answer) => answer.notes.map((note) => (typeof note === "string" ? { code: "", text: note } : note));

/** The model that the server is to answer with; null: none. @type {string | null} */
let wanted = "";

/** @param {string | null} [model] */
export function nameModel(model) {
  wanted = model === undefined ? "" : model;
}

/** Who wrote it, where that was no model. @param {import("./api.js").Answer} answer */
export function originOf(answer) {
  if (answer.model) return null;
  if (notesWith(answer, ["needs_model"]).length) {
    return el("div", { class: "callout" }, icon("info"), el("p", {}, el("strong", {}, "This takes a language model.")));
  }
  if (notesWith(answer, ["no_evidence"]).length || !answer.sources.length) {
    return el(
      "div",
      { class: "callout" },
      icon("search"),
      el(
        "p",
        {},
        el("strong", {}, "Nothing here answers this. "),
        answer.sources.length
          ? "What comes closest is below. Other words, or another knowledge base, may find more."
          : "Other words, a wider filter or another knowledge base may find more.",
      ),
    );
  }
  return el(
    "details",
    { class: "callout quoted" },
    el(
      "summary",
      {},
      icon("quote"),
      el("span", {}, el("strong", {}, "Quoted from your sources"), " — no language model wrote this"),
      el("span", { class: "how" }, "What to do"),
    ),
    whatToDo(answer),
    notesWith(answer, WHY_NO_MODEL).map((note) => el("p", { class: "fine" }, sentence(note.text))),
  );
}

/** @param {import("./api.js").Answer} answer */
function whatToDo(answer) {
  if (wanted === null) return el("p", {}, "This server is set to quote (RAG_CHAT=extractive on the machine that runs it).");
  const pull = `ollama pull ${wanted || "MODEL"}`;
  if (notesWith(answer, ["chat_model_missing"]).length) {
    return [el("p", {}, "For a written answer, get the model on the machine that runs Ollama, and ask again:"), el("pre", {}, pull)];
  }
  return [
    el("p", {}, "For a written answer, start Ollama on the machine that runs this server, and ask again:"),
    el("pre", {}, `ollama serve\n${pull}`),
  ];
}

/** Whether the model died before it had written all. @param {import("./api.js").Answer} answer */
export const isBroken = (answer) => answer.ending === "broken";

const FRAGMENT = "What is below was written until then; it is not a whole answer.";

/** Of an answer whose model died in the middle. @param {import("./api.js").Answer} answer @param {Retry} retry */
export function brokenLabel(answer, retry) {
  const why = notesWith(answer, ["answer_incomplete"]).map((note) => sentence(note.text));
  return troubleLabel("The model broke off in the middle.", [...why, FRAGMENT].join("\n"), retry);
}

/** Of an answer that the person stopped. @param {boolean} hasText @param {Retry} retry */
export function stoppedLabel(hasText, retry) {
  const again = retry && iconButton("retry", "Ask again", retry, { class: "soft-button", shown: true });
  return el(
    "div",
    { class: "callout stopped" },
    icon("stop"),
    el(
      "div",
      {},
      el("p", {}, el("strong", {}, "You stopped this.")),
      el("p", { class: "message" }, hasText ? FRAGMENT : "Nothing was written."),
      again,
    ),
  );
}

/**
 * @typedef {(() => void) | null} Retry  null: it would fail again
 *
 * @param {string} message
 * @param {number} retryAfter seconds after which it is worth another try
 * @param {Retry} retry
 * @param {boolean} [hasText] whether some of the answer had come
 */
export const failureLabel = (message, retryAfter, retry, hasText = false) =>
  troubleLabel(
    hasText ? "This answer broke off." : "This was not answered.",
    hasText ? `${sentence(message)}\n${FRAGMENT}` : sentence(message),
    retry,
    retryAfter,
  );

/** @param {string} title @param {string} message @param {Retry} retry @param {number} [retryAfter] */
function troubleLabel(title, message, retry, retryAfter = 0) {
  const again = retry && iconButton("retry", "Try again", retry, { class: "soft-button", shown: true });
  if (again && retryAfter) countDown(again, retryAfter);
  return el(
    "div",
    { class: "callout failed", role: "alert" },
    icon("warn"),
    el("div", {}, el("p", {}, el("strong", {}, title)), el("p", { class: "message" }, message), again),
  );
}

/** @param {import("./api.js").Answer} answer */
export function notesOf(answer) {
  const inLabel = ["understood", ...(answer.model ? ["answer_incomplete"] : IN_LABEL)];
  return notesIn(answer)
    .filter((note) => !inLabel.includes(note.code))
    .map((note) => sentence(note.text));
}

/** @param {string} text */
const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** @param {import("./api.js").Answer} answer @param {number | undefined} seconds */
export const facts = (answer, seconds) =>
  [answer.model ?? "", seconds > 0 ? `${Math.max(0.1, seconds).toFixed(1)} s` : ""].filter(Boolean);

/** @param {HTMLButtonElement} button @param {number} seconds */
function countDown(button, seconds) {
  const label = button.querySelector("span");
  const tick = (left) => {
    button.disabled = left > 0;
    label.textContent = left > 0 ? `Try again in ${left} s` : "Try again";
    if (left > 0) setTimeout(tick, 1000, left - 1);
  };
  tick(Math.min(60, Math.ceil(seconds)));
}
