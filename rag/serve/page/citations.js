// Markers such as [1], [1, 3] or 【2】 in an answer, read as `rag/answers/citations.py` reads them.

const NUMBERS = String.raw`\d{1,4}(?:\s*[-\u2010-\u2015\u2212~～]\s*\d{1,4})?`;
const MARKER = new RegExp(
  String.raw`[\[［【〔]\s*\^?(?:(?:sources?|quellen?|来源|出典)\s*[:：]?\s*)?(${NUMBERS}(?:\s*[,;，、；]\s*${NUMBERS})*)\s*(?:†[^\]］】〕\n]{0,40})?[\]］】〕]`,
  "gi",
);

/**
 * @param {string} text
 * @param {number} nSources
 * @returns {{start: number, end: number, numbers: number[]}[]}
 */
export function findMarkers(text, nSources) {
  return Array.from(text.matchAll(MARKER), (found) => ({
    start: found.index,
    end: found.index + found[0].length,
    numbers: found[1].split(/[,;，、；]/).flatMap((part) => expanded(part, nSources)),
  }));
}

/** The numbers that an answer cites and that a source has. @param {string} text @param {number} nSources */
export function citedNumbers(text, nSources) {
  const numbers = findMarkers(text, nSources).flatMap((marker) => marker.numbers);
  return new Set(numbers.filter((number) => number >= 1 && number <= nSources));
}

/** A range yields each source in it, and its ends where no source has them. @param {string} part @param {number} nSources */
function expanded(part, nSources) {
  const ends = (part.match(/\d+/g) ?? []).map(Number).sort((a, b) => a - b);
  const [first, last] = [ends[0], ends[ends.length - 1]];
  const numbers = [];
  for (let number = Math.max(first, 1); number <= Math.min(last, nSources); number++) numbers.push(number);
  const outside = [...new Set([first, last])].filter((end) => end < 1 || end > nSources);
  return [...numbers, ...outside];
}
