/** The columns of tokens, in CSS pixels. */
export interface Columns {
  /** Room of one token. */
  pitch: number;
  /** Labels do not fit beside each other: they are written aslant. */
  aslant: boolean;
  /** Widest that a label is written. */
  labelRoom: number;
  labelHeight: number;
  /** Room of the outermost labels beyond that of their tokens. */
  margin: number;
}

const LINE = 24;
const WIDEST_LABEL = 88;
const CHARACTER = 7.4;
const PADDING = 8;
/** As in trace.css. */
const LEAN = (55 * Math.PI) / 180;
const LEAST = { aslant: 20, upright: 25 } as const;
const MOST = 176;
/** Labels that need no more room than this are never written aslant. */
const NARROW = 32;

/** Finds room for labels in a width: beside each other, else aslant, else wider than there is room. */
export function arrangeColumns(texts: string[], room: number): Columns {
  const widths = texts.map((text) => Math.min(WIDEST_LABEL, text.length * CHARACTER + PADDING));
  const needs = widths.map((own, i) => (own + (widths[i + 1] ?? widths[i - 1] ?? own)) / 2);
  const overhang = Math.max(0, (Math.max(widths[0] ?? 0, widths.at(-1) ?? 0) - LEAST.upright) / 2);
  const widest = Math.max(LEAST.upright, ...needs);
  if (widest * texts.length + 2 * overhang <= room) {
    const pitch = Math.min(MOST, Math.max(widest, (room - 2 * overhang) / texts.length));
    const labelRoom = WIDEST_LABEL;
    return { pitch, aslant: false, labelRoom, labelHeight: LINE, margin: overhang };
  }
  // Of single characters the few longer tokens among them may be cut short.
  const usual = Math.max(LEAST.upright, quantile(needs, 0.9));
  if (usual <= NARROW) {
    const pitch = Math.max(usual, (room - 2 * overhang) / texts.length);
    const labelRoom = Math.max(pitch, 2 * pitch - quantile(widths, 0.5));
    return { pitch, aslant: false, labelRoom, labelHeight: LINE, margin: overhang };
  }
  const longest = Math.max(...widths);
  const margin = longest * Math.cos(LEAN);
  const pitch = Math.max(LEAST.aslant, (room - 2 * margin) / texts.length);
  const labelHeight = Math.ceil(longest * Math.sin(LEAN)) + 10;
  return { pitch, aslant: true, labelRoom: WIDEST_LABEL, labelHeight, margin };
}

function quantile(values: number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? 0;
}
