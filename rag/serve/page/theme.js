// The theme, before anything is painted: a classic script in the head, so that no other theme flashes up first.
(() => {
  let kept = null;
  try {
    kept = localStorage.getItem("rag.theme");
  } catch {
    // Storage is off in this browser: the system's theme it is.
  }
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
})();
