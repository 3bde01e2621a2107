// What is sent to the server, and looked after there: uploads, jobs, originals, knowledge bases.

import { json, part, request } from "./api.js";

/**
 * @typedef {{
 *   id: string, kb: string, kind: "upload" | "update" | "demo",
 *   state: "waiting" | "running" | "done" | "failed" | "cancelled", created: string, ended: string | null,
 *   n_files: number, done: number, total: number | null, failed: number, left_s: number | null, ahead: number,
 *   may_retry: boolean, error: {type: string, message: string} | null,
 * }} Job
 * @typedef {{name: string, state: string, error: string}} JobFile
 * @typedef {{doc_id: string, name: string, kind: "archive" | "captions" | "other", documents: number}} UploadedFile
 */

/**
 * Uploads: the server has all of it when this gives the job.
 * @param {string} kb
 * @param {File[]} files
 * @param {{create: boolean, signal: AbortSignal}} options `create`: make the knowledge base if there is none
 * @returns {Promise<Job>}
 */
export function upload(kb, files, { create, signal }) {
  const body = new FormData();
  for (const file of files) body.append("files", file, file.name);
  const path = `/v1/kb/${part(kb)}/documents${create ? "?create=true" : ""}`;
  return json(path, { method: "POST", headers: { Prefer: "respond-async" }, body, signal });
}

/** Looked at again and again, so nobody is asked for a token. @returns {Promise<Job[]>} the newest first */
export const jobs = async () => (await json("/v1/jobs", {}, false)).jobs;

/** @param {string} id @returns {Promise<Job & {files: JobFile[]}>} */
export const jobOf = (id) => json(`/v1/jobs/${part(id)}`);

/** @param {string} id */
export const cancelJob = (id) => json(`/v1/jobs/${part(id)}/cancel`, { method: "POST" });

/** @param {string} id */
export const retryJob = (id) => json(`/v1/jobs/${part(id)}/retry`, { method: "POST" });

/** @param {string} id */
export const forgetJob = (id) => request(`/v1/jobs/${part(id)}`, { method: "DELETE" });

/** @param {string} kb @param {string} id */
export const originalPath = (kb, id) => `/v1/kb/${part(kb)}/documents/${part(id)}/original`;

/** What was uploaded and is no document of its own. @param {string} kb @returns {Promise<UploadedFile[]>} */
export const uploadedFiles = async (kb) => (await json(`/v1/kb/${part(kb)}/files`)).files;

/** @param {string} kb @param {{title: string, description: string}} said */
export const changeKb = (kb, said) =>
  json(`/v1/kb/${part(kb)}`, {
    method: "PATCH",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(said),
  });

/** @param {string} kb @param {string} typed its name, as proof */
export const emptyKb = (kb, typed) =>
  json(`/v1/kb/${part(kb)}/documents?confirm=${part(typed.trim())}`, { method: "DELETE" });

/** @param {string} kb @param {string} typed its name, as proof */
export const dropKb = (kb, typed) => request(`/v1/kb/${part(kb)}?confirm=${part(typed.trim())}`, { method: "DELETE" });
