import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { divergingColors } from "../../draw/colormap";
import { formatPercent } from "../../draw/format";
import { visibleText } from "../../draw/tokenText";
import type { NeuronWant } from "../../frame/want";
import { keysOf } from "../../state/about";
import { layerNumber } from "../../state/layers";
import { pinsOn } from "../../state/pins";
import type { Framed } from "../common/useFrame";
import { useWidth } from "../common/useSize";
import type { ViewProps } from "../view";
import { clickQuery, moveQuery } from "./chosenQuery";
import { layoutColumns } from "./columns";
import { limitsOf } from "./limits";
import { NeuronBar } from "./NeuronBar";
import { keyOrder, type SortBy } from "./order";
import { QueryList } from "./QueryList";
import { ScoreTable } from "./ScoreTable";
import { StripLegend } from "./StripLegend";

/** In less width the vectors are folded away until they are asked for. */
const EXPANDED_FROM = 480;

interface NeuronPanelProps extends ViewProps {
  want: NeuronWant;
  /** The frame for the want, or the one before it. */
  framed: Framed<NeuronWant> | null;
}

/** The controls, the queries to choose from, and the table of keys. */
export function NeuronPanel(props: NeuronPanelProps) {
  const { stream, selection, hover, actions, report, want, framed } = props;
  const [expanded, setExpanded] = useState<boolean | null>(null);
  const [sortBy, setSortBy] = useState<SortBy>("position");
  const main = useRef<HTMLDivElement>(null);
  const width = useWidth(main);
  const isExpanded = expanded ?? width >= EXPANDED_FROM;
  const keyTokens = keysOf(stream);
  const frame = framed?.frame;

  const columns = useMemo(
    () => (frame && width > 0 ? layoutColumns(width, frame, keyTokens, isExpanded) : null),
    [frame, width, keyTokens, isExpanded],
  );
  const limits = useMemo(() => frame && limitsOf(frame), [frame]);
  const order = useMemo(() => frame && keyOrder(frame, sortBy), [frame, sortBy]);
  const colors = divergingColors(props.scheme.value);
  const pins = selection.tokens_selected;
  const pinnedQueries = useMemo(() => new Set(pinsOn(pins, "query")), [pins]);
  const pinnedKeys = useMemo(() => new Set(pinsOn(pins, "key")), [pins]);

  const isDrawn = columns !== null && framed?.current === true;
  useEffect(() => {
    if (isDrawn) report("ready", "");
  }, [isDrawn, columns, order, colors, pins]);

  const { layer, head, query } = framed?.want ?? want;
  const queryText = visibleText(stream.queries.text[query] ?? "");
  const hoverQuery = (index: number | null) => {
    hover.value = index === null ? null : { token: { side: "query", index }, layer, head };
  };
  const hoverKey = (key: number | null) => {
    if (key === (hover.peek()?.link?.key ?? null)) return;
    if (key === null) {
      hover.value = null;
      return;
    }
    const link = { query, key, head, weight: frame?.weights[key] ?? 0 };
    hover.value = { token: { side: "query", index: query }, layer, head, link };
  };
  const sinkShare = frame?.sink != null ? 1 - frame.weights.reduce((sum, w) => sum + w, 0) : null;

  return (
    <div class="aw-neuron" data-stale={(framed && !framed.current) || undefined}>
      <NeuronBar
        {...{ head, query, queryText, isExpanded, sortBy }}
        number={layerNumber(stream, layer)}
        heads={stream.heads}
        onHead={(next) => actions.select({ heads: [next] })}
        onExpand={setExpanded}
        onSort={setSortBy}
      />
      <div class="aw-neuron-columns">
        <QueryList
          tokens={stream.queries}
          chosen={want.query}
          pinned={pinnedQueries}
          onClick={(index) => actions.select({ tokens_selected: clickQuery(pins, index) })}
          onMove={(index) => actions.select({ tokens_selected: moveQuery(pins, index) })}
          onHover={hoverQuery}
        />
        <div class="aw-neuron-main" ref={main}>
          {frame && columns && limits && order ? (
            <>
              <ScoreTable
                {...{ frame, columns, order, sortBy, queryText, limits, colors }}
                tokens={keyTokens}
                pinned={pinnedKeys}
                onClick={(index) => actions.togglePin({ side: "key", index })}
                onHover={hoverKey}
              />
              {sinkShare !== null && (
                <p class="aw-neuron-note">
                  A sink takes {formatPercent(sinkShare)} of the softmax: a learned one, or the
                  silence after a sound. It is no token.
                </p>
              )}
              {isExpanded && <StripLegend colors={colors} limits={limits} />}
            </>
          ) : (
            <div class="aw-neuron-waiting" />
          )}
        </div>
      </div>
    </div>
  );
}
