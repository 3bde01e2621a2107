// What this browser remembers: the chosen knowledge base and earlier conversations. Nothing of it leaves it.

const MAX_HISTORY = 50; // as many as the server takes: it reads again what begins otherwise
const KB = "rag.kb";
const CONVERSATIONS = "rag.conversations";
const MAX_CONVERSATIONS = 100;

/**
 * @typedef {{
 *   question: string, where: string, picture: string | null, state: "done" | "stopped" | "failed",
 *   answer: import("./api.js").Answer | null, as_words?: string[], error?: string, isFinal?: boolean, seconds?: number,
 * }} Turn  `as_words`: of the question, what was understood and taken off; `picture` is a small preview as a data: URL; `isFinal`: the same would fail again
 * @typedef {{id: string, kb: string, title: string, when: number, turns: Turn[]}} Conversation
 */

/** @param {string} key */
function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage is off: everything works, nothing is remembered
  }
}

/** @param {string} key @param {string} value @returns {boolean} whether there was room */
function write(key, value) {
  try {
    localStorage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

export const rememberedKb = () => read(KB) ?? "";

/** @param {string} name */
export const rememberKb = (name) => void write(KB, name);

/** @returns {Conversation[]} newest first */
export function conversations() {
  try {
    const kept = JSON.parse(read(CONVERSATIONS) ?? "[]");
    return Array.isArray(kept)
      ? kept.filter((each) => each && typeof each.id === "string" && Array.isArray(each.turns))
      : [];
  } catch {
    return [];
  }
}

/**
 * Keeps a conversation as the newest; the oldest go where there is no room.
 * @param {Conversation} conversation
 */
export function keep(conversation) {
  const all = [conversation, ...conversations().filter((each) => each.id !== conversation.id)].slice(
    0,
    MAX_CONVERSATIONS,
  );
  while (all.length && !write(CONVERSATIONS, JSON.stringify(all))) all.pop();
}

/** @param {string} [id] without: all of them */
export function forget(id) {
  write(CONVERSATIONS, JSON.stringify(id ? conversations().filter((each) => each.id !== id) : []));
}

/** @param {string} kb @returns {Conversation} */
export const newConversation = (kb) => ({
  id: crypto.getRandomValues(new Uint32Array(3)).join("-"),
  kb,
  title: "",
  when: Date.now(),
  turns: [],
});

/**
 * What was said before, for the server to understand a follow-up; with the latest picture, which it may be about.
 * @param {Turn[]} turns
 * @param {(turn: Turn) => string | null} pictureOf
 */
export function pastTurns(turns, pictureOf) {
  const past = turns.filter((turn) => turn.answer?.text).slice(-MAX_HISTORY);
  const pictured = past.findLast((turn) => turn.picture);
  return past.map((turn) => ({
    question: turn.question || "What is in this picture?",
    answer: /** @type {any} */ (turn.answer).text,
    ...(turn === pictured && { image: pictureOf(turn) }),
  }));
}
