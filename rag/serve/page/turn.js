// One question and its answer, as they are shown.

import { AnswerText } from "./answer.js";
import { copyText, withSources } from "./copy.js";
import { announce, count, el, fill, icon, iconButton } from "./dom.js";
import { brokenLabel, facts, failureLabel, isBroken, notesOf, originOf, stoppedLabel } from "./labels.js";
import { understoodChips } from "./understood.js";
import { markCited, sourceRow, sourceSkeleton } from "./sources.js";

/** @typedef {import("./api.js").Source} Source @typedef {import("./state.js").Turn} Turn */

export class TurnView {
  /**
   * @param {string} kb
   * @param {Turn} turn
   * @param {{open: (view: TurnView, number: number, opener: HTMLElement | null) => void, again: (view: TurnView) => void,
   *   without: (view: TurnView, said: string) => void}} actions
   */
  constructor(kb, turn, actions) {
    this.kb = kb;
    this.turn = turn;
    this.actions = actions;
    /** @type {Source[]} */
    this.sources = [];
    this.answer = new AnswerText((number, opener) => actions.open(this, number, opener));
    this.row = el("div", { class: "source-place" });
    this.heard = el("div", { class: "heard-place" });
    this.label = el("div", { class: "label-place" });
    /** The sources' own words, until the model's come. @type {AnswerText | null} */
    this.quoted = null;
    this.meanwhile = el("div", { class: "quoted-place" });
    this.asked_ms = 0;
    this.foot = el("div", { class: "turn-foot" });
    this.element = el("article", { class: "turn" }, this.head(), this.heard, this.row, this.meanwhile, this.label, this.answer.element, this.foot);
  }

  head() {
    const { question, picture, where } = this.turn;
    const shown =
      picture &&
      el("img", { class: "asked-picture", src: safePreview(picture), alt: "the picture that was asked with" });
    const words = question || "What is in this picture?";
    return el(
      "header",
      { class: "asked" },
      shown,
      el(
        "div",
        {},
        el("h2", { dir: "auto", class: words.length > 140 ? "long" : "" }, words),
        where && el("p", { class: "asked-where" }, icon("filter"), el("code", { dir: "auto" }, where)),
      ),
    );
  }

  /** The server is searching. */
  wait() {
    this.asked_ms = performance.now();
    this.element.setAttribute("aria-busy", "true");
    fill(this.row, sourceSkeleton());
    this.work("Looking through the sources");
  }

  /** @param {Source[]} sources */
  showSources(sources) {
    const shown = this.sources.map((source) => source.id).join() === sources.map((source) => source.id).join();
    this.sources = this.answer.sources = sources;
    if (this.quoted) this.quoted.sources = sources;
    if (shown && this.row.querySelector(".source:not(.skeleton *)")) return; // a card may have the focus
    const open = (number, opener) => this.actions.open(this, number, opener);
    fill(this.row, sources.length > 0 && sourceRow(this.kb, sources, open));
  }

  /** What the question was understood to say of the files, each to be taken off. @param {import("./api.js").Understood[]} understood */
  showUnderstood(understood) {
    fill(this.heard, understood.length > 0 && understoodChips(understood, (said) => this.actions.without(this, said)));
  }

  /** The sources are there; the model reads. */
  read() {
    this.work(`Reading ${count(this.sources.length, "source")}`);
  }

  /** What most likely answers, while the model reads; no model wrote it. @param {string} text */
  quote(text) {
    this.quoted = new AnswerText((number, opener) => this.actions.open(this, number, opener));
    this.quoted.sources = this.sources;
    this.quoted.finish(text);
    fill(this.meanwhile, el("p", { class: "quoted-head" }, "From the sources, word for word:"), this.quoted.element);
  }

  /** @param {string} words what is under way */
  work(words) {
    fill(this.label, el("p", { class: "working" }, el("span", { class: "pulse", "aria-hidden": "true" }), words));
    announce(words);
  }

  /** @param {string} text */
  add(text) {
    if (!this.answer.text) fill(this.label);
    if (!this.answer.text) fill(this.meanwhile);
    this.element.classList.add("writing");
    this.answer.add(text);
  }

  /** @param {import("./api.js").Answer} answer @param {boolean} [quiet] an earlier one, shown again */
  finish(answer, quiet = false) {
    this.settle();
    this.showSources(answer.sources);
    this.showUnderstood(answer.understood ?? []);
    this.answer.finish(answer.text);
    if (isBroken(answer)) this.breakOff(brokenLabel(answer, this.again()));
    else fill(this.label, originOf(answer));
    if (!quiet) this.turn.seconds = (performance.now() - this.asked_ms) / 1000;
    this.end(notesOf(answer), facts(answer, this.turn.seconds));
    if (!quiet) announce(`The answer is complete, with ${count(answer.sources.length, "source")}`);
  }

  stop() {
    this.settle();
    this.answer.finish();
    if (!this.sources.length) fill(this.row);
    this.breakOff(stoppedLabel(this.answer.text !== "", this.again()));
    this.end([], ["Stopped"]);
    announce("Stopped");
  }

  /** @param {string} message @param {number} retryAfter seconds after which it is worth another try @param {boolean} mayPass */
  fail(message, retryAfter = 0, mayPass = true) {
    this.settle();
    this.answer.finish();
    if (!this.sources.length) fill(this.row);
    this.breakOff(failureLabel(message, retryAfter, mayPass ? this.again() : null, this.answer.text !== ""));
    if (this.answer.text) this.end([], []);
    else fill(this.foot);
  }

  /** Shows that this is not a whole answer: why above it, and what was written in the look of a fragment. */
  breakOff(label) {
    this.element.classList.add("broken-off");
    fill(this.label, label);
  }

  /** Asks again; null where it cannot: of a kept picture only the preview is left. */
  again() {
    return this.asked_ms > 0 || !this.turn.picture ? () => this.actions.again(this) : null;
  }

  settle() {
    fill(this.meanwhile);
    this.element.classList.remove("writing");
    this.element.classList.remove("broken-off");
    this.element.removeAttribute("aria-busy");
  }

  /** @param {string[]} notes @param {string[]} about */
  end(notes, about) {
    const cited = this.answer.cited();
    const row = this.row.querySelector(".sources");
    if (row) markCited(row, cited);
    const copy = iconButton(
      "copy",
      "Copy",
      (event) => copyText(withSources(this.answer.text, this.sources, cited), event.currentTarget),
      { class: "quiet-button", shown: true },
    );
    const again = iconButton("retry", "Ask again", () => this.actions.again(this), {
      class: "quiet-button",
      shown: true,
    });
    const isBrokenOff = this.element.classList.contains("broken-off"); // its label offers to ask again
    fill(
      this.foot,
      notes.length > 0 &&
        el(
          "ul",
          { class: "notes", "aria-label": "Notes" },
          notes.map((note) => el("li", {}, icon("info"), el("span", { dir: "auto" }, note))),
        ),
      el(
        "div",
        { class: "turn-actions" },
        this.answer.text && copy,
        this.again() && !isBrokenOff && again,
        el("span", { class: "facts" }, about.join(" · ")),
      ),
    );
  }
}

/** A kept preview is shown only if it is what this page makes. @param {string} url */
const safePreview = (url) => (/^data:image\/jpeg;base64,[\w+/=]+$/.test(url) ? url : "data:,");
