import { useEffect } from "preact/hooks";
import type { Want } from "../../frame/want";
import type { FrameSource } from "../../state/source";

/** Says that the frames for these wants are on the screen, for as long as they are. */
export function useOnScreen(source: FrameSource, wants: readonly Want[]): void {
  const keys = JSON.stringify(wants.map((want) => source.keyOf(want)));
  // The keys stand for the wants.
  useEffect(() => source.show?.(wants), [source, keys]);
}
