import { lackOf, type StreamAbout } from "../state/about";
import { layerNumber } from "../state/layers";

interface Props {
  layer: number;
  stream: StreamAbout;
  /** The reason why there is no layer to choose. */
  lack?: string | undefined;
  onChange: (layer: number) => void;
}

/** The layer, by the model's own number, with arrows to its neighbours. */
export function LayerStepper({ layer, stream, lack, onChange }: Props) {
  const count = stream.layers;
  const [lowest, highest] = [stream.held?.layers[0] ?? 0, stream.held?.layers.at(-1) ?? count - 1];
  return (
    <div class="aw-field aw-stepper" title={lack}>
      <span>Layer</span>
      <button
        type="button"
        aria-label="Previous layer"
        disabled={lack !== undefined || layer <= lowest}
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
        {Array.from({ length: count }, (_, index) => {
          const absent = lackOf(stream, "layers", index);
          return (
            <option
              key={index}
              value={index}
              disabled={absent !== null}
              title={absent ?? undefined}
            >
              {layerNumber(stream, index)}
            </option>
          );
        })}
      </select>
      <button
        type="button"
        aria-label="Next layer"
        disabled={lack !== undefined || layer >= highest}
        onClick={() => onChange(layer + 1)}
      >
        ›
      </button>
      <span
        class="aw-faint"
        title={
          stream.layer_numbers
            ? `${count} layers of the model have attention; widget.layer counts them from 0`
            : "Layers are counted from 0"
        }
      >
        {stream.layer_numbers ? `${count} with attention` : `of ${count}`}
      </span>
    </div>
  );
}
