// One question and its answer, as they are shown.

import { AnswerText } from "./answer.js";
import { copyText, withSources } from "./copy.js";
import { announce, count, el, fill, icon, iconButton } from "./dom.js";
import { markCited, sourceRow, sourceSkeleton } from "./sources.js";

/** @typedef {import("./api.js").Source} Source @typedef {import("./state.js").Turn} Turn */

const NO_MODEL = /^no model wrote this answer/;
const NO_EVIDENCE = /^no evidence\b/;
/** Why there was no model; said where it is said what to do about it. */
const NO_OLLAMA = /\bollama\b/i;

export class TurnView {
  /**
   * @param {string} kb
   * @param {Turn} turn
   * @param {{open: (view: TurnView, number: number, opener: HTMLElement | null) => void, again: (view: TurnView) => void}} actions
   */
  constructor(kb, turn, actions) {
    this.kb = kb;
    this.turn = turn;
    this.actions = actions;
    /** @type {Source[]} */
    this.sources = [];
    this.answer = new AnswerText((number, opener) => actions.open(this, number, opener));
    this.row = el("div", { class: "source-place" });
    this.label = el("div", { class: "label-place" });
    this.asked_ms = 0;
    this.foot = el("div", { class: "turn-foot" });
    this.element = el("article", { class: "turn" }, this.head(), this.row, this.label, this.answer.element, this.foot);
  }

  head() {
    const { question, picture, where } = this.turn;
    const shown = picture && el("img", { class: "asked-picture", src: safePreview(picture), alt: "the picture that was asked with" });
    const words = question || "What is in this picture?";
    return el("header", { class: "asked" }, shown, el("div", {}, el("h2", { dir: "auto", class: words.length > 140 ? "long" : "" }, words),
      where && el("p", { class: "asked-where" }, icon("filter"), el("code", { dir: "auto" }, where))));
  }

  /** The server is searching. */
  wait() {
    this.asked_ms = performance.now();
    this.element.setAttribute("aria-busy", "true");
    fill(this.row, sourceSkeleton());
    fill(this.label, el("p", { class: "working" }, el("span", { class: "pulse", "aria-hidden": "true" }), "Looking through the sources"));
    announce("Looking through the sources");
  }

  /** @param {Source[]} sources */
  showSources(sources) {
    this.sources = this.answer.sources = sources;
    fill(this.row, sources.length > 0 && sourceRow(this.kb, sources, (number, opener) => this.actions.open(this, number, opener)));
  }

  /** The sources are there; the model reads. */
  read() {
    fill(this.label, el("p", { class: "working" }, el("span", { class: "pulse", "aria-hidden": "true" }), `Reading ${count(this.sources.length, "source")}`));
    announce(`${count(this.sources.length, "source")} found, writing`);
  }

  /** @param {string} text */
  add(text) {
    if (!this.answer.text) fill(this.label);
    this.element.classList.add("writing");
    this.answer.add(text);
  }

  /** @param {import("./api.js").Answer} answer @param {boolean} [quiet] an earlier one, shown again */
  finish(answer, quiet = false) {
    this.settle();
    this.showSources(answer.sources);
    this.answer.finish(answer.text);
    fill(this.label, this.origin(answer));
    if (!quiet) this.turn.seconds = (performance.now() - this.asked_ms) / 1000;
    this.end(notesOf(answer), facts(answer, this.turn.seconds));
    if (!quiet) announce(`The answer is complete, with ${count(answer.sources.length, "source")}`);
  }

  stop() {
    this.settle();
    this.answer.finish();
    fill(this.label);
    if (!this.sources.length) fill(this.row);
    this.end([], ["Stopped"]);
    announce("Stopped");
  }

  /** @param {string} message @param {number} retryAfter seconds after which it is worth another try */
  fail(message, retryAfter = 0) {
    this.settle();
    this.answer.finish();
    if (!this.sources.length) fill(this.row);
    const again = iconButton("retry", "Try again", () => this.actions.again(this), { class: "soft-button", shown: true });
    fill(this.label, el("div", { class: "callout failed", role: "alert" }, icon("warn"), el("div", {}, el("p", { class: "message" }, sentence(message)), again)));
    if (retryAfter) countDown(again, retryAfter);
    if (this.answer.text) this.end([], []);
    else fill(this.foot);
  }

  settle() {
    this.element.classList.remove("writing");
    this.element.removeAttribute("aria-busy");
  }

  /** Who wrote it, where that was no model. @param {import("./api.js").Answer} answer */
  origin(answer) {
    if (answer.model) return null;
    if (answer.notes.some((note) => NO_EVIDENCE.test(note)) || !answer.sources.length) {
      return el("div", { class: "callout" }, icon("search"), el("p", {}, el("strong", {}, "Nothing here answers this. "),
        answer.sources.length ? "What comes closest is below. Other words, or another knowledge base, may find more." : "Other words, a wider filter or another knowledge base may find more."));
    }
    return el("details", { class: "callout quoted" },
      el("summary", {}, icon("quote"), el("span", {}, el("strong", {}, "Quoted from your sources"), " — no language model wrote this"), el("span", { class: "how" }, "What to do")),
      el("p", {}, "For a written answer, start Ollama on the machine that runs this server, and ask again:"),
      el("pre", {}, "ollama serve\nollama pull qwen3:4b-instruct"),
      answer.notes.filter((note) => NO_OLLAMA.test(note)).map((note) => el("p", { class: "fine" }, sentence(note))));
  }

  /** @param {string[]} notes @param {string[]} about */
  end(notes, about) {
    const cited = this.answer.cited();
    const row = this.row.querySelector(".sources");
    if (row) markCited(row, cited);
    const copy = iconButton("copy", "Copy", (event) => copyText(withSources(this.answer.text, this.sources, cited), event.currentTarget), { class: "quiet-button", shown: true });
    const again = iconButton("retry", "Ask again", () => this.actions.again(this), { class: "quiet-button", shown: true });
    const repeatable = this.asked_ms > 0 || !this.turn.picture; // of a kept picture only the preview is left
    fill(this.foot,
      notes.length > 0 && el("ul", { class: "notes", "aria-label": "Notes" }, notes.map((note) => el("li", {}, icon("info"), el("span", { dir: "auto" }, note)))),
      el("div", { class: "turn-actions" }, this.answer.text && copy, repeatable && again, el("span", { class: "facts" }, about.join(" · "))));
  }
}

/** A kept preview is shown only if it is what this page makes. @param {string} url */
const safePreview = (url) => (/^data:image\/jpeg;base64,[\w+/=]+$/.test(url) ? url : "data:,");

/** @param {import("./api.js").Answer} answer */
function notesOf(answer) {
  const inLabel = answer.model ? [] : [NO_MODEL, NO_EVIDENCE, NO_OLLAMA];
  return answer.notes.filter((note) => !inLabel.some((kind) => kind.test(note))).map(sentence);
}

/** @param {string} note */
const sentence = (note) => note.charAt(0).toUpperCase() + note.slice(1);

/** @param {import("./api.js").Answer} answer @param {number | undefined} seconds */
const facts = (answer, seconds) => [answer.model ?? "", seconds > 0 ? `${Math.max(0.1, seconds).toFixed(1)} s` : ""].filter(Boolean);

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
