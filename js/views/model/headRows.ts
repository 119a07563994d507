import { formatNumber, formatPercent, formatSigned } from "../../draw/format";
import type { SummaryFrame } from "../../frame/summary";
import type { HeadRef } from "./headRef";

/** A figure of heads: one column of the table. */
export interface Column {
  title: string;
  help: string;
  format(value: number): string;
  /** The figures of a layer's heads; undefined until they have come. */
  of(layer: number): ArrayLike<number> | undefined;
}

export interface Sources {
  layers: { summary: SummaryFrame | undefined }[];
  /** (layers, heads); null where it was not given. */
  importance: number[][] | null;
  /** Null where they cannot be known. */
  effects: ((layer: number) => number[] | undefined) | null;
  exact: ((layer: number) => number[] | undefined) | null;
}

/** The figures of attention that a table has, and what the heads do where that is known. */
export function columnsOf({ layers, importance, effects, exact }: Sources): Column[] {
  const figure = (
    name: "entropy" | "effective" | "distance" | "first" | "diagonal" | "previous",
    title: string,
    format: Column["format"],
    help: string,
  ): Column => ({ title, format, help, of: (layer) => layers[layer]?.summary?.[name] });
  const columns = [
    figure("entropy", "entropy", formatNumber, "of its rows, divided by the largest possible"),
    figure("effective", "tokens", formatNumber, "that an even row of this entropy would have"),
    figure("distance", "distance", formatNumber, "to what it attends to, in tokens"),
    figure("first", "first", formatPercent, "share of attention on the first token"),
    figure("diagonal", "itself", formatPercent, "share of attention on the token itself"),
    figure("previous", "before", formatPercent, "share of attention on the token before"),
  ].filter((column) => !isUndefined(column, layers));
  if (importance) {
    const help = "of the head, as it was given";
    columns.push({ title: "importance", help, format: formatNumber, of: (at) => importance[at] });
  }
  const change = "change of the target without the head";
  if (effects) {
    const help = `${change}, estimated to first order`;
    columns.push({ title: "effect", help, format: formatSigned, of: effects });
  }
  if (exact) {
    const help = `${change}, by a run without it`;
    columns.push({ title: "exact effect", help, format: formatSigned, of: exact });
  }
  return columns;
}

/** True where figures have come and this one is not among them or not defined. */
function isUndefined({ of }: Column, layers: Sources["layers"]): boolean {
  const known = layers.flatMap(({ summary }, layer) => (summary ? [of(layer)] : []));
  if (known.length === 0) return false;
  return known.every((values) => !values || Array.from(values).every(Number.isNaN));
}

/** The order of the rows: by a column or, for null, by layer and head. */
export interface SortBy {
  column: string | null;
  descending: boolean;
}

/** The order that a click on a column's title asks for. */
export function nextSort(last: SortBy, column: string | null): SortBy {
  if (last.column === column) return { column, descending: !last.descending };
  return { column, descending: column !== null };
}

/** All heads in order; those whose figure is not known come last. */
export function sortedHeads(
  layers: number,
  heads: number,
  columns: Column[],
  { column, descending }: SortBy,
): HeadRef[] {
  const rows = Array.from({ length: layers * heads }, (_, at) => ({
    layer: Math.floor(at / heads),
    head: at % heads,
  }));
  if (column === null) return descending ? rows.reverse() : rows;
  const figures = columns.find(({ title }) => title === column);
  const figureOf = ({ layer, head }: HeadRef) => figures?.of(layer)?.[head] ?? Number.NaN;
  const sign = descending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: figureOf(row) }))
    .sort((a, b) => {
      if (Number.isNaN(a.value) || Number.isNaN(b.value)) {
        return Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value));
      }
      return sign * (a.value - b.value);
    })
    .map(({ row }) => row);
}
