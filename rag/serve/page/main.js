// The page: puts its parts together.

import { knowledgeBase, knowledgeBases, onTokenNeeded, warm } from "./api.js";
import { createChooser } from "./chooser.js";
import { createComposer } from "./composer.js";
import { createConversation } from "./conversation.js";
import { addingConfirmed, askToken, showKeys } from "./dialogs.js";
import { openDocuments } from "./documents.js";
import { byId, count, fill, icon } from "./dom.js";
import { takeDrops } from "./drops.js";
import { followJobs } from "./follow-jobs.js";
import { createJobs, isActive } from "./jobs.js";
import { takeKeys } from "./keys.js";
import { nameModel } from "./labels.js";
import { createNewKb, showNewKb } from "./new-kb.js";
import { createPanel } from "./panel.js";
import { createSidebar } from "./sidebar.js";
import { rememberKb, rememberedKb } from "./state.js";
import { createThemeSwitch } from "./theme-switch.js";
import { createToEnd } from "./to-end.js";
import { createUploads } from "./uploads.js";
import { greet, greetEmpty, greetTrouble, offerStarts } from "./welcome.js";

let kb = "";
let isEmpty = false;
/** The form that makes the first one. @type {ReturnType<typeof createNewKb> | null} */
let first = null;

for (const button of document.querySelectorAll("[data-icon]")) {
  button.prepend(icon(/** @type {import("./dom.js").IconName} */ (button.getAttribute("data-icon"))));
}
createThemeSwitch(byId("theme"));
onTokenNeeded(askToken);

const jobs = createJobs();
const uploads = createUploads(byId("open-documents"), jobs);
const chooser = createChooser({
  choose: (name) => choose(name).catch((error) => greetTrouble(error, start)),
  startNew: () => showNewKb({ uploads, jobs }, chooser.names(), made),
});

const panel = createPanel({
  askWith: (name, source) => {
    panel.close();
    composer.takeAsset(name, source.asset ?? "", source.source);
  },
});
/** Knowledge bases whose chat model was loaded while the first question was typed. @type {Set<string>} */
const warmed = new Set();
const composer = createComposer({
  send: (request) => conversation.send(request),
  stop: () => conversation.stop(),
  begun: () => {
    if (warmed.has(kb)) return;
    warmed.add(kb);
    warm(kb).catch(() => {}); // what is wrong is said when the question is asked
  },
});
const conversation = createConversation({
  panel,
  onChange: draw,
  onFilterError: (error, request) => composer.refuse(request, error),
  onGone: () => load(),
});
const sidebar = createSidebar({
  currentId: conversation.id,
  start: () => {
    conversation.start(kb);
    composer.focus();
  },
  show: (kept) => {
    const isThere = chooser.names().includes(kept.kb);
    if (kept.kb !== kb && isThere) choose(kept.kb).catch(() => {}); // a follow-up would say what is wrong
    conversation.show(kept);
  },
});

/** Shows what the conversation's state asks for. */
function draw() {
  byId("app").classList.toggle("is-empty", conversation.isEmpty());
  composer.setRunning(conversation.isRunning());
  setupComposer();
  sidebar.draw();
}

function setupComposer() {
  byId("app").classList.toggle("has-nothing", kb === "");
  const placeholder = !kb ? "" : conversation.isEmpty() ? "Ask in words, or paste a picture" : "Ask a follow-up";
  composer.setup({ kb, placeholder });
}

/** Asks the server what there is. */
async function list() {
  const { knowledge_bases: all, may_create: mayCreate } = await knowledgeBases();
  const names = all.map((each) => each.name);
  chooser.draw(all, mayCreate);
  byId("open-documents").hidden = names.length === 0;
  return { names, mayCreate };
}

/** Chooses what was chosen before. */
async function load() {
  try {
    const { names, mayCreate } = await list();
    if (names.length === 0) {
      kb = "";
      if (mayCreate) first = first ?? createNewKb({ uploads, jobs }, [], made);
      greetEmpty(first?.element);
      first?.show();
      draw();
      return;
    }
    const remembered = names.find((each) => each === (kb || rememberedKb()));
    await choose(remembered ?? names[0]);
    composer.focus();
  } catch (error) {
    greetTrouble(error, start);
    setupComposer();
  }
}

/**
 * Turns to a knowledge base whose first job has ended, if it came into being and the person waits for it.
 * @param {string} name
 * @param {boolean} awaited
 * @returns {Promise<boolean>} whether it did
 */
async function made(name, awaited) {
  if (!(await list()).names.includes(name) || !awaited) return false;
  await choose(name);
  uploads.show(byId("hero"), name);
  composer.focus();
  return true;
}

/** @param {string} name */
async function choose(name) {
  const changed = name !== kb;
  kb = name;
  if (first) {
    first.close();
    first = null;
    fill(byId("starts"));
  }
  chooser.mark(name);
  rememberKb(name);
  if (changed) conversation.start(name);
  const about = await knowledgeBase(name);
  if (kb !== name) return;
  nameModel(about.chat_model);
  byId("kb-count").textContent = count(about.documents, "document");
  isEmpty = !about.documents;
  greet(about, isFilled());
  setupComposer();
  if (!about.documents) return;
  const actions = { askAbout, askWith: (asset, file) => composer.takeAsset(name, asset, file) };
  offerStarts(name, actions, () => kb === name).catch(() => {}); // an offer: what it cannot get is not missed
}

/** @param {string} question */
const askAbout = (question) => conversation.send({ question, picture: null, where: "" });

/** @param {File[]} [files] to be added at once */
const showDocuments = (files) =>
  openDocuments(kb, { uploads, jobs, onChange: () => choose(kb).catch(() => {}), onSettings: load, files });

/** @param {File[]} files that were dropped on the page */
async function addDropped(files) {
  if (first) first.take(files);
  else if (uploads.isSending()) composer.complain("Other files are being sent. Drop these when that has ended.");
  else if (kb && (await addingConfirmed(kb, files))) showDocuments(files);
}

byId("open-documents").addEventListener("click", () => showDocuments());
byId("open-keys").addEventListener("click", () => showKeys());
takeDrops({
  canAsk: () => kb !== "",
  ask: (file) => composer.takePicture(file, file.name),
  add: addDropped,
});

createToEnd(conversation.isEmpty);
takeKeys({
  leave: () => {
    if (conversation.isRunning()) conversation.stop();
    else if (sidebar.isOpen()) sidebar.close();
    else panel.close();
  },
  ask: () => composer.focus(),
  openSource: (number) => conversation.openSource(number),
});

/** Whether a job puts documents into the chosen one. */
const isFilled = () => jobs.all().some((job) => job.kb === kb && isActive(job));
const start = () => load().then(jobs.look);
const isMaking = () => first?.isBusy() ?? false;
const state = { kb: () => kb, isEmpty: () => isEmpty, isUnasked: conversation.isEmpty, isMaking };
followJobs({ jobs, ...state, list, load, choose });
draw();
start();
