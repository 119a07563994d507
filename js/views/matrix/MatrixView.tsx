import type { ViewProps } from "../view";
import { CompareBar } from "./CompareBar";
import { Evolution } from "./Evolution";
import { Matrices } from "./Matrices";
import { MatrixBar } from "./MatrixBar";
import { hasOnlySigns } from "./matrixTerms";

/** Scores as heatmaps, queries down and keys across: one, two, their difference, or layer by layer. */
export function MatrixView(props: ViewProps) {
  const { about, stream, selection, actions } = props;
  const mode = selection.matrix_mode;
  return (
    <div class="aw-matrix">
      <div class="aw-matrix-head">
        <MatrixBar {...{ selection, actions }} isSigned={hasOnlySigns(about, selection, stream)} />
        {(mode === "compare" || mode === "difference") && (
          <CompareBar {...{ about, stream, selection, actions }} />
        )}
      </div>
      {/* What is zoomed into and pointed at belongs to the tokens of one stream. */}
      {mode === "evolution" ? (
        <Evolution key={stream.name} {...props} />
      ) : (
        <Matrices key={stream.name} {...props} />
      )}
    </div>
  );
}
