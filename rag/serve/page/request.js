// What was asked, to be asked again, and what came of it.

/** @typedef {import("./pictures.js").Picture} Picture @typedef {import("./state.js").Turn} Turn */

/** What the page was asked to ask. @typedef {{question: string, picture: Picture | null, where: string, as_words?: string[]}} Request */

/** A kept turn, to be asked again: of its picture only the preview is left. @param {Turn} turn @returns {Request} */
export const requestOf = (turn) => ({ question: turn.question, picture: null, where: turn.where, as_words: turn.as_words });

/** What there is of an answer that was stopped. @param {import("./turn.js").TurnView} view */
export const partial = (view) =>
  view.sources.length
    ? { text: view.answer.text, citations: [], sources: view.sources, notes: [], timings_s: {}, model: "" }
    : null;
