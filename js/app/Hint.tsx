import { useState } from "preact/hooks";

const KEY = "attnwidget.hint";

/** One line for those who see the widget for the first time. */
export function Hint() {
  const [isShown, setShown] = useState(!wasDismissed());
  if (!isShown) return null;
  const dismiss = () => {
    setShown(false);
    remember();
  };
  return (
    <p class="aw-hint">
      Click a token to pin it, double-click a head to see it alone.
      <button type="button" aria-label="Dismiss the hint" onClick={dismiss}>
        ×
      </button>
    </p>
  );
}

/** Storage may be forbidden, as in a sandboxed frame; then the hint comes back. */
function wasDismissed(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

function remember(): void {
  try {
    localStorage.setItem(KEY, "dismissed");
  } catch {
    // Nothing to do: see wasDismissed.
  }
}
