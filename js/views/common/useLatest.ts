import { useRef } from "preact/hooks";

/** A reference to the value of the latest render, for callbacks that outlive theirs. */
export function useLatest<Value>(value: Value): { current: Value } {
  const latest = useRef(value);
  latest.current = value;
  return latest;
}
