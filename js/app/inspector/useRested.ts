import { useEffect, useState } from "preact/hooks";

/** Milliseconds; heads that the pointer only passes by are not asked about. */
const RESTS_AFTER = 150;

/** True once the same key was given for a moment: a debounce. */
export function useRested(key: string): boolean {
  const [rested, setRested] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setRested(key), RESTS_AFTER);
    return () => clearTimeout(timer);
  }, [key]);
  return rested === key;
}
