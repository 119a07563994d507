import { useMemo, useRef, useState } from "preact/hooks";
import { methodOf } from "../../frame/method";
import { useFrame } from "../common/useFrame";
import { useOnScreen } from "../common/useOnScreen";
import { useWidth } from "../common/useSize";
import type { ViewProps } from "../view";
import type { Traced } from "./choose";
import { nodesOf } from "./nodes";
import { PathsDiagram } from "./PathsDiagram";
import { pathsWant } from "./pathsWant";
import { sceneOf } from "./sceneOf";
import { TraceBar } from "./TraceBar";
import { noteOf } from "./words";

/** Tokens by layers, and the ways by which content comes from the inputs to one of them. */
export function TraceView(props: ViewProps) {
  const { about, selection, source, report, actions } = props;
  const { coverage, method } = selection;
  const scheme = props.scheme.value;
  const root = useRef<HTMLDivElement>(null);
  const width = useWidth(root);
  const [hidesFaint, setHidesFaint] = useState(false);
  const wanted = pathsWant(about, selection, nodesOf(about, selection.stream));
  const framed = useFrame(source, wanted, report);

  // Of what goes through one node, the nodes that it could go through instead are drawn as well.
  useOnScreen(source, framed ? [{ ...framed.want, via: null }] : []);

  const scene = useMemo(() => {
    if (!framed || width === 0) return null;
    return sceneOf(framed.frame, framed.want, about, { width, coverage, hidesFaint, scheme });
  }, [framed, about, width, coverage, hidesFaint, scheme]);
  const traced = useMemo<Traced | null>(() => {
    if (!scene || !framed) return null;
    const every = source.peek({ ...framed.want, via: null }) ?? framed.frame;
    const via = framed.want.via && scene.via;
    return { node: scene.traced, via, isFlow: scene.method.is_flow, every };
  }, [scene, framed, source]);

  return (
    <div class="aw-trace" ref={root}>
      {framed && scene && traced && (
        <>
          <TraceBar
            {...{ scene, coverage, hidesFaint, actions }}
            selected={methodOf(about, method)}
            canRelease={traced.via !== null}
            fusion={framed.want.fusion}
            onHideFaint={setHidesFaint}
          />
          <PathsDiagram
            {...{ scene, traced, actions }}
            onBusy={() => framed.current && report("busy")}
            onDrawn={() => {
              const hidden = framed.frame.nodes - scene.layout.shown.length;
              if (!framed.current) return;
              report("ready", noteOf(scene, coverage, hidden));
            }}
          />
        </>
      )}
    </div>
  );
}
