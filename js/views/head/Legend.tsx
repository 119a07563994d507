import { formatNumber } from "../../draw/format";

/** Says what the thickness of a line means, by the name of what it shows, and names the directions of the columns. */
export function Legend({ name, top }: { name: string; top: number }) {
  return (
    <div class="aw-head-header">
      <span class="aw-head-from">from (query)</span>
      <span class="aw-head-to">to (key)</span>
      <span class="aw-head-scale">
        <span>{name} 0</span>
        <svg width="56" height="8" viewBox="0 0 56 8" aria-hidden="true">
          <path d="M0 3.7 L56 1.6 L56 6.4 L0 4.3 Z" fill="currentColor" />
        </svg>
        <span>{formatNumber(top)}</span>
      </span>
    </div>
  );
}
