import { useEffect, useState } from "preact/hooks";

/** Heads that the pointer only passes by are not asked about. */
const DEBOUNCE_MS = 150;

/** Debounces a key: true once the same one was given for a moment. */
export function useDebounced(key: string): boolean {
  const [settled, setSettled] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(key), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return settled === key;
}
