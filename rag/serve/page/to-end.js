// The button that goes to the end of a long conversation.

import { byId } from "./dom.js";

const NEAR_PX = 120;

/** @param {() => boolean} isEmpty whether there is nothing to go to the end of */
export function createToEnd(isEmpty) {
  const thread = byId("thread");
  const button = byId("to-end");
  const isNear = () => thread.scrollHeight - thread.scrollTop - thread.clientHeight < NEAR_PX;
  const watch = () => {
    button.hidden = isEmpty() || isNear();
  };
  thread.addEventListener("scroll", watch, { passive: true });
  new ResizeObserver(watch).observe(thread);
  button.addEventListener("click", () => thread.scrollTo({ top: thread.scrollHeight }));
}
