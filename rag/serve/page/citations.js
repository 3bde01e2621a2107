// Markers such as [1], [1, 3] or 【2】 in an answer, read as `rag/answers/citations.py` reads them.

const NUMBERS = String.raw`\d{1,4}(?:\s*[-\u2010-\u2015\u2212~～]\s*\d{1,4})?`;
const MARKER = new RegExp(
  String.raw`[\[［【〔]\s*\^?(?:(?:sources?|quellen?|来源|出典)\s*[:：]?\s*)?(${NUMBERS}(?:\s*[,;，、；]\s*${NUMBERS})*)\s*(?:†[^\]］】〕\n]{0,40})?[\]］】〕]`,
  "gi",
);

/**
 * @param {string} text
 * @param {number[]} held numbers of the sources
 * @returns {{start: number, end: number, numbers: number[]}[]}
 */
export function findMarkers(text, held) {
  return Array.from(text.matchAll(MARKER), (found) => ({
    start: found.index,
    end: found.index + found[0].length,
    numbers: found[1].split(/[,;，、；]/).flatMap((part) => expanded(part, held)),
  }));
}

/** The numbers that an answer cites and that a source has. @param {string} text @param {number[]} held */
export function citedNumbers(text, held) {
  const numbers = findMarkers(text, held).flatMap((marker) => marker.numbers);
  return new Set(numbers.filter((number) => held.includes(number)));
}

/** A range yields each source in it, and its ends where no source has them. @param {string} part @param {number[]} held */
function expanded(part, held) {
  const ends = (part.match(/\d+/g) ?? []).map(Number).sort((a, b) => a - b);
  const [first, last] = [ends[0], ends[ends.length - 1]];
  const numbers = held.filter((number) => number >= first && number <= last).sort((a, b) => a - b);
  const outside = [...new Set([first, last])].filter((end) => !held.includes(end));
  return [...numbers, ...outside];
}
