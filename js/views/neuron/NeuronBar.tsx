import { Switch } from "../common/Switch";
import type { SortBy } from "./order";

const SORTS = [
  ["position", "By position"],
  ["weight", "By weight"],
] as const;

interface NeuronBarProps {
  /** The model's own number of the layer. */
  number: number;
  head: number;
  heads: number;
  query: number;
  queryText: string;
  isExpanded: boolean;
  sortBy: SortBy;
  onHead(head: number): void;
  onExpand(isExpanded: boolean): void;
  onSort(by: SortBy): void;
}

/** The layer, head and query in words, and the controls of this view. */
export function NeuronBar(props: NeuronBarProps) {
  const { number, head, heads, query, queryText, isExpanded, sortBy } = props;
  return (
    <div class="aw-neuron-bar">
      <label>
        Head{" "}
        <select value={head} onChange={(event) => props.onHead(Number(event.currentTarget.value))}>
          {Array.from({ length: heads }, (_, index) => (
            <option key={index} value={index}>
              {index}
            </option>
          ))}
        </select>
      </label>
      <span class="aw-neuron-caption">
        in layer {number}, from <b>{queryText}</b> (query {query})
      </span>
      <Switch label="Order of the keys" options={SORTS} value={sortBy} onChange={props.onSort} />
      <button
        type="button"
        class="aw-neuron-expand"
        aria-expanded={isExpanded}
        onClick={() => props.onExpand(!isExpanded)}
      >
        {isExpanded ? "Hide vectors" : "Show vectors"}
      </button>
    </div>
  );
}
