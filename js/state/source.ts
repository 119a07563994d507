import type { RowsFrame } from "../frame/rows";
import type { NeuronFrame } from "../frame/neuron";
import type { SummaryFrame } from "../frame/summary";
import type { ThumbnailsFrame } from "../frame/thumbnails";
import type { NeuronWant, RowsWant, SummaryWant, ThumbnailsWant } from "../frame/want";

/** Answers "the frame for this want", from the cache, the kernel, or (in an export) the page itself. */
export interface FrameSource {
  /** The frame if it is at hand, without waiting. */
  peek(want: RowsWant): RowsFrame | undefined;
  peek(want: SummaryWant): SummaryFrame | undefined;
  peek(want: ThumbnailsWant): ThumbnailsFrame | undefined;
  peek(want: NeuronWant): NeuronFrame | undefined;
  get(want: RowsWant, signal: AbortSignal): Promise<RowsFrame>;
  get(want: SummaryWant, signal: AbortSignal): Promise<SummaryFrame>;
  get(want: ThumbnailsWant, signal: AbortSignal): Promise<ThumbnailsFrame>;
  get(want: NeuronWant, signal: AbortSignal): Promise<NeuronFrame>;
}
