import { useEffect, useState } from "preact/hooks";

/** What the pointer passes by on its way is not asked about. */
const RESTS_AFTER = 150;

/** Whether this has been looked at for a moment. */
export function useRested(key: string): boolean {
  const [rested, setRested] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setRested(key), RESTS_AFTER);
    return () => clearTimeout(timer);
  }, [key]);
  return rested === key;
}
