// The server's HTTP interface. Every failure is an ApiError with a sentence that can be shown.

import { eventsOf } from "./sse.js";

const TOKEN = "rag.token";

/**
 * @typedef {{raw: number | null, calibrated: number, rank: number | null}} ChannelScore
 * @typedef {{
 *   number: number, id: string, doc_id: string, source: string, kind: "text" | "image", text: string,
 *   page: number | null, heading_path: string[], title: string | null, asset: string | null,
 *   made?: string, columns: Record<string, any>, score: number, fused: number, rerank: number | null,
 *   channels: Record<string, ChannelScore>, also: string[],
 * }} Source
 * @typedef {{number: number, start: number, source: number | null}} Citation
 * @typedef {{code: string, text: string}} Note  `code` is what a program goes by; see rag/trace.py
 * @typedef {{
 *   column: string, operator: string, value: any, certainty: "certain" | "likely", said: string, where: string, label: string,
 * }} Understood  what a question says of the files it wants; `said` are its words
 * @typedef {{
 *   text: string, citations: Citation[], sources: Source[], notes: Note[],
 *   timings_s: Record<string, number>, model: string | null, ending?: "complete" | "cut" | "broken",
 *   understood?: Understood[],
 * }} Answer
 * @typedef {{
 *   name: string, title?: string, description?: string, documents: number, failed: number, texts: number,
 *   images: number, writable?: boolean,
 * }} KnowledgeBase
 */

/** A request that failed. `status` is 0 where no answer came at all. */
export class ApiError extends Error {
  /**
   * @param {string} message
   * @param {{status?: number, type?: string, retryAfter?: number, position?: number | null}} [facts]
   */
  constructor(message, { status = 0, type = "unreachable", retryAfter = 0, position = null } = {}) {
    super(message);
    Object.assign(this, { status, type, retryAfter, position });
  }
}

/** Whether the request itself is wrong, so that the same would be refused again. @param {ApiError} error */
export const isFinal = ({ status }) => [400, 413, 415, 422].includes(status);

/** @type {(refused: boolean) => Promise<string | null>} */
let askForToken = async () => null;
/** @type {Promise<string | null> | null} */
let asking = null;

/** Who asks the person for a token when the server wants one. @param {typeof askForToken} ask */
export function onTokenNeeded(ask) {
  askForToken = ask;
}

/** The token of this tab. */
export function token() {
  try {
    return sessionStorage.getItem(TOKEN) ?? "";
  } catch {
    return "";
  }
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @param {boolean} [asks] whether the person is asked for a token where one is needed
 * @returns {Promise<Response>} with a status below 400
 */
export async function request(path, options = {}, asks = true) {
  for (;;) {
    const key = token();
    const response = await send(path, options, key);
    if (response.status === 401 && asks && (await renewed(key))) continue;
    if (!response.ok) throw await failure(response);
    return response;
  }
}

/** @param {string} path @param {RequestInit} options @param {string} key */
async function send(path, options, key) {
  const headers = new Headers(options.headers);
  if (key) headers.set("Authorization", `Bearer ${key}`);
  try {
    return await fetch(path, { ...options, headers, credentials: "same-origin", redirect: "error" });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError("The server does not answer. Is ‘rag serve’ still running?");
  }
}

/**
 * Another token than the one that was refused. Requests that are refused at the same time share one question.
 * @param {string} refused
 */
async function renewed(refused) {
  if (token() !== refused) return true;
  asking ??= askForToken(refused !== "").finally(() => {
    asking = null;
  });
  const given = await asking;
  if (!given) return false;
  sessionStorage.setItem(TOKEN, given);
  return true;
}

/** @param {Response} response */
async function failure(response) {
  const body = await response.json().catch(() => null);
  const said = body?.error ?? {};
  return new ApiError(String(said.message || `The server answered with status ${response.status}.`), {
    status: response.status,
    type: String(said.type || "error"),
    retryAfter: Number(response.headers.get("Retry-After")) || 0,
    position: typeof said.position === "number" ? said.position : null,
  });
}

export const part = encodeURIComponent;
/** @param {string} path @param {RequestInit} [options] @param {boolean} [asks] for a token @returns {Promise<any>} */
export const json = async (path, options, asks) => (await request(path, options, asks)).json();

/** @returns {Promise<{knowledge_bases: KnowledgeBase[], may_create: boolean}>} */
export const knowledgeBases = () => json("/v1/kb");

/** @param {string} kb @returns {Promise<KnowledgeBase & {image_channel: boolean, chat_model: string | null}>} */
export const knowledgeBase = (kb) => json(`/v1/kb/${part(kb)}`);

/** Has the chat model loaded while a question is typed. @param {string} kb */
export const warm = (kb) => request(`/v1/kb/${part(kb)}/warm`, { method: "POST" });

/** @param {string} kb @param {{state?: string, contains?: string, limit?: number, offset?: number}} [wanted] */
export function documents(kb, { state = "", contains = "", limit = 100, offset = 0 } = {}) {
  const query = new URLSearchParams({ limit: String(limit), offset: String(offset) });
  if (state) query.set("state", state);
  if (contains) query.set("contains", contains);
  return json(`/v1/kb/${part(kb)}/documents?${query}`);
}

/**
 * A document with `limit` of its records, those around a record if one is named.
 * @param {string} kb
 * @param {string} id
 * @param {{limit: number, around?: string, signal?: AbortSignal}} options
 */
export function documentOf(kb, id, { limit, around = "", signal }) {
  const query = new URLSearchParams({ limit: String(limit) });
  if (around) query.set("around", around);
  return json(`/v1/kb/${part(kb)}/documents/${part(id)}?${query}`, { signal });
}

/** @param {string} kb @param {string} id */
export const removeDocument = (kb, id) => request(`/v1/kb/${part(kb)}/documents/${part(id)}`, { method: "DELETE" });

/** @param {string} kb @param {string} asset @param {128 | 256 | 512 | 1024} size */
export const assetPath = (kb, asset, size) => `/v1/assets/${part(asset)}?kb=${part(kb)}&size=${size}`;

/**
 * Asks, and yields what the server says: `sources`, `quote`, `status`es, then `token`s, then `answer`.
 * @param {Record<string, any>} question
 * @param {AbortSignal} signal
 */
export async function* ask(question, signal) {
  const body = JSON.stringify({ ...question, stream: true });
  const headers = { "Content-Type": "application/json", Accept: "text/event-stream" };
  yield* events("/v1/ask", { method: "POST", headers, body, signal }, "answer");
}

/** @param {string} path @param {RequestInit} options @param {string} last the event without which it broke off */
async function* events(path, options, last) {
  const response = await request(path, options);
  let ended = false;
  try {
    for await (const each of eventsOf(response)) {
      if (each.event === "error") throw asError(each.data?.error);
      ended ||= each.event === last;
      yield each;
    }
  } catch (error) {
    if (error instanceof ApiError || options.signal?.aborted) throw error;
    throw new ApiError("The connection broke off before the end.");
  }
  if (!ended) throw new ApiError("The connection broke off before the end.");
}

/** @param {any} said */
function asError(said) {
  const { message, type, position = null } = said ?? {};
  return new ApiError(String(message || "The server failed."), {
    status: 500,
    type: String(type || "error"),
    position,
  });
}
