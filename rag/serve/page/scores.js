// What each channel and the reranker thought of a source, as bars.

import { el } from "./dom.js";

/** @typedef {import("./api.js").Source} Source */

const CHANNELS = {
  image: ["Pixels", "how much the picture looks like what was asked"],
  text: ["Meaning", "how close the words are in meaning"],
  lexical: ["Words", "how many of the asked words it has"],
};
const LEAST_SCALE = 6;

const number = (value) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2));

/**
 * Bars of one source on the scale of all sources of the answer, so that they can be compared.
 * @param {Source} source
 * @param {Source[]} all
 */
export function scoreBars(source, all) {
  const most = Math.max(
    LEAST_SCALE,
    ...all.flatMap((each) => Object.values(each.channels).map((channel) => channel.calibrated)),
  );
  const bars = Object.entries(CHANNELS).map(([channel, [label, what]]) => {
    const score = source.channels[channel];
    if (!score)
      return el("div", { class: "score absent" }, el("dt", { title: what }, label), el("dd", {}, "not asked"));
    const raw = score.raw === null ? "did not find it" : `raw score ${number(score.raw)}`;
    const exact = `${number(score.calibrated)} standard deviations above its background; ${raw}`;
    const short =
      score.raw === null ? "—" : `${score.calibrated >= 0 ? "+" : "−"}${Math.abs(score.calibrated).toFixed(1)} σ`;
    return bar(channel, label, what, score.calibrated / most, short, exact, score.rank);
  });
  return el("dl", { class: "scores" }, bars, rerankBar(source, all));
}

/** @param {Source} source @param {Source[]} all */
function rerankBar(source, all) {
  const what = "how the reranker, which reads question and source together, judged it";
  if (source.rerank === null)
    return el("div", { class: "score absent" }, el("dt", { title: what }, "Reranker"), el("dd", {}, "did not read it"));
  const scores = all.flatMap((each) => (each.rerank === null ? [] : [each.rerank]));
  const inUnit = scores.every((score) => score >= 0 && score <= 1);
  const [low, high] = inUnit ? [0, 1] : [Math.min(0, ...scores), Math.max(...scores)];
  const place = 1 + scores.filter((score) => score > /** @type {number} */ (source.rerank)).length;
  return bar(
    "rerank",
    "Reranker",
    what,
    (source.rerank - low) / (high - low || 1),
    number(source.rerank),
    `score ${number(source.rerank)}`,
    place,
  );
}

/** @param {string} kind @param {string} label @param {string} what @param {number} share of the bar, cut to [0, 1] */
function bar(kind, label, what, share, short, exact, rank) {
  const fill = el("span", { class: `bar-fill bar-${kind}` });
  fill.style.setProperty("--share", String(Math.min(1, Math.max(0, share))));
  return el(
    "div",
    { class: "score", title: `${label}: ${exact}` },
    el("dt", { title: what }, label),
    el(
      "dd",
      {},
      el("span", { class: "bar", "aria-hidden": "true" }, fill),
      el("span", { class: "score-value", "aria-hidden": "true" }, short),
      el("span", { class: "score-rank", "aria-hidden": "true" }, rank ? `#${rank}` : ""),
      el("span", { class: "sr-only" }, exact + (rank ? `; place ${rank}` : "")),
    ),
  );
}
