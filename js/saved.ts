import { keepAway } from "./saved/keepAway";
import { showPage } from "./saved/showPage";

/**
 * The entry of what a display leaves in a notebook: a picture, a line of text, and a page to put in
 * their place.
 *
 * In a page made of a notebook the script runs while the document is still being read, and no widget
 * will come. Everywhere else one may, and what is saved keeps out of its way.
 */
function start(root: HTMLElement): void {
  root.dataset.started = "";
  const isPage = document.readyState === "loading" && !document.getElementById(SERVED);
  if (!isPage) keepAway(root);
  else if (root.querySelector(".attnwidget-data")) showPage(root);
}

/** An element that pages served by Jupyter or Voilà hold. */
const SERVED = "jupyter-config-data";

// Front ends differ in where a script finds itself, so it starts whatever has not been started.
for (const root of document.querySelectorAll<HTMLElement>(
  ".attnwidget-saved:not([data-started])",
)) {
  start(root);
}
