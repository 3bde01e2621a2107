// The page: puts its parts together.

import { knowledgeBase, knowledgeBases, onTokenNeeded } from "./api.js";
import { createComposer } from "./composer.js";
import { createConversation } from "./conversation.js";
import { askToken, dialogIsOpen, showKeys } from "./dialogs.js";
import { openDocuments } from "./documents.js";
import { byId, count, el, fill, icon } from "./dom.js";
import { takeDrops } from "./drops.js";
import { createPanel } from "./panel.js";
import { pictureOfAsset } from "./pictures.js";
import { createSidebar } from "./sidebar.js";
import { rememberKb, rememberedKb } from "./state.js";
import { createThemeSwitch } from "./theme-switch.js";
import { greet, greetEmpty, greetTrouble, offerStarts } from "./welcome.js";

const chooser = /** @type {HTMLSelectElement} */ (byId("kb"));
const thread = byId("thread");
let kb = "";
/** @type {Record<string, string>} */
let fields = {};

for (const button of document.querySelectorAll("[data-icon]")) {
  button.prepend(icon(/** @type {import("./dom.js").IconName} */ (button.getAttribute("data-icon"))));
}
createThemeSwitch(byId("theme"));
onTokenNeeded(askToken);

const panel = createPanel({
  askWith: (name, source) => {
    panel.close();
    askWithAsset(name, source.asset ?? "", source.source);
  },
});
const composer = createComposer({ send: (request) => conversation.send(request), stop: () => conversation.stop() });
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
    const isThere = [...chooser.options].some((option) => option.value === kept.kb);
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
  composer.setup({ ready: kb !== "", placeholder, fields });
}

/** Asks the server what there is, and chooses what was chosen before. */
async function load() {
  try {
    const all = await knowledgeBases();
    fill(
      chooser,
      all.map((each) => el("option", { value: each.name }, each.name)),
    );
    byId("chooser").hidden = byId("open-documents").hidden = all.length === 0;
    if (all.length === 0) {
      kb = "";
      greetEmpty();
      draw();
      return;
    }
    const remembered = all.find((each) => each.name === (kb || rememberedKb()));
    await choose((remembered ?? all[0]).name);
    composer.focus();
  } catch (error) {
    greetTrouble(error.message, load);
    setupComposer();
  }
}

/** @param {string} name */
async function choose(name) {
  const changed = name !== kb;
  kb = name;
  chooser.value = name;
  rememberKb(name);
  if (changed) conversation.start(name);
  const about = await knowledgeBase(name);
  if (kb !== name) return;
  fields = about.fields ?? {};
  byId("kb-count").textContent = count(about.documents, "document");
  greet(about);
  setupComposer();
  if (!about.documents) return;
  const actions = { askAbout, askWith: (asset, file) => askWithAsset(name, asset, file) };
  offerStarts(name, actions, () => kb === name).catch(() => {}); // an offer: what it cannot get is not missed
}

/** @param {string} question */
const askAbout = (question) => conversation.send({ question, picture: null, where: "" });

/** @param {string} name @param {string} asset @param {string} file */
async function askWithAsset(name, asset, file) {
  try {
    composer.setPicture(await pictureOfAsset(name, asset, file));
    composer.focus();
  } catch (error) {
    composer.complain(error.message);
  }
}

chooser.addEventListener("change", () => choose(chooser.value).catch((error) => greetTrouble(error.message, load)));
byId("open-documents").addEventListener("click", () => openDocuments(kb, () => choose(kb).catch(() => {})));
byId("open-keys").addEventListener("click", () => showKeys());
takeDrops(
  (file) => composer.takePicture(file, file.name),
  () => composer.complain("Only pictures can be asked with. To add a document, open Documents."),
);

const toEnd = byId("to-end");
const atEnd = () => thread.scrollHeight - thread.scrollTop - thread.clientHeight < 120;
const watchEnd = () => {
  toEnd.hidden = conversation.isEmpty() || atEnd();
};
thread.addEventListener("scroll", watchEnd, { passive: true });
new ResizeObserver(watchEnd).observe(thread);
toEnd.addEventListener("click", () => thread.scrollTo({ top: thread.scrollHeight }));

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || dialogIsOpen())
    return;
  if (event.key === "Escape") {
    if (conversation.isRunning()) conversation.stop();
    else if (sidebar.isOpen()) sidebar.close();
    else panel.close();
    return;
  }
  if (event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (event.key === "/") {
    event.preventDefault();
    composer.focus();
  } else if (event.key === "?") showKeys();
  else if (event.key === "n" || event.key === "N") byId("new-conversation").click();
  else if (/^[1-9]$/.test(event.key)) conversation.openSource(Number(event.key));
});

draw();
load();
