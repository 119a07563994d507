import { BAR, type Layout } from "./layout";
import { nodeColor } from "./paint";
import type { Scene } from "./scene";
import type { NodeWindow } from "./useSight";
import { amount } from "./words";

/** A number over a bar needs this much room. */
const NUMBER_FROM = 44;
const NUMBER_HEIGHT = 15;

interface Props extends Pick<Scene, "frame" | "method"> {
  layout: Layout;
  window: NodeWindow;
  scheme: Scene["scheme"];
}

/** The amount that arrives at each input, as a bar. */
export function Bars({ frame, method, layout, window, scheme }: Props) {
  const { arriving } = frame;
  const top = arriving.reduce((most, share) => Math.max(most, share), 0);
  const hasNumbers = layout.pitch >= NUMBER_FROM;
  const room = BAR - (hasNumbers ? NUMBER_HEIGHT : 2);
  const width = Math.min(26, Math.max(6, layout.pitch * 0.5));
  const color = nodeColor(0.5, { scheme });
  return (
    <div class="aw-trace-bars" style={{ height: `${BAR}px` }} aria-hidden="true">
      {layout.shown.slice(window.first, window.end).map((index, at) => {
        const share = arriving[index] ?? 0;
        const height = top > 0 ? (share / top) * room : 0;
        const center = layout.centers[window.first + at] as number;
        return (
          <div key={index} style={{ left: `${center}px` }}>
            {hasNumbers && share > 0 && <span>{amount({ frame, method }, share)}</span>}
            <i
              style={{
                width: `${width}px`,
                marginLeft: `${-width / 2}px`,
                height: `${height}px`,
                background: color,
              }}
            />
          </div>
        );
      })}
    </div>
  );
}
