interface Props {
  layer: number;
  count: number;
  onChange: (layer: number) => void;
}

/** Which layer, counted from 0, with arrows to its neighbours. */
export function LayerStepper({ layer, count, onChange }: Props) {
  return (
    <div class="aw-field aw-stepper">
      <span>Layer</span>
      <button
        type="button"
        aria-label="Previous layer"
        disabled={layer === 0}
        onClick={() => onChange(layer - 1)}
      >
        ‹
      </button>
      <select
        name="layer"
        aria-label="Layer"
        value={layer}
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
        disabled={layer === count - 1}
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
