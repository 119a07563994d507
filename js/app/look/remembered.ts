const KEY = "attnwidget.look";

/** Whether the list is open: it is, until somebody folds it. */
export function rememberedOpen(): boolean {
  try {
    return localStorage.getItem(KEY) !== "folded";
  } catch {
    return true; // storage may be forbidden, as in a sandboxed frame
  }
}

export function rememberOpen(isOpen: boolean): void {
  try {
    if (isOpen) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, "folded");
  } catch {
    // Nothing to do: see above.
  }
}
