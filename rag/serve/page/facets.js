// What a knowledge base holds, to be picked: a timeline, a map of points, and values with how often they are there.

import { facetsOf } from "./columns-api.js";
import { count, el, fill, plain } from "./dom.js";

/** @typedef {import("./columns-api.js").Facet} Facet */

const SVG = "http://www.w3.org/2000/svg";
const DATES = ["taken_at", "created", "published", "modified"];
const FIRST = ["place", "country", "author", "people", "keywords", "camera", "folder"];
const LEFT_OUT = new Set([...DATES, "lat", "lon", "guessed"]);
const [MOST_LISTS, MOST_VALUES, MOST_DIFFERENT] = [8, 8, 200];
const FEW_YEARS = 2; // up to so many, the timeline shows months
const MOST_YEARS = 150;
const GRID = 30; // degrees between two lines of the map
const CELL = 0.05; // half of what a point of the map stands for, in degrees

/**
 * @param {(filter: string) => void} pick takes a part of a filter
 */
export function createFacets(pick) {
  const element = el("div", { class: "facets", hidden: true });

  /** @param {string} kb */
  async function show(kb) {
    const found = await facetsOf(kb, MOST_VALUES);
    const lists = chosen(found.columns).map((facet) => valueList(facet, pick));
    const dated = DATES.map((name) => found.columns.find((facet) => facet.name === name)).filter(hasYears);
    dated.sort((a, b) => b.documents - a.documents);
    fill(
      element,
      dated[0] && timeline(dated[0], pick),
      found.points.length > 0 && worldMap(found.points, pick),
      lists.length > 0 && el("div", { class: "facet-lists" }, lists),
    );
    element.hidden = !element.childElementCount;
  }

  return { element, show };
}

/** @param {Facet | undefined} facet */
const hasYears = (facet) => Object.keys(facet?.years ?? {}).length > 0;

/** Columns whose values one may want to pick: those of our own vocabulary first. @param {Facet[]} columns */
function chosen(columns) {
  const rank = ({ name }) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return columns
    .filter(({ name, n_values: n, values }) => !LEFT_OUT.has(name) && values.length && n <= MOST_DIFFERENT)
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, MOST_LISTS);
}

/** @param {Facet} facet @param {(filter: string) => void} pick */
function valueList({ name, values, n_values: n }, pick) {
  return el(
    "section",
    { class: "facet" },
    el("h3", {}, el("bdi", {}, name)),
    el(
      "ul",
      {},
      values.map(({ value, documents }) =>
        el(
          "li",
          {},
          el(
            "button",
            { type: "button", class: "field-chip", on: { click: () => pick(`${quoted(name)} = ${said(value)}`) } },
            el("bdi", {}, String(value)),
            el("span", { class: "facet-count", "aria-label": count(documents, "document") }, documents.toLocaleString("en")),
          ),
        ),
      ),
      n > values.length && el("li", { class: "fine" }, `and ${(n - values.length).toLocaleString("en")} more`),
    ),
  );
}

/** Bars by year, or by month where there are few years. @param {Facet} facet @param {(filter: string) => void} pick */
function timeline({ name, years, months }, pick) {
  const byMonth = Object.keys(years).length <= FEW_YEARS && Object.keys(months).length > 1;
  const bars = byMonth ? Object.entries(months) : everyYear(years);
  const most = Math.max(...bars.map(([, n]) => n));
  return el(
    "section",
    { class: "timeline", "aria-label": `By ${byMonth ? "month" : "year"}, from ${name}` },
    el(
      "div",
      { class: "years" },
      bars.map(([when, n]) => {
        if (!n) return el("span", { class: "year" });
        const label = `${when}: ${count(n, "document")}`;
        const press = () => pick(`${name} = ${when}`);
        const bar = el("button", { type: "button", class: "year", "aria-label": label, title: label, on: { click: press } });
        bar.style.setProperty("--part", String(n / most));
        return bar;
      }),
    ),
    el("p", { class: "fine year-ends" }, el("span", {}, bars[0][0]), bars.length > 1 && el("span", {}, bars[bars.length - 1][0])),
  );
}

/** With those between in which there is nothing, unless they are centuries. @param {Record<string, number>} years */
function everyYear(years) {
  const there = Object.keys(years).map(Number);
  const [first, last] = [Math.min(...there), Math.max(...there)];
  if (last - first > MOST_YEARS) return Object.entries(years);
  return Array.from({ length: last - first + 1 }, (_, at) => [String(first + at), years[first + at] ?? 0]);
}

/**
 * Where things were made, on the lines of latitude and longitude: no map is fetched from anywhere.
 * @param {{lat: number, lon: number, documents: number}[]} points
 * @param {(filter: string) => void} pick
 */
function worldMap(points, pick) {
  const [left, right, top, bottom] = frame(points);
  const map = shape("svg", { viewBox: `${left} ${top} ${right - left} ${bottom - top}`, class: "map", role: "group", "aria-label": "Where" });
  const unit = (right - left) / 100;
  map.style.setProperty("--unit", `${unit}px`);
  for (let lon = -180; lon <= 180; lon += GRID) map.append(shape("path", { d: `M${lon} -90V90`, class: lon ? "grid" : "grid zero" }));
  for (let lat = -90; lat <= 90; lat += GRID) map.append(shape("path", { d: `M-180 ${lat}H180`, class: lat ? "grid" : "grid zero" }));
  const most = Math.max(...points.map((point) => point.documents));
  for (const { lat, lon, documents } of points) {
    const label = `${degrees(lat, "N", "S")} ${degrees(lon, "E", "W")}: ${count(documents, "document")}`;
    const r = unit * (0.9 + 1.6 * Math.sqrt(documents / most));
    const point = shape("circle", { cx: lon, cy: -lat, r, class: "point", role: "button", tabindex: 0, "aria-label": label });
    const title = shape("title", {});
    title.textContent = label;
    point.append(title);
    const press = () => pick(around(lat, lon));
    point.addEventListener("click", press);
    point.addEventListener("keydown", (event) => event.key === "Enter" && (event.preventDefault(), press()));
    map.append(point);
  }
  return el("section", { class: "places", "aria-label": "Map" }, map);
}

/** The part of the world with all points, twice as wide as high. @param {{lat: number, lon: number}[]} points */
function frame(points) {
  const [lats, lons] = [points.map(({ lat }) => -lat), points.map(({ lon }) => lon)];
  const [west, east, north, south] = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)];
  const width = Math.min(360, Math.max(20, 1.3 * (east - west), 2.6 * (south - north)));
  const place = (middle, size, end) => Math.max(-end, Math.min(end - size, middle - size / 2));
  const [left, top] = [place((west + east) / 2, width, 180), place((north + south) / 2, width / 2, 90)];
  return [left, left + width, top, top + width / 2];
}

/** @param {number} lat @param {number} lon */
const around = (lat, lon) =>
  `lat >= ${(lat - CELL).toFixed(2)} and lat <= ${(lat + CELL).toFixed(2)} and lon >= ${(lon - CELL).toFixed(2)} and lon <= ${(lon + CELL).toFixed(2)}`;

/** @param {number} value @param {string} positive @param {string} negative */
const degrees = (value, positive, negative) => `${Math.abs(value)}° ${value < 0 ? negative : positive}`;

/** @param {string} tag @param {Record<string, any>} attributes */
function shape(tag, attributes) {
  const node = /** @type {SVGElement} */ (document.createElementNS(SVG, tag));
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, plain(value));
  return node;
}

/** A field's name as the filter language takes it. @param {string} name */
export const quoted = (name) => (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : JSON.stringify(name));

/** @param {unknown} value */
const said = (value) => (typeof value === "string" ? JSON.stringify(value) : String(value));
