// Text for the clipboard.

import { announce, fill, icon } from "./dom.js";
import { lineOf } from "./sources.js";

const SHOWN_MS = 1600;

/** @param {string} text @param {EventTarget | null} button shows that it worked */
export async function copyText(text, button) {
  const done = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  const worked = done || copiedBySelection(text);
  announce(worked ? "Copied" : "Copying is not allowed here");
  if (!worked || !(button instanceof HTMLElement)) return;
  const before = [...button.childNodes];
  fill(button, icon("check"), ...before.slice(1).map((node) => node.cloneNode(true)));
  setTimeout(() => button.replaceChildren(...before), SHOWN_MS);
}

/** The clipboard's own interface exists on safe origins only, which a plain address in a home network is not. */
function copiedBySelection(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "sr-only";
  document.body.append(field);
  field.select();
  const worked = document.execCommand("copy");
  field.remove();
  return worked;
}

/**
 * An answer with the sources that it cites.
 * @param {string} text
 * @param {import("./api.js").Source[]} sources
 * @param {Set<number>} cited
 */
export function withSources(text, sources, cited) {
  const listed = sources
    .filter((source) => cited.has(source.number))
    .map((source) => `[${source.number}] ${lineOf(source)}`);
  return listed.length ? `${text.trim()}\n\nSources:\n${listed.join("\n")}\n` : `${text.trim()}\n`;
}
