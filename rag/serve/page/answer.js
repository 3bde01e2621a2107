// The text of an answer, growing: Markdown block by block, with its citations as buttons.

import { citedNumbers, findMarkers } from "./citations.js";
import { el, iconButton } from "./dom.js";
import { blocksOf } from "./markdown.js";
import { copyText } from "./copy.js";
import { lineOf } from "./sources.js";

/** @typedef {import("./api.js").Source} Source */

export class AnswerText {
  /** @param {(number: number, opener: HTMLElement) => void} open */
  constructor(open) {
    this.element = el("div", { class: "answer-text", dir: "auto", "aria-live": "polite", "aria-busy": "true" });
    this.text = "";
    /** @type {Source[]} */
    this.sources = [];
    this.open = open;
    /** @type {{key: string, nodes: ChildNode[]}[]} */
    this.blocks = [];
    this.frame = 0;
  }

  /** @param {string} text */
  add(text) {
    this.text += text;
    // Many tokens come between two frames; a hidden tab has none and is drawn at the end.
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  /** @param {string} [text] the whole, as the server checked it */
  finish(text = this.text) {
    this.text = text;
    this.draw();
    this.element.setAttribute("aria-busy", "false");
  }

  /** Of the sources: one keeps its number through a conversation. */
  numbers() {
    return this.sources.map((source) => source.number);
  }

  cited() {
    return citedNumbers(this.text, this.numbers());
  }

  /** Renders the blocks that differ from what is shown; a block that stands keeps its focus and its selection. */
  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const wanted = blocksOf(this.text);
    const key = (block) => `${this.numbers().join()} ${block.raw}`;
    let same = 0;
    while (same < wanted.length && this.blocks[same]?.key === key(wanted[same])) same++;
    for (const gone of this.blocks.splice(same)) gone.nodes.forEach((node) => node.remove());
    for (const block of wanted.slice(same)) {
      const fragment = this.decorate(block.render());
      const nodes = [...fragment.childNodes];
      this.element.append(fragment);
      this.blocks.push({ key: key(block), nodes });
    }
  }

  /** @param {DocumentFragment} fragment */
  decorate(fragment) {
    fragment.normalize();
    const walker = document.createTreeWalker(fragment, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
    for (const text of texts) if (!text.parentElement?.closest("pre, a")) this.cite(text);
    for (const table of fragment.querySelectorAll("table")) {
      const frame = el("div", { class: "table", tabindex: "0", role: "region", "aria-label": "Table" });
      table.replaceWith(frame);
      frame.append(table);
    }
    for (const pre of fragment.querySelectorAll("pre")) {
      const frame = el("div", { class: "code", dir: "ltr" });
      pre.replaceWith(frame);
      frame.append(
        pre,
        iconButton("copy", "Copy the code", (event) => copyText(pre.textContent ?? "", event.currentTarget)),
      );
    }
    return fragment;
  }

  /** @param {Text} text */
  cite(text) {
    const markers = findMarkers(text.data, this.numbers());
    if (!markers.length) return;
    const pieces = [];
    let end = 0;
    for (const marker of markers) {
      pieces.push(
        text.data.slice(end, marker.start).replace(/ $/, "\u00a0"),
        ...marker.numbers.map((number) => this.mark(number)),
      );
      end = marker.end;
    }
    pieces.push(text.data.slice(end));
    text.replaceWith(...pieces);
  }

  /** @param {number} number */
  mark(number) {
    const source = this.sources.find((each) => each.number === number);
    if (!source) {
      const why = this.sources.length ? `There is no source ${number}: do not rely on this.` : `Source ${number}`;
      return el(
        "span",
        { class: "cite missing", title: why },
        `${number}`,
        el("span", { class: "sr-only" }, ` (${why})`),
      );
    }
    const button = el(
      "button",
      {
        type: "button",
        class: "cite",
        title: lineOf(source),
        "aria-label": `Source ${number}: ${lineOf(source)}`,
        data: { number },
      },
      number,
    );
    button.addEventListener("click", () => this.open(number, button));
    return button;
  }
}
