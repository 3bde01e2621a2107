// What the columns of a knowledge base are, and what they hold.

import { json, part } from "./api.js";

/** What a filter can name, with types. @param {string} kb @returns {Promise<Record<"every" | "own", Record<string, string>>>} */
export const columnsOf = (kb) => json(`/v1/kb/${part(kb)}/columns`);

/**
 * @typedef {{
 *   name: string, types: string[], documents: number, values: {value: any, documents: number}[], n_values: number,
 *   years: Record<string, number>, months: Record<string, number>,
 * }} Facet
 */

/**
 * What the columns hold, with the most frequent values.
 * @param {string} kb
 * @param {number} top
 * @returns {Promise<{documents: number, columns: Facet[], points: {lat: number, lon: number, documents: number}[]}>}
 */
export const facetsOf = (kb, top) => json(`/v1/kb/${part(kb)}/facets?top=${top}`);
