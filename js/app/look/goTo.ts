import type { Finding } from "../../frame/findings";
import { defaultMethod } from "../../frame/method";
import { type About, lackOf, lackOfView, NOT_INCLUDED, type StreamAbout } from "../../state/about";
import { streamOf } from "../../state/clamp";
import type { Selection } from "../../state/selection";
import { VIEWS, viewOf } from "../../views/registry";

/** The change of the selection that shows a finding: its head alone, its query pinned. */
export function changeToward(
  about: About,
  selection: Selection,
  finding: Finding,
): Partial<Selection> {
  const stream = streamOf(about, finding.stream);
  const { hide_first, hide_special } = selection;
  const isSpecial = (stream.keys ?? stream.queries).special.includes(finding.key);
  return {
    ...{ stream: finding.stream, layer: finding.layer, heads: [finding.head] },
    method: methodFor(about, stream, finding.method),
    view: viewFor(about, stream, selection.view),
    matrix_mode: "single",
    tokens_selected: [{ side: "query", index: finding.query }],
    pair_filter: "all",
    hide_first: hide_first && finding.key !== 0,
    hide_special: hide_special && !isSpecial,
  };
}

/** Why a file cannot show a finding; null where it can. */
export function lackOfFinding(about: About, { stream: name, layer, head }: Finding): string | null {
  const stream = streamOf(about, name);
  if (stream.held === null) return NOT_INCLUDED;
  return lackOf(stream, "layers", layer) ?? lackOf(stream, "heads", head);
}

/** True where the selection is what a click on the finding would make it. */
export function isShown(about: About, selection: Selection, finding: Finding): boolean {
  const change = changeToward(about, selection, finding);
  return Object.entries(change).every(
    ([name, value]) => JSON.stringify(selection[name as keyof Selection]) === JSON.stringify(value),
  );
}

function methodFor(about: About, { methods, held }: StreamAbout, name: string): string {
  const isThere = !held || held.methods.some(({ method }) => method === name);
  return methods.includes(name) && isThere ? name : defaultMethod(about).name;
}

/** The view that is open, or the first one that shows single heads. */
function viewFor(about: About, stream: StreamAbout, name: string): string {
  const isFit = ({ isOverview, name }: (typeof VIEWS)[number]) =>
    !isOverview && lackOfView(about, stream, name) === null;
  const open = viewOf(name);
  return isFit(open) ? name : (VIEWS.find(isFit)?.name ?? name);
}
