import { isLive, rowOf, wordsBefore } from "./rows";
import { showPage } from "./showPage";

const LOOK_EVERY = 250;
/** A widget comes within a second or two, after a reload of the page within some more. */
const WAIT = 6000;
/** An error in its place means that it will not come. */
const WAIT_AFTER_ERROR = 1000;

/**
 * Hides what is saved at once and, unless the widget comes, shows it after some seconds.
 *
 * A widget that comes later still takes its place again.
 */
export function keepAway(root: HTMLElement): void {
  const row = rowOf(root);
  let words: HTMLElement | null = null;
  let waited = 0;
  row.style.display = "none";

  const look = () => {
    if (isLive(root)) {
      clearInterval(timer);
      row.style.display = "none";
      if (words) words.style.display = "";
      return;
    }
    // Front ends take cells that are out of sight out of the document.
    if (!root.isConnected) return;
    const before = wordsBefore(root);
    const isShown = row.style.display !== "none";
    if (!isShown) {
      waited += LOOK_EVERY;
      const isError = before?.textContent?.includes("Error displaying widget") ?? false;
      if (waited < (isError ? WAIT_AFTER_ERROR : WAIT)) return;
    }
    // On a busy machine the words come after the page that stands in their place.
    words = before ?? words;
    if (words) words.style.display = "none";
    if (isShown) return;
    row.style.display = "";
    if (root.querySelector(".attnwidget-data")) showPage(root);
  };
  const timer = setInterval(look, LOOK_EVERY);
}
