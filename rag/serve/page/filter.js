// The filter of a question, with help, and its errors at the place where they are.

import { columnsOf } from "./columns-api.js";
import { el, fill, icon, plain } from "./dom.js";
import { createFacets, quoted } from "./facets.js";

const TYPES = { int: "number", float: "number", number: "number", str: "words", bool: "true or false" };
const EXAMPLES = ['kind = "image"', "page <= 3", 'source like "manuals/%"', 'not title like "Draft%"'];

/** @param {() => void} onChange */
export function createFilter(onChange) {
  const input = el("input", {
    type: "text",
    id: "where",
    class: "where",
    maxlength: 5000,
    spellcheck: "false",
    autocapitalize: "off",
    "aria-label": "Filter",
    "aria-describedby": "where-error",
    placeholder: 'kind = "image" and page <= 3',
    dir: "auto",
  });
  const error = el("pre", { id: "where-error", class: "where-error", role: "alert", hidden: true });
  const help = el("div", { class: "where-help" });
  const facets = createFacets(and);
  const element = el(
    "div",
    { class: "filter", hidden: true },
    el("div", { class: "where-line" }, icon("filter"), input),
    error,
    el("div", { class: "where-more" }, facets.element, help),
  );
  let [kb, read] = ["", ""]; // whose columns are wanted, and are shown
  const toggle = el(
    "button",
    { type: "button", class: "chip", "aria-expanded": "false", "aria-controls": "where" },
    icon("filter"),
    el("span", {}, "Filter"),
  );

  /** @param {boolean} shown */
  function show(shown) {
    element.hidden = !shown;
    toggle.setAttribute("aria-expanded", String(shown));
    if (!shown) return;
    readColumns();
    input.focus();
  }

  /** Asks once for each knowledge base; without an answer the examples have to do. */
  async function readColumns() {
    if (!kb || read === kb) return;
    const asked = (read = kb);
    try {
      const columns = await columnsOf(asked);
      if (asked !== kb) return;
      setColumns(columns);
      await facets.show(asked);
    } catch {
      read = "";
    }
  }

  function changed() {
    toggle.classList.toggle("active", input.value.trim() !== "");
    error.hidden = true;
    input.removeAttribute("aria-invalid");
    onChange();
  }

  /** @param {string} words put where the cursor is */
  function insert(words) {
    const [from, to] = [input.selectionStart ?? input.value.length, input.selectionEnd ?? input.value.length];
    const before = input.value.slice(0, from);
    input.setRangeText((before && !/[\s(]$/.test(before) ? " " : "") + words, from, to, "end");
    changed();
    input.focus();
  }

  /** @param {string} part of a filter: in the place of what is there on the same columns, beside the rest */
  function and(part) {
    const names = new Set(parts(part).map(nameOf));
    const others = parts(input.value.trim()).filter((each) => !names.has(nameOf(each)));
    input.value = [...others, part].join(" and ");
    changed();
    input.focus();
  }

  /** @param {Record<"every" | "own", Record<string, string>>} columns types by name */
  function setColumns({ every, own: given }) {
    const chip = ([name, type]) =>
      el(
        "button",
        { type: "button", class: "field-chip", title: TYPES[type] ?? type, on: { click: () => insert(quoted(name)) } },
        el("bdi", {}, name),
      );
    const own = Object.entries(given);
    fill(
      help,
      own.length > 0 && el("p", {}, el("span", {}, "Your columns"), own.map(chip)),
      el("p", {}, el("span", {}, "Of every source"), Object.entries(every).map(chip)),
      el(
        "p",
        {},
        el("span", {}, "Examples"),
        EXAMPLES.map((example) =>
          el("button", { type: "button", class: "field-chip", on: { click: () => insert(example) } }, example),
        ),
      ),
      el(
        "p",
        { class: "fine" },
        'Compare with = != < <= > >=, in (…), like (% is anything), exists(…); join with and, or, not. A column of a table: columns."its name".',
      ),
    );
  }

  toggle.addEventListener("click", () => show(element.hidden));
  input.addEventListener("input", changed);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    show(false);
    toggle.focus();
  });
  setColumns({ every: {}, own: {} });

  return {
    element,
    toggle,
    /** @param {string} name of the knowledge base that is asked */
    setKb(name) {
      if (name === kb) return;
      kb = name;
      read = "";
      if (!element.hidden) readColumns();
    },
    value: () => input.value.trim(),
    /** Shows what is wrong with the filter, and puts the cursor there; null: nothing is. @param {any} problem */
    complain(problem) {
      error.hidden = !problem;
      if (!problem) return;
      show(true);
      error.textContent = plain(problem.message);
      input.setAttribute("aria-invalid", "true");
      const at = problem.position ?? 0;
      input.setSelectionRange(at, Math.min(input.value.length, at + 1));
    },
  };
}

/** What `and` joins, outside of quotes. @param {string} filter */
const parts = (filter) => (filter ? filter.split(/ and (?=(?:[^"]*"[^"]*")*[^"]*$)/) : []);

/** The column that a part begins with. @param {string} part */
const nameOf = (part) => part.match(/^(?:"(?:[^"\\]|\\.)*"|\S+)/)?.[0] ?? "";
