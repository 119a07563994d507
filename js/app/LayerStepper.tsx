interface Props {
  layer: number;
  count: number;
  /** Why there is no layer to choose. */
  lack?: string | undefined;
  onChange: (layer: number) => void;
}

/** Which layer, counted from 0, with arrows to its neighbours. */
export function LayerStepper({ layer, count, lack, onChange }: Props) {
  return (
    <div class="aw-field aw-stepper" title={lack}>
      <span>Layer</span>
      <button
        type="button"
        aria-label="Previous layer"
        disabled={lack !== undefined || layer === 0}
        onClick={() => onChange(layer - 1)}
      >
        ‹
      </button>
      <select
        name="layer"
        aria-label="Layer"
        value={layer}
        disabled={lack !== undefined}
        onChange={(event) => onChange(Number(event.currentTarget.value))}
      >
        {Array.from({ length: count }, (_, index) => (
          <option key={index} value={index}>
            {index}
          </option>
        ))}
      </select>
      <button
        type="button"
        aria-label="Next layer"
        disabled={lack !== undefined || layer === count - 1}
        onClick={() => onChange(layer + 1)}
      >
        ›
      </button>
      <span class="aw-faint" title="Layers are counted from 0">
        of {count}
      </span>
    </div>
  );
}
