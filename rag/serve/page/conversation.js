// The conversation on the screen: asks, streams, stops, keeps.

import { ApiError, ask, isFinal } from "./api.js";
import { byId, plain } from "./dom.js";
import { partial, requestOf } from "./request.js";
import { keep, newConversation, pastTurns } from "./state.js";
import { TurnView } from "./turn.js";

/** @typedef {import("./request.js").Request} Request @typedef {import("./state.js").Turn} Turn */

const MAX_TITLE = 80;

/**
 * @param {{
 *   panel: {open: Function, close: Function},
 *   onChange: () => void,
 *   onFilterError: (error: ApiError, request: Request) => void,
 *   onGone: () => void,
 * }} host  `onChange`: something began, ended or was kept; `onGone`: the knowledge base does not exist any more
 */
export function createConversation(host) {
  const thread = byId("thread");
  let current = newConversation("");
  /** @type {Map<TurnView, Request>} */
  const requests = new Map();
  /** @type {TurnView[]} */
  let views = [];
  /** @type {AbortController | null} */
  let running = null;

  const actions = {
    /** @param {TurnView} view @param {number} number @param {HTMLElement | null} opener */
    open: (view, number, opener) => host.panel.open(view.kb, view.sources, number, opener),
    /** @param {TurnView} view */
    again(view) {
      const turn = view.turn;
      const request = requests.get(view) ?? requestOf(turn);
      if (turn.state === "failed") remove(view);
      send(request);
    },
    /** Asks again with these words meaning nothing but themselves. @param {TurnView} view @param {string} said */
    without(view, said) {
      const request = requests.get(view) ?? requestOf(view.turn);
      send({ ...request, as_words: [...(request.as_words ?? []), said] });
    },
  };

  /** The picture that a turn was asked with: whole, or of a kept turn its preview. @param {Turn} turn */
  function pictureOf(turn) {
    const view = views.find((each) => each.turn === turn);
    return (view && requests.get(view)?.picture?.data) || turn.picture;
  }

  /** @param {string} kb */
  function start(kb) {
    running?.abort();
    host.panel.close();
    current = newConversation(kb);
    views.forEach((view) => view.element.remove());
    views = [];
    requests.clear();
    host.onChange();
  }

  /** @param {import("./state.js").Conversation} kept */
  function show(kept) {
    start(kept.kb);
    current = kept;
    for (const turn of kept.turns) {
      const view = add(turn);
      if (turn.answer) view.finish(turn.answer, true);
      if (turn.state === "stopped") view.stop();
      if (turn.state === "failed") view.fail(turn.error ?? "This was not answered.", 0, !turn.isFinal);
    }
    host.onChange();
    thread.scrollTop = 0;
  }

  /** @param {import("./state.js").Turn} turn */
  function add(turn) {
    const view = new TurnView(current.kb, turn, actions);
    views.push(view);
    thread.append(view.element);
    return view;
  }

  /** @param {TurnView} view */
  function remove(view) {
    view.element.remove();
    views = views.filter((each) => each !== view);
    current.turns = current.turns.filter((each) => each !== view.turn);
  }

  /** @param {Request} request */
  async function send(request) {
    running?.abort();
    const stopper = new AbortController();
    running = stopper;
    const history = pastTurns(current.turns, pictureOf);
    const turn = {
      question: request.question,
      where: request.where,
      picture: request.picture?.preview ?? null,
      ...(request.as_words?.length ? { as_words: request.as_words } : {}),
      state: "stopped",
      answer: null,
    };
    const view = add(/** @type {any} */ (turn));
    requests.set(view, request);
    current.turns.push(/** @type {any} */ (turn));
    current.title ||= plain(request.question || "A picture")
      .replace(/\s+/g, " ")
      .trim()
      .slice(0, MAX_TITLE);
    view.wait();
    host.onChange();
    thread.scrollTo({ top: view.element.offsetTop }); // not scrollIntoView, which moves whatever can be moved
    const conversation = current;
    try {
      await stream(
        view,
        {
          kb: conversation.kb,
          question: request.question,
          image: request.picture?.data ?? null,
          where: request.where,
          history,
          ...(request.as_words?.length ? { as_words: request.as_words } : {}),
        },
        stopper.signal,
      );
    } catch (error) {
      ended(view, request, error, stopper.signal.aborted);
    } finally {
      if (running === stopper) running = null;
      conversation.when = Date.now();
      if (conversation.turns.length) keep(conversation);
      host.onChange();
    }
  }

  /** @param {TurnView} view @param {Record<string, any>} question @param {AbortSignal} signal */
  async function stream(view, question, signal) {
    for await (const { event, data } of ask(question, signal)) {
      if (event === "sources") {
        view.showSources(data.sources);
        view.showUnderstood(data.understood ?? []);
        view.read();
      } else if (event === "quote") view.quote(data.text);
      else if (event === "status") view.work(data.text);
      else if (event === "token") view.add(data.text);
      else if (event === "answer") {
        view.finish(data);
        Object.assign(view.turn, { state: "done", answer: data });
      }
    }
  }

  /** @param {TurnView} view @param {Request} request @param {any} error @param {boolean} stopped */
  function ended(view, request, error, stopped) {
    if (stopped) {
      view.turn.answer = partial(view);
      view.stop();
      return;
    }
    if (!(error instanceof ApiError)) console.error(error);
    if (error.type === "filter_syntax_error") {
      remove(view);
      host.onFilterError(error, request);
      return;
    }
    const message =
      error instanceof ApiError ? error.message : "Something went wrong in this page. Reload it and ask again.";
    Object.assign(view.turn, { state: "failed", error: message, isFinal: isFinal(error), answer: partial(view) });
    view.fail(message, error.retryAfter, !isFinal(error));
    if (error.type === "knowledge_base_not_found") host.onGone();
  }

  return {
    start,
    show,
    send,
    stop: () => running?.abort(),
    isRunning: () => running !== null,
    isEmpty: () => views.length === 0,
    id: () => current.id,
    /** Opens a source of the last answer. @param {number} number */
    openSource: (number) => {
      const view = views.at(-1);
      if (view?.sources.some((source) => source.number === number))
        actions.open(view, number, view.element.querySelector(`.source[data-number="${number}"]`));
    },
  };
}
