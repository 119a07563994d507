import { methodOf } from "../../frame/method";
import type { Want } from "../../frame/want";
import type { About, StreamAbout } from "../../state/about";
import type { Selection } from "../../state/selection";
import { tokenWant } from "../../state/wants";
import { chosenToken } from "./chosen";

/** The shown token in the layers around. */
export function wantsAround(about: About, selection: Selection, stream: StreamAbout): Want[] {
  const { token } = chosenToken(about, selection, stream);
  if (token.side === "key" || !methodOf(about, selection.method).is_quick) return [];
  return [selection.layer + 1, selection.layer - 1]
    .filter((layer) => layer >= 0 && layer < stream.layers)
    .map((layer) => tokenWant(about, { ...selection, layer }, stream, token));
}
