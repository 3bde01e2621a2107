// A model's Markdown as nodes. Raw HTML is shown as the text it is, pictures as their words; what is left goes
// through the sanitiser, which knows a short list of elements and no other addresses than http, https and mailto.

import { plain } from "./dom.js";
import DOMPurify from "./vendor/purify.es.mjs";
import { Marked } from "./vendor/marked.esm.js";

const MAX_CHARS = 100_000;
const RULES = {
  ALLOWED_TAGS: [
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
  ],
  ALLOWED_ATTR: ["href", "start", "align"],
  ADD_URI_SAFE_ATTR: ["start", "align"],
  ALLOWED_URI_REGEXP: /^(?:https?:\/\/|mailto:)/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};
const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text) => text.replace(/[&<>"']/g, (char) => ESCAPES[char]);

const marked = new Marked({
  gfm: true,
  renderer: {
    html: ({ text }) => escaped(text),
    image: ({ text }) => escaped(text),
    checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
  },
  tokenizer: {
    // "[1]: http://…" at the end of an answer would turn every citation [1] into a link to that address.
    def: () => undefined,
    link: (source) => (/^!?\[\s*\^?\d/.test(source) ? undefined : false),
  },
});

DOMPurify.addHook("afterSanitizeAttributes", (node) => {
  if (node.nodeName !== "A") return;
  const href = node.getAttribute("href");
  if (!href) return;
  node.setAttribute("target", "_blank");
  node.setAttribute("rel", "noopener noreferrer nofollow");
  node.setAttribute("title", href);
});

/**
 * Markdown as its top-level blocks, so that a growing answer is rendered anew only where it grows.
 * @param {string} text
 * @returns {{raw: string, render: () => DocumentFragment}[]}
 */
export function blocksOf(text) {
  const source = plain(text).slice(0, MAX_CHARS);
  try {
    const tokens = marked.lexer(source).filter((token) => token.type !== "space");
    return tokens.map((token) => ({ raw: token.raw, render: () => rendered(token) }));
  } catch {
    return [{ raw: source, render: () => asText(source) }]; // nested deeper than the parser can follow
  }
}

function rendered(token) {
  try {
    return DOMPurify.sanitize(marked.parser([token]), RULES);
  } catch {
    return asText(token.raw);
  }
}

/** @param {string} text */
function asText(text) {
  const fragment = document.createDocumentFragment();
  const paragraph = document.createElement("p");
  paragraph.className = "as-text";
  paragraph.textContent = text;
  fragment.append(paragraph);
  return fragment;
}
